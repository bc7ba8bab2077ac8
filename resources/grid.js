// A grid of any number of rows, of which only those in sight stand in the document. It shows, selects, filters, copies and
// moves by keyboard as a spreadsheet does; what rows are and how they change is its owner's.
window.telecontrol = Object.assign(window.telecontrol ?? {}, {
  /** Height of a row in pixels; telecontrol.css says the same. */
  gridRowHeight: 28,

  /**
   * @template {object} R
   * @param {HTMLElement} container
   * @param {GridOptions<R>} options
   * @returns {Grid<R>}
   */
  grid(container, options) {
    const { element, gridRowHeight: height } = telecontrol;
    const id = `telecontrol-grid-${Math.random().toString(36).slice(2)}`;
    /** @type {GridColumn[]} */
    let columns = options.columns;
    /** @type {readonly R[]} */
    let rows = [];
    /** Places in `rows` that the filter lets through. @type {number[]} */
    let view = [];
    /** The active cell, and the other corner of what is selected. Rows are places in `view`. */
    let at = { row: 0, column: 0 };
    let corner = { row: 0, column: 0 };
    /** @type {Map<string, string>} */
    const masks = new Map();
    /** @type {HTMLInputElement | HTMLSelectElement | undefined} */
    let editor;
    let drawn = { first: -1, last: -1 };

    const head = element('div', { role: 'row', class: 'telecontrol-grid-head', 'aria-rowindex': '1' });
    const body = element('div', { role: 'rowgroup', class: 'telecontrol-grid-body' });
    const bubble = element('div', { class: 'telecontrol-bubble', role: 'status', hidden: '' });
    const empty = element('div', { class: 'telecontrol-grid-empty' });
    const grid = element('div', {
      class: 'telecontrol-cells',
      role: 'grid',
      tabindex: '0',
      'aria-label': options.label,
      'aria-multiselectable': 'true',
      ...(options.isReadOnly ? { 'aria-readonly': 'true' } : {}),
    });
    grid.append(element('div', { role: 'rowgroup', class: 'telecontrol-grid-top' }, head), body, empty);
    container.append(grid);

    const clamp = (/** @type {number} */ value, /** @type {number} */ most) => Math.max(0, Math.min(value, most));
    const span = () => ({
      top: Math.min(at.row, corner.row),
      bottom: Math.min(Math.max(at.row, corner.row), view.length - 1),
      left: Math.min(at.column, corner.column),
      right: Math.max(at.column, corner.column),
    });
    const rowAt = (/** @type {number} */ place) => rows[/** @type {number} */ (view[place])];
    const fieldAt = (/** @type {number} */ column) => /** @type {GridColumn} */ (columns[column]).field;

    // Drawing

    const drawHead = () => {
      const tracks = columns.map(({ width, grow }) => (grow ? `minmax(${width}px, ${grow}fr)` : `${width}px`));
      grid.style.setProperty('--telecontrol-columns', `48px ${tracks.join(' ')}`);
      const least = columns.reduce((sum, { width }) => sum + width, 48);
      grid.style.setProperty('--telecontrol-width', `${least}px`);
      grid.setAttribute('aria-colcount', String(columns.length + 1));
      const corner = element('div', { role: 'columnheader', class: 'telecontrol-grid-number', 'aria-colindex': '1' });
      const button = element('button', { type: 'button', title: telecontrol.text('table.all'), tabindex: '-1' }, '#');
      button.addEventListener('click', () => selectAll());
      corner.append(button);
      const titles = columns.map(({ field, title, hint }, index) => {
        const cell = element('div', {
          role: 'columnheader',
          'aria-colindex': String(index + 2),
          'data-field': field,
          title: hint ?? title,
        });
        const filter = element('input', {
          type: 'text',
          'aria-label': telecontrol.text('table.filterOf', { column: title }),
          placeholder: '*',
          spellcheck: 'false',
          autocomplete: 'off',
          title: telecontrol.text('table.filterHint'),
        });
        filter.value = masks.get(field) ?? '';
        filter.addEventListener('input', () => {
          masks.set(field, filter.value);
          filtered();
        });
        filter.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
          if (event.key === 'ArrowDown' || event.key === 'Enter') {
            event.preventDefault();
            grid.focus();
          }
        });
        cell.append(element('span', {}, title), filter);
        return cell;
      });
      head.replaceChildren(corner, ...titles);
    };

    const drawRow = (/** @type {number} */ place) => {
      const row = /** @type {R} */ (rowAt(place));
      const problem = options.problem?.(/** @type {number} */ (view[place]));
      const line = element('div', {
        role: 'row',
        class: `telecontrol-grid-row${place % 2 === 1 ? ' odd' : ''}${problem ? ' wrong' : ''}`,
        'aria-rowindex': String(place + 2),
      });
      line.style.top = `${place * height}px`;
      const number = options.number?.(row) ?? String(/** @type {number} */ (view[place]) + 1);
      line.append(
        element('div', { role: 'rowheader', class: 'telecontrol-grid-number', 'aria-colindex': '1' }, number),
      );
      columns.forEach(({ field, look }, index) => {
        const cell = element('div', {
          role: 'gridcell',
          id: `${id}-${place}-${index}`,
          'aria-colindex': String(index + 2),
          'data-field': field,
          class: look ?? '',
        });
        if (options.isReadOnly !== true) cell.setAttribute('aria-readonly', 'false');
        if (options.show) options.show(cell, row, field);
        else cell.textContent = options.text(row, field);
        if (problem?.field === field) {
          cell.classList.add('input-error');
          cell.setAttribute('aria-invalid', 'true');
          cell.title = problem.message;
        }
        line.append(cell);
      });
      return line;
    };

    /** What is wrong in the active row stands under the cell that is. */
    const drawBubble = () => {
      const place = view[at.row];
      const problem = place === undefined ? undefined : options.problem?.(place);
      const column = problem ? columns.findIndex(({ field }) => field === problem.field) : -1;
      const cell = document.getElementById(`${id}-${at.row}-${Math.max(column, 0)}`);
      bubble.hidden = !problem || !cell;
      if (!problem || !cell) return;
      if (bubble.textContent !== problem.message) bubble.textContent = problem.message;
      bubble.style.top = `${(at.row + 1) * height}px`;
      bubble.style.left = `${cell.offsetLeft}px`;
    };

    /**
     * Shows what is selected. The rows stay the same elements: one that is replaced between press and release is not clicked.
     */
    const mark = () => {
      const chosen = span();
      for (const line of body.querySelectorAll('.telecontrol-grid-row')) {
        const place = Number(line.getAttribute('aria-rowindex')) - 2;
        const isChosen = place >= chosen.top && place <= chosen.bottom;
        line.setAttribute('aria-selected', String(isChosen));
        for (const [index, cell] of [...line.children].slice(1).entries()) {
          const isSelected = isChosen && index >= chosen.left && index <= chosen.right;
          cell.classList.toggle('selected', isSelected);
          cell.classList.toggle('active', place === at.row && index === at.column);
          cell.setAttribute('aria-selected', String(isSelected));
        }
      }
      if (view.length > 0) grid.setAttribute('aria-activedescendant', `${id}-${at.row}-${at.column}`);
      else grid.removeAttribute('aria-activedescendant');
      drawBubble();
    };

    const draw = (isForced = true) => {
      const room = grid.clientHeight || 400;
      const first = clamp(Math.floor(grid.scrollTop / height) - 4, view.length);
      const last = clamp(first + Math.ceil(room / height) + 8, view.length);
      const isThere = at.row >= view.length || document.getElementById(`${id}-${at.row}-0`) !== null;
      if (!isForced && isThere && first === drawn.first && last === drawn.last) return mark();
      drawn = { first, last };
      const lines = [];
      for (let place = first; place < last; place++) lines.push(drawRow(place));
      // What the focus is on has to be there, wherever the mouse wheel went.
      if (at.row < view.length && (at.row < first || at.row >= last)) lines.push(drawRow(at.row));
      body.style.height = `${view.length * height}px`;
      body.replaceChildren(...lines, bubble, ...(editor ? [editor] : []));
      grid.setAttribute('aria-rowcount', String(view.length + 1));
      empty.textContent = view.length > 0 ? '' : rows.length > 0 ? telecontrol.text('table.noneFound') : options.empty;
      mark();
    };

    const reveal = () => {
      const cell = document.getElementById(`${id}-${at.row}-${at.column}`);
      const top = at.row * height;
      const room = grid.clientHeight - head.offsetHeight;
      if (top < grid.scrollTop) grid.scrollTop = top;
      else if (top + height > grid.scrollTop + room) grid.scrollTop = top + height - room;
      if (!cell || options.frozen?.includes(fieldAt(at.column))) return;
      const frozen = [...(body.querySelector('.telecontrol-grid-row')?.children ?? [])]
        .filter((other) => getComputedStyle(other).position === 'sticky')
        .reduce((sum, other) => sum + /** @type {HTMLElement} */ (other).offsetWidth, 0);
      if (cell.offsetLeft - frozen < grid.scrollLeft) grid.scrollLeft = cell.offsetLeft - frozen;
      else if (cell.offsetLeft + cell.offsetWidth > grid.scrollLeft + grid.clientWidth)
        grid.scrollLeft = cell.offsetLeft + cell.offsetWidth - grid.clientWidth;
    };

    // Filter and rows

    const isShown = (/** @type {[string, (text: string) => boolean][]} */ tests, /** @type {R} */ row) =>
      tests.every(([field, test]) => test((options.filterText ?? options.text)(row, field)));
    const filter = () => {
      const tests = [...masks]
        .filter(([field, mask]) => mask.trim() !== '' && columns.some((column) => column.field === field))
        .map(([field, mask]) => /** @type {[string, (text: string) => boolean]} */ ([field, telecontrol.mask(mask)]));
      view = [];
      for (const [place, row] of rows.entries()) if (isShown(tests, row)) view.push(place);
    };
    const filtered = () => {
      close(true);
      filter();
      at.row = corner.row = 0;
      grid.scrollTop = 0;
      draw();
      options.selected?.();
    };

    // Selection

    const go = (/** @type {number} */ row, /** @type {number} */ column, isExtending = false) => {
      at = { row: clamp(row, view.length - 1), column: clamp(column, columns.length - 1) };
      if (!isExtending) corner = { ...at };
      draw(false);
      reveal();
      // Scrolling may have moved what has to be drawn.
      draw(false);
      options.selected?.();
    };
    const selectAll = () => {
      corner = { row: 0, column: 0 };
      at = { row: Math.max(0, view.length - 1), column: columns.length - 1 };
      draw(false);
      options.selected?.();
    };
    const selectRows = () => {
      corner.column = 0;
      at.column = columns.length - 1;
      draw(false);
      options.selected?.();
    };

    // Editing

    /** Ends editing. @param {boolean} isTaken */
    const close = (isTaken, everyRow = false) => {
      const input = editor;
      if (!input) return;
      editor = undefined;
      const place = Number(input.dataset.place);
      const field = String(input.dataset.field);
      const { value } = input;
      const hadFocus = document.activeElement === input;
      input.remove();
      if (hadFocus) grid.focus({ preventScroll: true });
      if (isTaken && (everyRow || value !== input.dataset.before))
        options.commit?.(everyRow ? selectedPlaces() : [place], field, value);
      else draw();
    };

    /** Opens the active cell. @param {string} [typed] what is to stand there instead */
    const edit = (typed) => {
      const row = rowAt(at.row);
      if (row === undefined) return;
      reveal();
      draw(false);
      const field = fieldAt(at.column);
      const cell = document.getElementById(`${id}-${at.row}-${at.column}`);
      const input = options.editor?.(row, field);
      if (!input || !cell) return options.activate?.(row);
      input.dataset.place = String(view[at.row]);
      input.dataset.field = field;
      input.dataset.before = input.value;
      input.classList.add('telecontrol-grid-editor');
      input.setAttribute('aria-label', columns[at.column]?.title ?? field);
      input.style.top = `${at.row * height}px`;
      input.style.left = `${cell.offsetLeft}px`;
      input.style.width = `${Math.max(cell.offsetWidth, input instanceof HTMLSelectElement ? 260 : 0)}px`;
      if (typed !== undefined && input instanceof HTMLInputElement) input.value = typed;
      editor = input;
      body.append(input);
      input.focus({ preventScroll: true });
      if (input instanceof HTMLInputElement && typed === undefined) input.select();
      input.addEventListener('blur', () => {
        if (editor === input) close(true);
      });
      input.addEventListener('keydown', /** @type {EventListener} */ (editorKey));
    };

    const editorKey = (/** @type {KeyboardEvent} */ event) => {
      const { key, shiftKey, ctrlKey, metaKey } = event;
      // None of the editor's own shortcuts while something is typed here.
      event.stopPropagation();
      if (!['Enter', 'Tab', 'Escape'].includes(key)) return;
      event.preventDefault();
      if (key === 'Escape') return close(false);
      close(true, key === 'Enter' && (ctrlKey || metaKey));
      if (key === 'Tab') {
        go(at.row, at.column + (shiftKey ? -1 : 1));
        edit();
      } else if (!ctrlKey && !metaKey) {
        if (!shiftKey && at.row === view.length - 1 && options.append) options.append(fieldAt(at.column));
        else go(at.row + (shiftKey ? -1 : 1), at.column);
      }
    };

    // Keyboard

    const page = () => Math.max(1, Math.floor((grid.clientHeight - head.offsetHeight) / height) - 1);
    /** @type {Record<string, (event: KeyboardEvent) => void>} */
    const moves = {
      ArrowUp: (event) => go(event.ctrlKey ? 0 : at.row - 1, at.column, event.shiftKey),
      ArrowDown: (event) => go(event.ctrlKey ? view.length - 1 : at.row + 1, at.column, event.shiftKey),
      ArrowLeft: (event) => go(at.row, event.ctrlKey ? 0 : at.column - 1, event.shiftKey),
      ArrowRight: (event) => go(at.row, event.ctrlKey ? columns.length - 1 : at.column + 1, event.shiftKey),
      PageUp: (event) => go(at.row - page(), at.column, event.shiftKey),
      PageDown: (event) => go(at.row + page(), at.column, event.shiftKey),
      Home: (event) => go(event.ctrlKey ? 0 : at.row, 0, event.shiftKey),
      End: (event) => go(event.ctrlKey ? view.length - 1 : at.row, columns.length - 1, event.shiftKey),
      Enter: () => edit(),
      F2: () => edit(),
    };
    grid.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      if (event.target !== grid) return;
      const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
      const isCommand = ctrlKey || metaKey;
      const move = altKey ? undefined : moves[key];
      if (move) move(event);
      else if (isCommand && key.toLowerCase() === 'a') selectAll();
      else if (key === ' ' && shiftKey) selectRows();
      else if (options.key?.(event)) {
        // It was the owner's.
      } else if (key.length === 1 && !isCommand && !altKey && options.editor) {
        edit(key);
        // A list takes the letter itself, to look for it.
        if (editor instanceof HTMLSelectElement) return event.stopPropagation();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });

    // Clipboard

    const selectedPlaces = () => {
      const { top, bottom } = span();
      return view.slice(top, bottom + 1);
    };
    const copied = () => {
      const { left, right } = span();
      const fields = columns.slice(left, right + 1).map(({ field }) => field);
      const lines = selectedPlaces().map((place) =>
        fields.map((field) => telecontrol.quoted(options.text(/** @type {R} */ (rows[place]), field), '\t')).join('\t'),
      );
      return lines.join('\n');
    };
    grid.addEventListener('copy', (/** @type {ClipboardEvent} */ event) => {
      if (event.target !== grid) return;
      event.clipboardData?.setData('text/plain', copied());
      event.preventDefault();
    });
    grid.addEventListener('cut', (/** @type {ClipboardEvent} */ event) => {
      if (event.target !== grid || !options.erase) return;
      event.clipboardData?.setData('text/plain', copied());
      event.preventDefault();
      options.erase();
    });
    grid.addEventListener('paste', (/** @type {ClipboardEvent} */ event) => {
      if (event.target !== grid || !options.paste) return;
      event.preventDefault();
      options.paste(event.clipboardData?.getData('text/plain') ?? '');
    });

    // Mouse

    // By place: what was pressed on may have been drawn anew before it is let go.
    const cellOf = (/** @type {MouseEvent} */ event) => {
      const target = document.elementFromPoint(event.clientX, event.clientY);
      const line = target?.closest('.telecontrol-grid-row');
      if (!target || !line || !body.contains(line)) return undefined;
      const row = Number(line.getAttribute('aria-rowindex')) - 2;
      const column = Number(target.closest('[aria-colindex]')?.getAttribute('aria-colindex') ?? 1) - 2;
      return { row, column };
    };
    let isDragging = false;
    body.addEventListener('mousedown', (/** @type {MouseEvent} */ event) => {
      const cell = cellOf(event);
      if (!cell || event.button !== 0) return;
      event.preventDefault();
      close(true);
      grid.focus({ preventScroll: true });
      isDragging = true;
      if (cell.column >= 0) go(cell.row, cell.column, event.shiftKey);
      else {
        go(cell.row, columns.length - 1, event.shiftKey);
        selectRows();
      }
    });
    body.addEventListener('mousemove', (/** @type {MouseEvent} */ event) => {
      if (isDragging && event.buttons !== 1) isDragging = false;
      const cell = isDragging ? cellOf(event) : undefined;
      if (cell && (cell.row !== at.row || (cell.column >= 0 && cell.column !== at.column)))
        go(cell.row, cell.column >= 0 ? cell.column : at.column, true);
    });
    body.addEventListener('mouseup', () => {
      isDragging = false;
    });
    body.addEventListener('dblclick', (/** @type {MouseEvent} */ event) => {
      const cell = cellOf(event);
      if (cell && cell.column >= 0) edit();
      else if (cell && options.isReadOnly) options.activate?.(/** @type {R} */ (rowAt(cell.row)));
    });
    grid.addEventListener('scroll', () => draw(false));
    new ResizeObserver(() => draw()).observe(grid);

    drawHead();
    return {
      element: grid,
      setRows(next, isKept = false) {
        const row = rowAt(at.row);
        const key = row === undefined ? undefined : options.identity?.(row);
        const length = rows.length;
        rows = next;
        // While a row is being changed it stays in sight, although the filter may not let it through any more.
        if (!isKept || next.length < length) filter();
        else for (let place = length; place < next.length; place++) view.push(place);
        const found =
          key === undefined
            ? -1
            : view.findIndex((place) => options.identity?.(/** @type {R} */ (rows[place])) === key);
        if (found >= 0) {
          corner.row += found - at.row;
          at.row = found;
        }
        at.row = clamp(at.row, view.length - 1);
        corner.row = clamp(corner.row, view.length - 1);
        draw();
        options.selected?.();
      },
      setColumns(next) {
        close(true);
        const { left, right } = span();
        const isWhole = left === 0 && right === columns.length - 1;
        const { field } = columns[at.column] ?? {};
        columns = next;
        const column = Math.max(
          0,
          columns.findIndex((known) => known.field === field),
        );
        at.column = isWhole ? columns.length - 1 : column;
        corner.column = isWhole ? 0 : column;
        drawHead();
        filter();
        draw();
      },
      selection() {
        const { left, right } = span();
        const isWhole = left === 0 && right === columns.length - 1;
        return { places: selectedPlaces(), fields: columns.slice(left, right + 1).map(({ field }) => field), isWhole };
      },
      get active() {
        return { place: view[at.row], field: fieldAt(at.column), row: rowAt(at.row) };
      },
      go(place, field) {
        let row = view.indexOf(place);
        // What the filter hides cannot be shown otherwise.
        if (row < 0) {
          masks.clear();
          drawHead();
          filter();
          row = view.indexOf(place);
        }
        go(
          row,
          columns.findIndex((column) => column.field === field),
        );
        grid.focus({ preventScroll: true });
      },
      edit,
      close: () => close(true),
      redraw: () => draw(),
      placesFrom(place) {
        return view.slice(Math.max(0, view.indexOf(place ?? -1)));
      },
      get shown() {
        return view.length;
      },
    };
  },
});
