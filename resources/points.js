// The points of a station as the table edits them: what is right, and how rows become the saved array. No document here.
window.telecontrol = Object.assign(window.telecontrol ?? {}, {
  /** @param {string} label */
  typeOf(label) {
    return window.telecontrolTypes.find((type) => type.label === label);
  },

  /** @param {Record<string, unknown>} point @returns {PointRow} */
  toRow(point) {
    const { ioa, tag, type, direction, groups, counterGroup, period, deadband, sbo, feedback, ...rest } = point;
    const text = (/** @type {unknown} */ value) => (value === undefined || value === null ? '' : String(value));
    return {
      ioa: text(ioa),
      tag: text(tag),
      type: text(type),
      direction: text(direction),
      groups: Array.isArray(groups) ? groups.join(' ') : text(groups),
      counterGroup: text(counterGroup),
      period: text(period),
      deadband: text(deadband),
      sbo: text(sbo) === 'false' ? '' : text(sbo),
      feedback: text(feedback),
      rest,
    };
  },

  /**
   * Only what is set is saved, numbers as numbers. What is wrong is saved as typed: nothing is lost, and the runtime
   * names it too.
   * @param {PointRow} row
   */
  toPoint(row) {
    const number = (/** @type {string} */ text) => (Number.isNaN(Number(text)) ? text : Number(text));
    const address = (/** @type {string} */ text) => (/^\d+$/.test(text) ? Number(text) : text);
    const groups = row.groups.split(/[\s,]+/).filter((group) => group !== '');
    /** @type {Record<string, unknown>} */
    const point = { ioa: address(row.ioa), tag: row.tag, type: row.type };
    if (row.direction !== '') point.direction = row.direction;
    if (groups.length > 0) point.groups = telecontrol.isEnvironment(row.groups) ? row.groups : groups.map(number);
    if (row.counterGroup !== '') point.counterGroup = number(row.counterGroup);
    if (row.period !== '') point.period = number(row.period.replace(',', '.'));
    if (row.deadband !== '') point.deadband = number(row.deadband.replace(',', '.'));
    if (row.sbo !== '') point.sbo = row.sbo === 'true' ? true : row.sbo;
    if (row.feedback !== '') point.feedback = address(row.feedback);
    if (row.tag === '') delete point.tag;
    return Object.assign(point, row.rest);
  },

  /**
   * What is wrong with each row: undefined, or the field and a message.
   * @param {PointRow[]} rows
   * @param {string} role `server` or `client`: a server sends what a client receives, so their directions are opposite
   * @returns {(Problem | undefined)[]}
   */
  checkPoints(rows, role = 'server') {
    const sends = role === 'server' ? 'monitor' : 'control';
    /** @type {Map<string, number>} */
    const first = new Map();
    /** @type {Map<string, number>} */
    const tags = new Map();
    return rows.map((row, index) => {
      const problem = telecontrol.checkPoint(row);
      if (problem?.field === 'ioa') return problem;
      const address = telecontrol.objectAddress(row.ioa);
      const direction = row.direction || (telecontrol.typeOf(row.type)?.direction === sends ? 'out' : 'in');
      const key = `${Number.isNaN(address) ? row.ioa : address} ${direction}`;
      const other = first.get(key);
      if (other === undefined) first.set(key, index);
      const tagged =
        row.tag.trim() === '' || telecontrol.isEnvironment(row.tag) ? '' : `${row.tag.trim()} ${direction}`;
      const named = tagged === '' ? undefined : tags.get(tagged);
      if (tagged !== '' && named === undefined) tags.set(tagged, index);
      if (problem) return problem;
      if (other === undefined && named !== undefined)
        return { field: 'tag', message: telecontrol.text('point.tagTwice', { tag: row.tag, row: named + 1 }) };
      if (other === undefined) return undefined;
      return { field: 'ioa', message: telecontrol.text('point.twice', { address: row.ioa, row: other + 1 }) };
    });
  },

  /** @param {PointRow} row @returns {Problem | undefined} */
  checkPoint(row) {
    const wrong = (/** @type {PointField} */ field) => ({
      field,
      message: telecontrol.text(`point.${field}`, { value: row[field] }),
    });
    const given = (/** @type {PointField} */ field) => row[field] !== '' && !telecontrol.isEnvironment(row[field]);
    const isAddress = (/** @type {string} */ text) => !Number.isNaN(telecontrol.objectAddress(text));
    const atLeastZero = (/** @type {string} */ text) => Number(text.replace(',', '.')) >= 0;
    const isGroup = (/** @type {string} */ text) => /^([1-9]|1[0-6])$/.test(text);

    if (!telecontrol.isEnvironment(row.ioa) && !isAddress(row.ioa)) return wrong('ioa');
    if (!telecontrol.isEnvironment(row.type) && !telecontrol.typeOf(row.type)) return wrong('type');
    if (given('direction') && !['in', 'out'].includes(row.direction)) return wrong('direction');
    if (
      given('groups') &&
      !row.groups
        .trim()
        .split(/[\s,]+/)
        .every(isGroup)
    )
      return wrong('groups');
    if (given('counterGroup') && !/^[1-4]$/.test(row.counterGroup)) return wrong('counterGroup');
    if (given('period') && !atLeastZero(row.period)) return wrong('period');
    if (given('deadband') && !atLeastZero(row.deadband)) return wrong('deadband');
    if (given('sbo') && row.sbo !== 'true') return wrong('sbo');
    if (given('feedback') && !isAddress(row.feedback)) return wrong('feedback');
    return undefined;
  },

  /**
   * A row to follow these: the next free address after the last one, written like it, with its type.
   * @param {PointRow[]} rows
   */
  nextRow(rows) {
    const used = new Set(rows.map((row) => telecontrol.objectAddress(row.ioa)));
    const last = rows.findLast((row) => !Number.isNaN(telecontrol.objectAddress(row.ioa)));
    let address = last ? telecontrol.objectAddress(last.ioa) + 1 : 1;
    while (used.has(address)) address++;
    const ioa = last?.ioa.startsWith('#') ? `#${address.toString(16).toUpperCase()}` : String(address);
    const type = rows.at(-1)?.type || 'M_SP_TB_1';
    return telecontrol.toRow({ ioa: address <= 16777215 ? ioa : '', type });
  },

  /** The editor's validator of the property `points`. @param {unknown} points @param {unknown} _options */
  validatePoints(points, _options) {
    if (!Array.isArray(points)) {
      return (
        points === undefined || points === '' || telecontrol.isEnvironment(points) || telecontrol.text('point.array')
      );
    }
    const problems = telecontrol.checkPoints(points.map(telecontrol.toRow));
    const index = problems.findIndex((/** @type {Problem | undefined} */ problem) => problem !== undefined);
    if (index < 0) return true;
    return telecontrol.text('point.inRow', { row: index + 1, message: problems[index].message });
  },
});
