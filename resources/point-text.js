// Points as text: what spreadsheets and other systems write, and what they read. No document here.
(() => {
  /** Titles of columns as people write them, without spaces and signs. @type {[PointField, string[]][]} */
  const titles = [
    [
      'ioa',
      [
        ...['ioa', 'address', 'objectaddress', 'informationobjectaddress', 'objaddress', 'addr'],
        ...['adresse', 'objektadresse', 'informationsobjektadresse', 'infoobjektadresse'],
      ],
    ],
    [
      'tag',
      [
        ...['tag', 'name', 'tagname', 'iotag', 'signal', 'signalname', 'description', 'designation', 'point'],
        ...['variable', 'bezeichnung', 'signalbezeichnung', 'kennzeichen', 'beschreibung', 'punkt', 'text'],
      ],
    ],
    [
      'type',
      [
        ...['type', 'typeid', 'ti', 'typeidentification', 'asdu', 'asdutype', 'iectype'],
        ...['typ', 'typkennung', 'asdutyp', 'datentyp', 'datatype'],
      ],
    ],
    ['direction', ['direction', 'dir', 'richtung']],
    ['groups', ['groups', 'group', 'interrogationgroup', 'interrogationgroups', 'gruppe', 'gruppen', 'abfragegruppe']],
    ['counterGroup', ['countergroup', 'counters', 'countergroups', 'zählergruppe', 'zähler']],
    ['period', ['period', 'cycle', 'periods', 'periode', 'zyklus']],
    ['deadband', ['deadband', 'threshold', 'totband', 'schwelle', 'unempfindlichkeit']],
    ['sbo', ['sbo', 'selectbeforeoperate', 'select', 'anwahl']],
    ['feedback', ['feedback', 'feedbackaddress', 'response', 'rückmeldung', 'rückmeldeadresse']],
  ];
  /** @type {Map<string, PointField>} */
  const fieldOfTitle = new Map(titles.flatMap(([field, names]) => names.map((name) => [name, field])));
  const fields = titles.map(([field]) => field);

  window.telecontrol = Object.assign(window.telecontrol ?? {}, {
    pointFields: fields,

    /** What a column with this title holds. @param {string} title @returns {PointField | undefined} */
    fieldTitled(title) {
      return fieldOfTitle.get(title.toLowerCase().replace(/[^\p{L}\d]/gu, ''));
    },

    /**
     * A type by its label, its number, or a text that begins with one or holds the other; the text itself if it is none.
     * @param {string} text
     * @returns {string}
     */
    typeNamed(text) {
      const label = /[CMP]_[A-Z]{2}_[A-Z]{2}_1/.exec(text.toUpperCase())?.[0];
      if (label !== undefined) return telecontrol.typeOf(label) ? label : text;
      const id = Number(/^\s*(?:TI|TK|ASDU|type|typ)?[\s<(:=]*(\d{1,3})(?!\w)/i.exec(text)?.[1] ?? NaN);
      return window.telecontrolTypes.find((type) => type.id === id)?.label ?? text;
    },

    /** A cell as it is saved. What cannot be read stays as it is: the check names it. @param {PointField} field @param {string} given */
    normalized(field, given) {
      const text = given.trim();
      const lower = text.toLowerCase();
      switch (field) {
        case 'type':
          return telecontrol.typeNamed(text);
        case 'ioa':
        case 'feedback':
          // As programs write hexadecimal numbers, and as spreadsheets write whole ones.
          return text.replace(/^0x/i, '#').replace(/^(\d+)[.,]0+$/, '$1');
        case 'direction':
          return { in: 'in', out: 'out', input: 'in', output: 'out', eingang: 'in', ausgang: 'out' }[lower] ?? text;
        case 'sbo':
          if (['true', '1', 'yes', 'x', 'ja', 'wahr', 'sbo'].includes(lower)) return 'true';
          return ['false', '0', 'no', 'nein', 'falsch', '-'].includes(lower) ? '' : text;
        case 'deadband':
        case 'period':
          return /^\d+,\d+$/.test(text) ? text.replace(',', '.') : text;
        default:
          return text;
      }
    },

    /** The sign that separates the cells of a text: of those in its first line, the first of tab, semicolon, comma. @param {string} text */
    separatorOf(text) {
      const [line = ''] = text.split(/\r\n|\n|\r/).filter((given) => given.trim() !== '');
      const bare = line.replace(/"[^"]*"/g, '');
      return ['\t', ';', ','].find((separator) => bare.includes(separator)) ?? '\t';
    },

    /**
     * The cells of a text, with the line that each row begins in. Cells may stand in double quotes and then hold anything.
     * @param {string} given
     * @param {string} [separator]
     * @returns {{ line: number, cells: string[] }[]}
     */
    cellsOf(given, separator) {
      const text = given.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
      const sign = separator ?? telecontrol.separatorOf(text);
      /** @type {{ line: number, cells: string[] }[]} */
      const rows = [];
      let line = 1;
      let began = 1;
      let cell = '';
      /** @type {string[]} */
      let cells = [];
      let isQuoted = false;
      const end = () => {
        cells.push(cell.trim());
        if (cells.some((known) => known !== '')) rows.push({ line: began, cells });
        cell = '';
        cells = [];
      };
      for (let at = 0; at < text.length; at++) {
        const character = text[at];
        if (character === '\n') line++;
        if (isQuoted) {
          if (character !== '"') cell += character;
          else if (text[at + 1] === '"') cell += text[at++];
          else isQuoted = false;
        } else if (character === '"' && cell.trim() === '') {
          isQuoted = true;
          cell = '';
        } else if (character === sign) {
          cells.push(cell.trim());
          cell = '';
        } else if (character === '\n') {
          end();
          began = line;
        } else cell += character;
      }
      end();
      return rows;
    },

    /**
     * Which column of a text is what: after the titles in its first row, otherwise after what stands in the cells.
     * @param {{ line: number, cells: string[] }[]} rows
     * @returns {{ columns: (PointField | undefined)[], hasHeader: boolean }}
     */
    columnsOf(rows) {
      const [first] = rows;
      const width = rows.reduce((most, { cells }) => Math.max(most, cells.length), 0);
      /** @type {(PointField | undefined)[]} */
      const titled = Array.from({ length: width }, (_, at) => telecontrol.fieldTitled(first?.cells[at] ?? ''));
      // The second column of the same title is passed over.
      const columns = titled.map((field, at) => (titled.indexOf(field) === at ? field : undefined));
      const named = columns.filter((field) => field !== undefined).length;
      const isAddress = (/** @type {string} */ text) =>
        !Number.isNaN(telecontrol.objectAddress(telecontrol.normalized('ioa', text)));
      if (named >= 2 || (named === 1 && !first?.cells.some(isAddress))) return { columns, hasHeader: true };
      return { columns: telecontrol.guessedColumns(rows, width), hasHeader: false };
    },

    /** @param {{ line: number, cells: string[] }[]} rows @param {number} width @returns {(PointField | undefined)[]} */
    guessedColumns(rows, width) {
      const some = rows.slice(0, 200).map(({ cells }) => cells);
      const share = (/** @type {number} */ at, /** @type {(text: string) => boolean} */ test) =>
        some.filter((cells) => test(cells[at] ?? '')).length / some.length;
      const isAddress = (/** @type {string} */ text) =>
        !Number.isNaN(telecontrol.objectAddress(telecontrol.normalized('ioa', text)));
      const isLabel = (/** @type {string} */ text) => /[CM]_[A-Z]{2}_[A-Z]{2}_1/i.test(text);
      const isTypeId = (/** @type {string} */ text) =>
        /^\d+$/.test(text) && telecontrol.typeOf(telecontrol.typeNamed(text)) !== undefined;
      const isDirection = (/** @type {string} */ text) => /^(in|out|input|output|eingang|ausgang)$/i.test(text);
      const isText = (/** @type {string} */ text) => text !== '' && !isAddress(text);
      const different = (/** @type {number} */ at) => new Set(some.map((cells) => cells[at])).size / some.length;
      /** @type {(PointField | undefined)[]} */
      const found = Array.from({ length: width }, () => undefined);
      const take = (/** @type {PointField} */ field, /** @type {(at: number) => boolean} */ test) => {
        const at = found.findIndex((known, place) => known === undefined && test(place));
        if (at >= 0) found[at] = field;
      };
      take('type', (at) => share(at, isLabel) > 0.6);
      // Addresses are numbers that hardly repeat, and hardly all numbers of types.
      const isUnlike = (/** @type {number} */ at) => different(at) + (share(at, isTypeId) < 1 ? 0.5 : 0);
      const [address] = found
        .flatMap((known, at) => (known === undefined && share(at, isAddress) > 0.6 ? [at] : []))
        .sort((a, b) => isUnlike(b) - isUnlike(a));
      if (address !== undefined) found[address] = 'ioa';
      take('type', (at) => !found.includes('type') && share(at, isTypeId) > 0.6);
      take('direction', (at) => share(at, isDirection) > 0.6);
      take('tag', (at) => share(at, isText) > 0.6);
      return found;
    },

    /**
     * The points of a text, and what is wrong with which line of it. What is wrong is taken as it stands.
     * @param {{ line: number, cells: string[] }[]} rows without a header
     * @param {(PointField | undefined)[]} columns
     * @param {string} role
     * @returns {{ points: PointRow[], problems: { line: number, message: string }[] }}
     */
    readPoints(rows, columns, role) {
      const points = rows.map(({ cells }) => {
        const row = telecontrol.toRow({});
        for (const [at, field] of columns.entries())
          if (field) row[field] = telecontrol.normalized(field, cells[at] ?? '');
        return row;
      });
      const problems = telecontrol
        .checkPoints(points, role, (/** @type {number} */ at) => rows[at]?.line)
        .flatMap((/** @type {Problem | undefined} */ problem, /** @type {number} */ at) =>
          problem ? [{ line: rows[at]?.line ?? 0, message: problem.message }] : [],
        );
      for (const { line, cells } of rows)
        if (cells.length > columns.length)
          problems.push({
            line,
            message: telecontrol.text('import.cells', { n: cells.length, header: columns.length }),
          });
      problems.sort((/** @type {{ line: number }} */ a, /** @type {{ line: number }} */ b) => a.line - b.line);
      return { points, problems };
    },

    /** A cell of a text, in quotes where it has to be. @param {string} text @param {string} separator */
    quoted(text, separator) {
      return text.includes(separator) || /["\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    },

    /**
     * A file that the property `pointsFile` reads, and spreadsheets do: a header row, and the columns that are used.
     * @param {readonly PointRow[]} rows
     * @param {string} separator
     */
    writePoints(rows, separator) {
      const used = fields.filter(
        (field) => ['ioa', 'tag', 'type'].includes(field) || rows.some((row) => row[field] !== ''),
      );
      // Its reader takes groups between spaces.
      const cell = (/** @type {PointRow} */ row, /** @type {PointField} */ field) =>
        telecontrol.quoted(field === 'groups' ? row.groups.replace(/[\s,]+/g, ' ') : row[field], separator);
      const lines = rows.map((row) => used.map((field) => cell(row, field)).join(separator));
      return `${[used.join(separator), ...lines].join('\r\n')}\r\n`;
    },

    /** Spreadsheets open a file with the separator of the user's language: a semicolon where decimals have a comma. */
    listSeparator() {
      return (1.5).toLocaleString().includes(',') ? ';' : ',';
    },
  });
})();
