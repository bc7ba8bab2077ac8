// The point table of a station's dialog: one plain table of plain inputs over an array of rows. The array is the truth,
// the table shows it: every input writes to its row at once.
window.telecontrol = Object.assign(window.telecontrol ?? {}, {
  /**
   * @param {HTMLElement} container
   * @param {unknown} points the saved property
   * @param {string} role `server` or `client`
   */
  pointTable(container, points, role = 'server') {
    /** @typedef {{ row: PointRow, tr: HTMLTableRowElement, message?: HTMLTableRowElement }} View */
    /** @type {{ field: PointField, kind: string, less?: boolean }[]} */
    const columns = [
      { field: 'ioa', kind: 'text' },
      { field: 'tag', kind: 'text' },
      { field: 'type', kind: 'type' },
      { field: 'direction', kind: 'direction', less: true },
      { field: 'groups', kind: 'text', less: true },
      { field: 'counterGroup', kind: 'text', less: true },
      { field: 'period', kind: 'text', less: true },
      { field: 'deadband', kind: 'text', less: true },
      { field: 'sbo', kind: 'checkbox', less: true },
      { field: 'feedback', kind: 'text', less: true },
    ];
    // The catalogue is asked once for each text, not once for each cell.
    /** @type {Map<string, string>} */
    const texts = new Map();
    const text = (/** @type {string} */ key) => {
      const known = texts.get(key) ?? telecontrol.text(key);
      texts.set(key, known);
      return known;
    };
    /** @type {PointRow[]} */
    const rows = (Array.isArray(points) ? points : []).map(telecontrol.toRow);
    /** @type {View[]} */
    let views = [];
    let showAll = rows.some((row) => columns.some((column) => column.less && row[column.field] !== ''));

    /**
     * @template {keyof HTMLElementTagNameMap} T
     * @param {T} tag
     * @param {Record<string, string>} [attributes]
     * @param {(Node | string)[]} children
     */
    const element = (tag, attributes = {}, ...children) => {
      const made = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
      made.append(...children);
      return made;
    };
    const icon = (/** @type {string} */ name) => element('i', { class: `fa ${name}`, 'aria-hidden': 'true' });
    const button = (/** @type {string} */ symbol, /** @type {string} */ label) =>
      element('button', { type: 'button', class: 'red-ui-button red-ui-button-small' }, icon(symbol), ` ${label}`);

    const head = element('tr');
    const body = element('tbody');
    const add = button('fa-plus', text('table.add'));
    const more = button('fa-columns', text('table.more'));
    const count = element('span', { role: 'status' });
    const toFirst = element('button', { type: 'button', class: 'telecontrol-wrong' });
    const table = element('table', { 'aria-label': text('table.points') }, element('thead', {}, head), body);
    container.replaceChildren(
      element('div', { class: 'telecontrol-table' }, table),
      element('div', { class: 'telecontrol-bar' }, add, more, count, toFirst),
    );

    // Every row would need sixty options for its type: they are made when a row's list is about to open.
    const groups = ['monitor', 'control'].map((direction) => {
      const group = element('optgroup', { label: text(`table.${direction}`) });
      for (const { label, id } of window.telecontrolTypes.filter((type) => type.direction === direction))
        group.append(new Option(`${label} (${id}) ${text(`type.${label}`)}`, label));
      return group;
    });
    const fillTypes = (/** @type {HTMLSelectElement} */ select) => {
      if (select.dataset.filled) return;
      select.dataset.filled = 'yes';
      const { value } = select;
      const known = telecontrol.typeOf(value) !== undefined;
      // A value from elsewhere (`${NAME}`, or a misspelt type) stays as it is, beside the others.
      select.replaceChildren(...(known ? [] : [new Option(value)]), ...groups.map((group) => group.cloneNode(true)));
      select.value = value;
    };

    const cell = (/** @type {typeof columns[number]} */ { field, kind }, /** @type {PointRow} */ row) => {
      const common = { 'data-field': field, 'aria-label': text(`column.${field}`) };
      if (kind === 'text') {
        const input = element('input', { type: 'text', spellcheck: 'false', autocomplete: 'off', ...common });
        input.value = row[field];
        return input;
      }
      if (kind === 'checkbox') {
        const input = element('input', { type: 'checkbox', ...common });
        input.checked = row[field] === 'true';
        return input;
      }
      const select = element('select', common);
      if (kind === 'type') {
        const type = telecontrol.typeOf(row.type);
        select.append(
          new Option(type ? `${type.label} (${type.id}) ${text(`type.${type.label}`)}` : row.type, row.type),
        );
      } else {
        for (const value of ['', 'out', 'in']) select.append(new Option(text(`direction.${value || 'byType'}`), value));
        if (!['', 'out', 'in'].includes(row[field])) select.append(new Option(row[field]));
      }
      select.value = row[field];
      return select;
    };

    const view = (/** @type {PointRow} */ row, /** @type {number} */ index) => {
      const remove = element('button', { type: 'button', class: 'telecontrol-remove', title: text('table.remove') });
      remove.setAttribute('aria-label', text('table.remove'));
      remove.append(icon('fa-trash-o'));
      const tr = element('tr', {}, element('th', { scope: 'row' }, String(index + 1)));
      for (const column of shown())
        tr.append(element('td', { class: `telecontrol-${column.field}` }, cell(column, row)));
      tr.append(element('td', {}, remove));
      return { row, tr };
    };
    const shown = () => columns.filter((column) => showAll || !column.less);

    const render = () => {
      const titles = shown().map(({ field }) =>
        element(
          'th',
          { scope: 'col', class: `telecontrol-${field}`, title: text(`columnHint.${field}`) },
          text(`column.${field}`),
        ),
      );
      head.replaceChildren(
        element('th', { class: 'telecontrol-number' }),
        ...titles,
        element('th', { class: 'telecontrol-number' }),
      );
      table.classList.toggle('telecontrol-all', showAll);
      more.setAttribute('aria-pressed', String(showAll));
      more.classList.toggle('selected', showAll);
      views = rows.map(view);
      body.replaceChildren(...views.map(({ tr }) => tr));
      check();
    };

    /** Shows what is wrong under each row that is, and how many there are. */
    const check = () => {
      const problems = telecontrol.checkPoints(rows, role);
      let wrong = 0;
      views.forEach((view, index) => {
        const problem = problems[index];
        if (problem) wrong++;
        const before = view.message?.dataset;
        if (before?.message === problem?.message && before?.field === problem?.field) return;
        view.message?.remove();
        delete view.message;
        for (const input of view.tr.querySelectorAll('[data-field]')) {
          const isWrong = input.getAttribute('data-field') === problem?.field;
          input.classList.toggle('input-error', isWrong);
          input.setAttribute('aria-invalid', String(isWrong));
          input.setAttribute('title', isWrong ? (problem?.message ?? '') : '');
        }
        if (!problem) return;
        // A wrong value in a column that is not shown still has its message: it names the property.
        const said = element('div', {}, icon('fa-exclamation-triangle'), ` ${problem.message}`);
        const across = element('td', { colspan: String(shown().length + 1) }, said);
        view.message = element('tr', { class: 'telecontrol-message' }, element('th'), across);
        Object.assign(view.message.dataset, problem);
        view.tr.after(view.message);
      });
      count.textContent = telecontrol.text('table.count', { n: rows.length });
      toFirst.textContent = telecontrol.text('table.wrong', { n: wrong });
      toFirst.hidden = wrong === 0;
    };

    const renumber = () =>
      views.forEach(({ tr }, index) => {
        /** @type {HTMLElement} */ (tr.firstElementChild).textContent = String(index + 1);
      });

    const focus = (/** @type {number} */ index, /** @type {string | undefined} */ field) => {
      const input = views[index]?.tr.querySelector(`[data-field="${field}"]`);
      if (!(input instanceof HTMLElement)) return;
      input.focus();
      if (input instanceof HTMLInputElement) input.select();
      input.scrollIntoView({ block: 'nearest' });
    };

    const addRow = (/** @type {string | undefined} */ field) => {
      rows.push(telecontrol.nextRow(rows));
      const made = view(/** @type {PointRow} */ (rows.at(-1)), rows.length - 1);
      views.push(made);
      body.append(made.tr);
      check();
      focus(rows.length - 1, field);
    };

    const removeRow = (/** @type {number} */ index) => {
      const [gone] = views.splice(index, 1);
      rows.splice(index, 1);
      gone?.message?.remove();
      gone?.tr.remove();
      renumber();
      check();
      if (rows.length === 0) add.focus();
      else focus(Math.min(index, rows.length - 1), 'ioa');
    };

    const indexOf = (/** @type {Event} */ event) => {
      const tr = /** @type {Element} */ (event.target).closest('tr');
      return views.findIndex((view) => view.tr === tr);
    };
    const fieldOf = (/** @type {Event} */ event) =>
      /** @type {PointField | undefined} */ (/** @type {HTMLElement} */ (event.target).dataset.field);

    body.addEventListener('input', (event) => {
      const field = fieldOf(event);
      const row = views[indexOf(event)]?.row;
      if (!field || !row) return;
      const input = /** @type {HTMLInputElement} */ (event.target);
      row[field] = input.type === 'checkbox' ? (input.checked ? 'true' : '') : input.value.trim();
      check();
    });
    body.addEventListener('keydown', (event) => {
      const { target, key } = event;
      // Lists keep their own arrow keys; ctrl and alt belong to the editor.
      const moves =
        key === 'Enter' || (target instanceof HTMLInputElement && (key === 'ArrowUp' || key === 'ArrowDown'));
      const field = fieldOf(event);
      if (!field || !moves || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      const index = indexOf(event) + (key === 'ArrowUp' ? -1 : 1);
      if (key === 'Enter' && index === rows.length) addRow(field);
      else focus(index, field);
    });
    body.addEventListener('click', (event) => {
      if (/** @type {Element} */ (event.target).closest('.telecontrol-remove')) removeRow(indexOf(event));
    });
    for (const about of ['pointerover', 'focusin'])
      body.addEventListener(about, ({ target }) => {
        if (target instanceof HTMLSelectElement && target.dataset.field === 'type') fillTypes(target);
      });
    add.addEventListener('click', () => addRow('ioa'));
    more.addEventListener('click', () => {
      showAll = !showAll;
      render();
    });
    toFirst.addEventListener('click', () => {
      const index = views.findIndex((view) => view.message);
      const field = views[index]?.message?.dataset.field;
      if (columns.some((column) => column.less && column.field === field) && !showAll) more.click();
      focus(index, field);
    });

    render();
    return {
      /** The property to save. A property that is one `${NAME}` stays so until rows are added. */
      points: () => (rows.length === 0 && telecontrol.isEnvironment(points) ? points : rows.map(telecontrol.toPoint)),
      /** @param {number} height of the scrolling part, in pixels */
      resize(height) {
        /** @type {HTMLElement} */ (container.firstElementChild).style.maxHeight = `${Math.max(height, 160)}px`;
      },
    };
  },
});
