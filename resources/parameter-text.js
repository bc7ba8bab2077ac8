// The parameter string of a station, `Keyword=value;…`, as its form reads and writes it. No document here.
window.telecontrol = Object.assign(window.telecontrol ?? {}, {
  /** Parameters by what they are about, in the order of the form. */
  parameterTopics: {
    interrogation: ['IGO', 'IWOT', 'ICCI', 'II', 'GISN', 'SAI', 'IMPI', 'OIC', 'OCIC', 'EOI', 'BGS'],
    commands: ['CMDC', 'SBOT', 'CTO', 'CAGE', 'CMR', 'PW', 'WTN'],
    connection: ['K', 'W', 'WT0', 'WT1', 'WT2', 'WT3', 'WTS', 'SSN'],
    clients: ['ALLOW', 'MC', 'MCA', 'GRP', 'EBS', 'SCAN'],
    incoming: ['NF', 'IT', 'ICF3', 'IUA'],
    redundancy: ['REDM', 'STBY', 'ARMSD', 'ARMP', 'SKO', 'SWV', 'SSTB', 'SSCF'],
    trace: ['DBGI', 'DBGO'],
  },

  /** @param {string} role `server` or `client` @returns {ParameterRow[]} */
  parametersOf(role) {
    return window.telecontrolParameters[role] ?? [];
  },

  /**
   * The parts of a parameter string: of each its keyword as the table has it, if it does, and its value.
   * @param {string} text
   * @param {string} role
   * @returns {ParameterPart[]}
   */
  readParameters(text, role) {
    /** @type {Map<string, string>} */
    const names = new Map();
    for (const { keyword, name } of telecontrol.parametersOf(role))
      names.set(keyword, keyword).set(name.toUpperCase(), keyword);
    names.set('SENDING WINDOW', 'K').set('ACKNOWLEDGE AFTER W', 'W');
    return text
      .split(';')
      .filter((part) => part.trim() !== '')
      .map((part) => {
        const equals = part.indexOf('=');
        const given = (equals < 0 ? part : part.slice(0, equals)).trim();
        const value = equals < 0 ? '' : part.slice(equals + 1).trim();
        return { given, keyword: names.get(given.toUpperCase()), value };
      });
  },

  /**
   * A parameter string with one parameter set. Its default is not written; what else stands there stays.
   * @param {string} text
   * @param {string} role
   * @param {string} keyword
   * @param {string} value
   */
  setParameter(text, role, keyword, value) {
    const row = telecontrol.parametersOf(role).find((/** @type {ParameterRow} */ known) => known.keyword === keyword);
    /** @type {ParameterPart[]} */
    const parts = telecontrol.readParameters(text, role);
    const at = parts.findIndex((part) => part.keyword === keyword);
    const isDefault = value.trim() === '' || telecontrol.canonical(row, value) === row?.fallback;
    const others = parts.filter((part, place) => part.keyword !== keyword || (!isDefault && place === at));
    const made = others.map((part) => (part.keyword === keyword ? { given: part.given, value: value.trim() } : part));
    if (!isDefault && at < 0) made.push({ given: keyword, value: value.trim() });
    return made.map((part) => `${part.given}=${part.value}`).join(';');
  },

  /** A parameter string without what the table does not know under this name. @param {string} text @param {string} role @param {string} given */
  dropParameter(text, role, given) {
    return telecontrol
      .readParameters(text, role)
      .filter((/** @type {ParameterPart} */ part) => part.keyword !== undefined || part.given !== given)
      .map((/** @type {ParameterPart} */ part) => `${part.given}=${part.value}`)
      .join(';');
  },

  /**
   * A value as the table writes its defaults; undefined where it is none.
   * @param {ParameterRow} row
   * @param {string} value
   * @returns {string | undefined}
   */
  canonical(row, value) {
    const text = value.trim();
    const lower = text.toLowerCase();
    switch (row.kind) {
      case 'flag':
        return { true: 'True', 1: 'True', false: 'False', 0: 'False' }[lower];
      case 'number': {
        const number = /^\+?\d{1,10}$/.test(text) ? Number(text) : NaN;
        return number >= (row.low ?? 0) && number <= (row.high ?? 0) ? String(number) : undefined;
      }
      case 'choice':
        return row.words?.split(', ').find((word) => word === lower);
      default:
        return text;
    }
  },

  /**
   * What is not as it should be of parameters together: the windows and timers of a connection.
   * @param {string} text
   * @param {string} role
   * @returns {{ keyword: string, other: string }[]} which has to be less than which
   */
  parameterConflicts(text, role) {
    /** @type {ParameterPart[]} */
    const parts = telecontrol.readParameters(text, role);
    const numberOf = (/** @type {string} */ keyword) => {
      const row = telecontrol.parametersOf(role).find((/** @type {ParameterRow} */ known) => known.keyword === keyword);
      const given = parts.findLast((part) => part.keyword === keyword)?.value;
      return Number((given === undefined ? undefined : telecontrol.canonical(row, given)) ?? row?.fallback);
    };
    const found = [];
    if (numberOf('W') >= numberOf('K') && !(numberOf('K') === 1 && numberOf('W') === 1))
      found.push({ keyword: 'W', other: 'K' });
    if (numberOf('WT2') >= numberOf('WT1')) found.push({ keyword: 'WT2', other: 'WT1' });
    return found;
  },
});
