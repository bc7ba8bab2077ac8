// The dialog that takes points from a spreadsheet or a file: which column is what, what is wrong in which line.
window.telecontrol = Object.assign(window.telecontrol ?? {}, {
  /** Lines that are shown of a text, and of its problems. */
  importShown: 8,
  importProblems: 200,

  /**
   * @param {string} given the text, or nothing where it is still to be chosen
   * @param {string} role
   * @param {(points: PointRow[], fields: PointField[], isReplacing: boolean) => void} take
   */
  pointImport(given, role, take) {
    const { element, button, text } = telecontrol;
    /** @type {{ line: number, cells: string[] }[]} */
    let rows = [];
    /** @type {(PointField | undefined)[]} */
    let columns = [];
    let isWrongText = false;
    const id = `telecontrol-import-${Math.random().toString(36).slice(2)}`;

    const area = element('textarea', {
      rows: '8',
      spellcheck: 'false',
      'aria-label': text('import.text'),
      placeholder: text('import.placeholder'),
    });
    const file = element('input', { type: 'file', accept: '.csv,.tsv,.txt,text/csv', hidden: '' });
    const choose = button('fa-folder-open-o', text('import.file'), () => file.click());
    const header = element('input', { type: 'checkbox', id: `${id}-header` });
    const table = element('table');
    const problems = element('ul', { class: 'telecontrol-problems', 'aria-live': 'polite' });
    const said = element('p', { role: 'status' });
    const radio = (/** @type {string} */ value, /** @type {boolean} */ isChecked) => {
      const input = element('input', {
        type: 'radio',
        name: `${id}-mode`,
        value,
        ...(isChecked ? { checked: '' } : {}),
      });
      return element('label', {}, input, ` ${text(`import.${value}`)}`);
    };
    const options = element(
      'div',
      { class: 'telecontrol-import-options' },
      element('label', { for: `${id}-header` }, header, ` ${text('import.header')}`),
      element(
        'div',
        { role: 'radiogroup', 'aria-label': text('import.title') },
        radio('merge', true),
        radio('replace', false),
      ),
    );
    const source = element('div', {}, area, choose, file);
    const preview = element('div', { class: 'telecontrol-import-preview' }, table);

    const body = () => (header.checked ? rows.slice(1) : rows);

    const drawTable = () => {
      const selects = columns.map((field, at) => {
        const title = header.checked ? rows[0]?.cells[at] : undefined;
        const select = element('select', { 'aria-label': text('import.column', { title: title ?? at + 1 }) });
        select.append(new Option(text('import.ignore'), ''));
        for (const known of telecontrol.pointFields) select.append(new Option(text(`column.${known}`), known));
        select.value = field ?? '';
        select.addEventListener('change', () => {
          const chosen = /** @type {PointField | ''} */ (select.value);
          // A field comes from one column.
          columns = columns.map((other, place) =>
            place === at ? chosen || undefined : other === chosen ? undefined : other,
          );
          draw();
        });
        return element('th', { scope: 'col' }, select);
      });
      const lines = rows.slice(0, telecontrol.importShown).map(({ line, cells }, index) => {
        const isHeader = header.checked && index === 0;
        const shown = columns.map((_, at) => element(isHeader ? 'th' : 'td', {}, cells[at] ?? ''));
        return element(
          'tr',
          isHeader ? { class: 'header' } : {},
          element('th', { scope: 'row' }, String(line)),
          ...shown,
        );
      });
      table.replaceChildren(
        element('thead', {}, element('tr', {}, element('th'), ...selects)),
        element('tbody', {}, ...lines),
      );
    };

    const draw = () => {
      const isThere = rows.length > 0;
      preview.hidden = options.hidden = !isThere;
      source.hidden = isThere;
      if (isThere) drawTable();
      const read = telecontrol.readPoints(body(), columns, role);
      const listed = read.problems
        .slice(0, telecontrol.importProblems)
        .map((/** @type {{ line: number, message: string }} */ { line, message }) =>
          element('li', {}, text('import.line', { line, message })),
        );
      problems.replaceChildren(...listed);
      problems.hidden = !isThere || listed.length === 0;
      const missing = ['ioa', 'type'].filter((field) => !columns.includes(/** @type {PointField} */ (field)));
      said.textContent = !isThere
        ? text(isWrongText ? 'import.nothing' : 'import.how')
        : missing.length > 0
          ? text('import.missing', { columns: missing.map((field) => text(`column.${field}`)).join(', ') })
          : text('import.found', { n: read.points.length, wrong: read.problems.length });
      said.classList.toggle('telecontrol-wrong', isThere && (missing.length > 0 || read.problems.length > 0));
    };

    const read = (/** @type {string} */ content) => {
      rows = telecontrol.cellsOf(content);
      isWrongText = content.trim() !== '' && rows.length === 0;
      const found = telecontrol.columnsOf(rows);
      columns = found.columns;
      header.checked = found.hasHeader;
      draw();
    };

    area.addEventListener('input', () => read(area.value));
    header.addEventListener('change', () => draw());
    file.addEventListener('change', async () => {
      const octets = await file.files?.[0]?.arrayBuffer();
      if (octets) read(telecontrol.decoded(octets));
    });
    telecontrol.dialog(
      text('import.title'),
      [source, preview, options, said, problems],
      [
        { label: text('button.cancel') },
        {
          label: text('import.take'),
          isPrimary: true,
          act: () => {
            const { points } = telecontrol.readPoints(body(), columns, role);
            if (points.length === 0 || !columns.includes('ioa')) return false;
            const isReplacing = options.querySelector('input[value=replace]:checked') !== null;
            return () =>
              take(
                points,
                columns.filter((field) => field !== undefined),
                isReplacing,
              );
          },
        },
      ],
    );
    if (given !== '') read(given);
    else draw();
  },

  /** Spreadsheets write UTF-8, or the code page of western Windows. @param {ArrayBuffer} octets */
  decoded(octets) {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(octets);
    } catch {
      return new TextDecoder('windows-1252').decode(octets);
    }
  },
});
