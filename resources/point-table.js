// The point table of a station's dialog, of server and client stations alike: the grid, what can be done with its rows, and
// what is wrong with them. Rows are never changed but replaced, so that every step can be undone.
window.telecontrol = Object.assign(window.telecontrol ?? {}, {
  /** Steps that can be undone. */
  undoSteps: 50,

  /** @type {{ field: PointField, width: number, grow?: number, look?: string, isMore?: boolean }[]} */
  pointColumns: [
    { field: 'ioa', width: 92, look: 'number' },
    { field: 'tag', width: 150, grow: 1 },
    { field: 'type', width: 250, grow: 1.2 },
    { field: 'direction', width: 96, isMore: true },
    { field: 'groups', width: 80, isMore: true },
    { field: 'counterGroup', width: 84, isMore: true, look: 'number' },
    { field: 'period', width: 76, isMore: true, look: 'number' },
    { field: 'deadband', width: 84, isMore: true, look: 'number' },
    { field: 'sbo', width: 60, isMore: true, look: 'centre' },
    { field: 'feedback', width: 92, isMore: true, look: 'number' },
  ],

  /**
   * @param {HTMLElement} container
   * @param {unknown} points the saved property
   * @param {string} kind `server` or `client`
   * @param {EditorNode} [station] whose dialog it is: then addresses can be browsed, and a file has a name
   */
  pointTable(container, points, kind = 'server', station) {
    const { element, button, pointColumns, typeOf } = telecontrol;
    // The catalogue is asked once for each text, not once for each cell.
    /** @type {Map<string, string>} */
    const texts = new Map();
    const text = (/** @type {string} */ key) => {
      const known = texts.get(key) ?? telecontrol.text(key);
      texts.set(key, known);
      return known;
    };
    const typeText = (/** @type {string} */ label) => {
      const type = typeOf(label);
      return type ? `${label} (${type.id}) ${text(`type.${label}`)}` : label;
    };
    /** @type {PointRow[]} */
    let rows = (Array.isArray(points) ? points : []).map(telecontrol.toRow);
    // Whether a server station is balanced is said in the same dialog.
    const balanced = /** @type {HTMLInputElement | null} */ (document.getElementById('node-config-input-balanced'));
    const roleNow = () => (kind === 'server' ? telecontrol.serverRole(balanced?.checked) : kind);
    let role = roleNow();
    /** @type {(Problem | undefined)[]} */
    let problems = telecontrol.checkPoints(rows, role);
    /** @type {PointRow[][]} */
    const past = [];
    /** @type {PointRow[][]} */
    const future = [];
    let showsMore = rows.some((row) =>
      pointColumns.some(
        (/** @type {{ field: PointField, isMore?: boolean }} */ column) => column.isMore && row[column.field] !== '',
      ),
    );
    const columns = () =>
      pointColumns
        .filter((/** @type {{ isMore?: boolean }} */ { isMore }) => showsMore || !isMore)
        .map((/** @type {GridColumn} */ column) => ({
          ...column,
          title: text(`column.${column.field}`),
          hint: text(`columnHint.${column.field}`),
        }));

    // What the cells show

    const shownText = (/** @type {PointRow} */ row, /** @type {string} */ field) => {
      const value = row[/** @type {PointField} */ (field)];
      if (field === 'type') return typeText(value);
      if (field === 'direction') return value === 'in' || value === 'out' ? text(`direction.${value}`) : value;
      return value;
    };
    const show = (/** @type {HTMLElement} */ cell, /** @type {PointRow} */ row, /** @type {string} */ field) => {
      if (field === 'sbo' && (row.sbo === 'true' || row.sbo === ''))
        cell.append(
          row.sbo === 'true' ? element('i', { class: 'fa fa-check', role: 'img', 'aria-label': 'true' }) : '',
        );
      else if (field === 'type' && typeOf(row.type)) {
        const meaning = element('span', { class: 'telecontrol-muted' }, text(`type.${row.type}`));
        cell.append(element('span', { class: 'telecontrol-code' }, row.type), ' ', meaning);
        cell.title = typeText(row.type);
      } else cell.textContent = shownText(row, field);
    };

    /** Types by tag kind: those of the original system's Tables 1 and 2. */
    const typeGroups = () => {
      const kinds = { monitor: ['Dout', 'Cout', 'Aout', ''], control: ['Di', 'Qi', 'Ai', 'Ci'] };
      return Object.entries(kinds).flatMap(([direction, names]) =>
        names.map((kind) => {
          // A client's kinds are its own: there only what they are is said.
          const label = `${text(`table.${direction}`)}: ${text(`kind.${kind || 'other'}`)}`;
          const group = element('optgroup', { label: kind && role !== 'client' ? `${label} (${kind})` : label });
          const types = window.telecontrolTypes.filter(
            (type) => type.direction === direction && (kind === '' ? type.tags.length === 0 : type.tags.includes(kind)),
          );
          group.append(...types.map((type) => new Option(typeText(type.label), type.label)));
          return group;
        }),
      );
    };
    const editor = (/** @type {PointField} */ field, /** @type {string} */ value) => {
      if (field !== 'type' && field !== 'direction' && field !== 'sbo') {
        const input = element('input', { type: 'text', spellcheck: 'false', autocomplete: 'off' });
        input.value = value;
        return input;
      }
      const select = element('select');
      if (field === 'type') select.append(...typeGroups());
      else if (field === 'sbo') select.append(new Option(text('sbo.no'), ''), new Option(text('sbo.yes'), 'true'));
      else for (const way of ['', 'out', 'in']) select.append(new Option(text(`direction.${way || 'byType'}`), way));
      // A value from elsewhere (`${NAME}`, or a misspelt type) stays as it is, beside the others.
      if (![...select.options].some((option) => option.value === value)) select.prepend(new Option(value, value));
      select.value = value;
      return select;
    };

    // Changes

    const told = () => {
      const wrong = problems.filter((problem) => problem !== undefined).length;
      const { shown } = grid;
      count.textContent =
        shown === rows.length
          ? telecontrol.text('table.count', { n: rows.length })
          : telecontrol.text('table.countShown', { n: rows.length, shown });
      toNext.textContent = telecontrol.text('table.wrong', { n: wrong });
      toNext.hidden = wrong === 0;
      const chosen = grid.selection().places.length;
      bulk.hidden = chosen < 2;
      remove.disabled = chosen === 0;
      undo.disabled = past.length === 0;
      chosenCount.textContent = telecontrol.text('table.chosen', { n: chosen });
    };
    const update = (/** @type {PointRow[]} */ next, isKept = true) => {
      rows = next;
      problems = telecontrol.checkPoints(rows, role);
      grid.setRows(rows, isKept);
      told();
    };
    const change = (/** @type {PointRow[]} */ next, isKept = true) => {
      past.push(rows);
      if (past.length > telecontrol.undoSteps) past.shift();
      future.length = 0;
      update(next, isKept);
    };
    const back = (/** @type {PointRow[][]} */ from, /** @type {PointRow[][]} */ to) => {
      const step = from.pop();
      if (!step) return;
      to.push(rows);
      update(step, false);
    };
    const reveal = () => {
      if (showsMore) return;
      showsMore = true;
      more.setAttribute('aria-pressed', 'true');
      grid.setColumns(columns());
    };
    const addRow = (/** @type {string} */ field) => {
      change([...rows, telecontrol.nextRow(rows)]);
      grid.go(rows.length - 1, field);
    };
    const removeRows = () => {
      const gone = new Set(grid.selection().places);
      if (gone.size > 0)
        change(
          rows.filter((_, place) => !gone.has(place)),
          false,
        );
      grid.element.focus();
    };
    /** Empties cells; rows that are chosen as a whole go. */
    const erase = () => {
      const { places, fields, isWhole } = grid.selection();
      if (isWhole) return removeRows();
      change(fields.reduce((made, field) => telecontrol.setField(made, places, field, ''), rows));
    };
    const showRow = (/** @type {PointRow} */ wanted) => {
      const key = telecontrol.pointKey(wanted, role);
      grid.go(
        rows.findIndex((row) => telecontrol.pointKey(row, role) === key),
        'ioa',
      );
    };
    /** Takes points over, and shows where they are. */
    const take = (
      /** @type {PointRow[]} */ given,
      /** @type {PointField[]} */ fields,
      /** @type {boolean} */ isReplacing,
    ) => {
      if (fields.some((field) => pointColumns.find((/** @type {GridColumn} */ known) => known.field === field)?.isMore))
        reveal();
      change(isReplacing ? given : telecontrol.mergePoints(rows, given, fields, role), false);
      const [first] = given;
      if (first) showRow(first);
    };
    const openImport = (/** @type {string} */ given) => telecontrol.pointImport(given, role, take);
    const paste = (/** @type {string} */ given) => {
      const read = telecontrol.cellsOf(given, given.includes('\t') ? '\t' : undefined);
      const [first] = read;
      if (!first) return;
      const isBlock = !telecontrol.columnsOf(read).hasHeader && rows.length > 0;
      if (!isBlock && (read.length > 1 || first.cells.length > 1)) return openImport(given);
      const cells = read.map((/** @type {{ cells: string[] }} */ line) => line.cells);
      const { places, fields } = grid.selection();
      if (cells.length === 1 && first.cells.length === 1)
        return change(fields.reduce((made, field) => telecontrol.setField(made, places, field, first.cells[0]), rows));
      const shown = columns().map((/** @type {GridColumn} */ { field }) => field);
      const from = shown.slice(shown.indexOf(fields[0]));
      change(telecontrol.putBlock(rows, grid.placesFrom(places[0]), from, cells));
    };
    const nextWrong = () => {
      const { place = -1 } = grid.active;
      const after = problems.findIndex((problem, index) => index > place && problem !== undefined);
      const index = after >= 0 ? after : problems.findIndex((problem) => problem !== undefined);
      const problem = problems[index];
      if (!problem) return;
      if (pointColumns.find((/** @type {GridColumn} */ { field }) => field === problem.field)?.isMore) reveal();
      grid.go(index, problem.field);
    };
    const save = () => {
      const separator = telecontrol.listSeparator();
      const name = String(station?.name || station?.address || 'station').replace(/[^\p{L}\d._-]+/gu, '-');
      // Spreadsheets know UTF-8 by its mark only.
      telecontrol.saveFile(`points-${name}.csv`, `\uFEFF${telecontrol.writePoints(rows, separator)}`);
    };
    const browse = () =>
      telecontrol.browseItems(rows, (/** @type {{ ioa: number, type?: string }[]} */ items) => {
        // Into the row that is being made; otherwise each becomes a row of its own.
        const { place } = grid.active;
        const made = items.map((item) => telecontrol.toRow(item));
        const [first] = made;
        if (!first) return;
        if (place !== undefined && rows[place]?.ioa === '' && made.length === 1)
          change(
            rows.map((row, index) =>
              index === place ? { ...row, ioa: first.ioa, type: first.type || row.type } : row,
            ),
          );
        else change(telecontrol.mergePoints(rows, made, [], role), false);
        showRow(first);
      });

    // The bars around it

    const add = button('fa-plus', text('table.add'), () => addRow('ioa'));
    const remove = button('fa-trash-o', text('table.remove'), removeRows);
    const undo = button('fa-undo', text('table.undo'), () => back(past, future));
    const more = button('fa-columns', text('table.more'), () => {
      showsMore = !showsMore;
      more.setAttribute('aria-pressed', String(showsMore));
      more.classList.toggle('selected', showsMore);
      grid.setColumns(columns());
    });
    more.setAttribute('aria-pressed', String(showsMore));
    more.classList.toggle('selected', showsMore);
    const files = [
      button('fa-sign-in', text('table.import'), () => openImport('')),
      button('fa-download', text('table.export'), save),
      ...(station ? [button('fa-search', text('browse.button'), browse)] : []),
    ];
    const count = element('span', { role: 'status' });
    const toNext = element('button', { type: 'button', class: 'telecontrol-wrong' });
    toNext.addEventListener('click', nextWrong);

    const chosenCount = element('span');
    const chosenField = element('select', { 'aria-label': text('table.column') });
    for (const { field } of pointColumns) chosenField.append(new Option(text(`column.${field}`), field));
    chosenField.value = 'type';
    const value = element('span', { class: 'telecontrol-bulk-value' });
    const offerValue = () => {
      const field = /** @type {PointField} */ (chosenField.value);
      const input = editor(field, '');
      input.setAttribute('aria-label', text('table.value'));
      input.title = text(field === 'ioa' ? 'table.numbered' : `columnHint.${field}`);
      input.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        event.stopPropagation();
        set();
      });
      value.replaceChildren(input);
    };
    const set = () => {
      const input = /** @type {HTMLInputElement | HTMLSelectElement} */ (value.firstElementChild);
      if (pointColumns.find((/** @type {GridColumn} */ { field }) => field === chosenField.value)?.isMore) reveal();
      change(telecontrol.setField(rows, grid.selection().places, chosenField.value, input.value));
    };
    chosenField.addEventListener('change', offerValue);
    const bulk = element(
      'div',
      { class: 'telecontrol-bar telecontrol-bulk', role: 'group', 'aria-label': text('table.bulk'), hidden: '' },
      chosenCount,
      chosenField,
      value,
      button('fa-check', text('table.set'), set),
    );
    offerValue();

    const above = element('div', { class: 'telecontrol-bar' }, add, remove, undo, ...files, more);
    const below = element('div', { class: 'telecontrol-bar' }, count, toNext);
    const frame = element('div', { class: 'telecontrol-table' }, above);
    container.replaceChildren(frame);

    /** @type {Grid<PointRow>} */
    const grid = telecontrol.grid(frame, {
      label: text('table.points'),
      empty: text('table.empty'),
      columns: columns(),
      text: (/** @type {PointRow} */ row, /** @type {PointField} */ field) => row[field],
      filterText: shownText,
      show,
      problem: (/** @type {number} */ place) => problems[place],
      editor: (/** @type {PointRow} */ row, /** @type {PointField} */ field) => editor(field, row[field]),
      commit: (/** @type {number[]} */ places, /** @type {PointField} */ field, /** @type {string} */ given) =>
        change(telecontrol.setField(rows, places, field, given)),
      append: addRow,
      paste,
      erase,
      selected: () => told(),
      key: (/** @type {KeyboardEvent} */ event) => {
        const isCommand = event.ctrlKey || event.metaKey;
        const key = event.key.toLowerCase();
        if (key === 'delete' || key === 'backspace') erase();
        else if (key === 'insert' && !isCommand && !event.shiftKey) addRow('ioa');
        else if (isCommand && (key === 'y' || (key === 'z' && event.shiftKey))) back(future, past);
        else if (isCommand && key === 'z') back(past, future);
        else if (isCommand && key === 'd') {
          const { places, fields } = grid.selection();
          const [first] = places;
          const from = first === undefined ? undefined : rows[first];
          if (from)
            change(
              fields.reduce(
                (made, field) => telecontrol.setField(made, places, field, from[/** @type {PointField} */ (field)]),
                rows,
              ),
            );
        } else if (key === ' ' && grid.active.field === 'sbo') {
          const { places } = grid.selection();
          change(telecontrol.setField(rows, places, 'sbo', grid.active.row?.sbo === 'true' ? '' : 'true'));
        } else return false;
        return true;
      },
      frozen: ['ioa'],
    });
    frame.append(below, bulk, element('div', { class: 'telecontrol-note' }, text('table.keys')));
    grid.setRows(rows);
    told();
    balanced?.addEventListener('change', () => {
      role = roleNow();
      update(rows);
    });

    return {
      /** The property to save. A property that is one `${NAME}` stays so until rows are added. */
      points() {
        grid.close();
        return rows.length === 0 && telecontrol.isEnvironment(points) ? points : rows.map(telecontrol.toPoint);
      },
      /** @param {number} height of the scrolling part, in pixels */
      resize(height) {
        grid.element.style.height = `${Math.max(height, 200)}px`;
      },
    };
  },
});
