// The parameters of a station as a form beside the string that is saved. The string is the truth: the form reads it whenever
// it changes, and writes to it.
window.telecontrol = Object.assign(window.telecontrol ?? {}, {
  /**
   * @param {HTMLElement} container
   * @param {HTMLInputElement} input of the property `parameters`
   * @param {string} role `server` or `client`
   */
  parameterForm(container, input, role) {
    const { element, text, parameterTopics } = telecontrol;
    /** @type {ParameterRow[]} */
    const table = telecontrol.parametersOf(role);
    /** @type {Map<string, { row: ParameterRow, line: HTMLElement, control: HTMLInputElement | HTMLSelectElement, said: HTMLElement, reset: HTMLButtonElement, words: string }>} */
    const lines = new Map();
    const sections = element('div', { class: 'telecontrol-parameters' });
    const unknown = element('ul', { class: 'telecontrol-problems', 'aria-live': 'polite' });
    const search = element('input', {
      type: 'search',
      placeholder: text('parameters.search'),
      'aria-label': text('parameters.search'),
    });
    const onlyChanged = element('input', { type: 'checkbox' });
    const count = element('span', { role: 'status' });
    const bar = element(
      'div',
      { class: 'telecontrol-bar' },
      search,
      element('label', {}, onlyChanged, ` ${text('parameters.changed')}`),
      count,
    );

    const write = (/** @type {string} */ next) => {
      input.value = next;
      // The editor's validator listens to its own events.
      $(input).trigger('change');
      read();
    };

    const controlOf = (/** @type {ParameterRow} */ row, /** @type {string} */ id) => {
      const described = { id, 'aria-describedby': `${id}-meaning ${id}-said` };
      if (row.kind === 'flag') return element('input', { type: 'checkbox', ...described });
      if (row.kind === 'choice') {
        const select = element('select', described);
        for (const word of row.words?.split(', ') ?? []) select.append(new Option(word, word));
        return select;
      }
      const numeric = row.kind === 'number' ? { inputmode: 'numeric' } : {};
      return element('input', {
        type: 'text',
        spellcheck: 'false',
        placeholder: row.fallback,
        ...numeric,
        ...described,
      });
    };

    const lineOf = (/** @type {ParameterRow} */ row) => {
      const { keyword, name, unit, fallback, kind, scope } = row;
      const id = `telecontrol-parameter-${keyword}`;
      const meaning = text(`parameter.${keyword}`);
      const control = controlOf(row, id);
      const said = element('div', { id: `${id}-said`, class: 'telecontrol-wrong', hidden: '' });
      const reset = element(
        'button',
        { type: 'button', class: 'red-ui-button red-ui-button-small', title: text('parameters.reset') },
        element('i', { class: 'fa fa-undo', role: 'img', 'aria-label': `${text('parameters.reset')}: ${keyword}` }),
      );
      // As good as without end: 25 days of milliseconds.
      const most = row.high === 2_147_483_647 ? '' : ` ${row.high}`;
      const range = kind === 'number' ? `${row.low} …${most}` : '';
      const facts = [
        telecontrol.text('parameters.default', { value: fallback === '' ? '–' : fallback }),
        range,
        text(`parameters.${scope}`),
      ];
      const line = element(
        'div',
        { class: 'telecontrol-parameter' },
        element('code', {}, keyword),
        element(
          'div',
          {},
          element('label', { for: id }, name === keyword ? text(`parameters.name${keyword}`) : name),
          element('div', { class: 'telecontrol-note', id: `${id}-meaning` }, meaning),
          element('div', { class: 'telecontrol-note telecontrol-facts' }, facts.filter(Boolean).join(' · ')),
          said,
        ),
        element('div', { class: `telecontrol-value ${kind}` }, control, element('span', {}, unit)),
        reset,
      );
      control.addEventListener(kind === 'flag' || kind === 'choice' ? 'change' : 'input', () => {
        const value =
          control.type === 'checkbox'
            ? /** @type {HTMLInputElement} */ (control).checked
              ? 'True'
              : 'False'
            : control.value;
        write(telecontrol.setParameter(input.value, role, keyword, value));
      });
      reset.addEventListener('click', () => {
        write(telecontrol.setParameter(input.value, role, keyword, fallback));
        control.focus();
      });
      const words = `${keyword} ${name} ${meaning}`;
      lines.set(keyword, { row, line, control, said, reset, words });
      return line;
    };

    /** Shows what the string says. */
    const read = () => {
      const isEnvironment = telecontrol.isEnvironment(input.value.trim());
      /** @type {ParameterPart[]} */
      const parts = isEnvironment ? [] : telecontrol.readParameters(input.value, role);
      const conflicts = telecontrol.parameterConflicts(isEnvironment ? '' : input.value, role);
      let changed = 0;
      for (const [keyword, { row, line, control, said, reset }] of lines) {
        const given = parts.findLast((part) => part.keyword === keyword)?.value;
        const value = given === undefined ? row.fallback : telecontrol.canonical(row, given);
        const isChanged = given !== undefined && value !== row.fallback;
        if (isChanged) changed++;
        line.classList.toggle('changed', isChanged);
        reset.style.visibility = given === undefined ? 'hidden' : '';
        control.disabled = isEnvironment;
        // What is being typed stays as it is: "1" on the way to "15" is not put right.
        if (control.type === 'checkbox') /** @type {HTMLInputElement} */ (control).checked = value === 'True';
        else if (control instanceof HTMLSelectElement) control.value = value ?? '';
        else if (document.activeElement !== control || (given !== undefined && control.value.trim() !== given))
          control.value = given ?? '';
        const conflict = conflicts.find((/** @type {{ keyword: string }} */ known) => known.keyword === keyword);
        const problem =
          given !== undefined && value === undefined
            ? telecontrol.text('parameters.invalid', { value: given, fallback: row.fallback })
            : conflict
              ? telecontrol.text('parameters.less', { keyword, other: conflict.other })
              : '';
        said.textContent = problem;
        said.hidden = problem === '';
        control.setAttribute('aria-invalid', String(problem !== ''));
        control.classList.toggle('input-error', problem !== '');
      }
      const strange = parts.filter((part) => part.keyword === undefined);
      unknown.replaceChildren(
        ...strange.map(({ given }) => {
          const drop = element('button', { type: 'button', class: 'telecontrol-wrong' }, text('parameters.drop'));
          drop.addEventListener('click', () => write(telecontrol.dropParameter(input.value, role, given)));
          return element('li', {}, telecontrol.text('parameters.unknown', { keyword: given }), ' ', drop);
        }),
      );
      if (isEnvironment) unknown.replaceChildren(element('li', {}, text('parameters.environment')));
      unknown.hidden = unknown.childElementCount === 0;
      count.textContent = telecontrol.text('parameters.count', { n: changed });
      filter();
    };

    const filter = () => {
      const fits = telecontrol.mask(search.value);
      for (const { line, words } of lines.values())
        line.hidden = !fits(words) || (onlyChanged.checked && !line.classList.contains('changed'));
      /** @type {HTMLElement} */ for (const section of sections.children)
        section.hidden = section.querySelector('.telecontrol-parameter:not([hidden])') === null;
    };

    for (const [topic, keywords] of Object.entries(parameterTopics)) {
      const rows = table
        .filter(({ keyword }) => keywords.includes(keyword))
        .sort((a, b) => keywords.indexOf(a.keyword) - keywords.indexOf(b.keyword));
      const id = `telecontrol-topic-${topic}`;
      if (rows.length > 0)
        sections.append(
          element(
            'section',
            { 'aria-labelledby': id },
            element('h4', { id }, text(`parameters.topic.${topic}`)),
            ...rows.map(lineOf),
          ),
        );
    }
    search.addEventListener('input', filter);
    onlyChanged.addEventListener('change', filter);
    input.addEventListener('input', read);
    container.replaceChildren(element('div', { class: 'telecontrol-table telecontrol-frame' }, bar, unknown, sections));
    read();
  },
});
