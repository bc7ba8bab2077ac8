// The points of a station as the table edits them: what is right, and how rows become the saved array. No document here.
window.telecontrol = Object.assign(window.telecontrol ?? {}, {
  /** What was found of a row alone: rows are replaced, never changed. @type {WeakMap<PointRow, Problem | 'right'>} */
  checked: new WeakMap(),

  /** @param {string} label */
  typeOf(label) {
    telecontrol.typesByLabel ??= new Map(window.telecontrolTypes.map((type) => [type.label, type]));
    return telecontrol.typesByLabel.get(label);
  },

  /** The rows of saved points, which the validator asks for as often as the table. @type {WeakMap<object, PointRow>} */
  rowsMade: new WeakMap(),

  /** @param {Record<string, unknown>} point @returns {PointRow} */
  toRow(point) {
    const known = telecontrol.rowsMade.get(point) ?? telecontrol.makeRow(point);
    telecontrol.rowsMade.set(point, known);
    return known;
  },

  /** @param {Record<string, unknown>} point @returns {PointRow} */
  makeRow(point) {
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
   * @param {readonly PointRow[]} rows
   * @param {string} role `server`, `balanced` or `client`: a server sends what a client receives, so their directions are opposite
   * @param {(index: number) => number} numberOf what a row is called by
   * @returns {(Problem | undefined)[]}
   */
  checkPoints(rows, role = 'server', numberOf = (index) => index + 1) {
    /** @type {Map<string, number>} */
    const first = new Map();
    /** @type {Map<string, number>} */
    const tags = new Map();
    return rows.map((row, index) => {
      const known = telecontrol.checked.get(row) ?? telecontrol.checkPoint(row) ?? 'right';
      telecontrol.checked.set(row, known);
      const problem = known === 'right' ? telecontrol.checkDirection(row, role) : known;
      if (problem?.field === 'ioa') return problem;
      const key = telecontrol.pointKey(row, role);
      const direction = key.slice(key.lastIndexOf(' ') + 1);
      const other = first.get(key);
      if (other === undefined) first.set(key, index);
      const tagged =
        row.tag.trim() === '' || telecontrol.isEnvironment(row.tag) ? '' : `${row.tag.trim()} ${direction}`;
      const named = tagged === '' ? undefined : tags.get(tagged);
      if (tagged !== '' && named === undefined) tags.set(tagged, index);
      if (problem) return problem;
      if (other === undefined && named !== undefined)
        return { field: 'tag', message: telecontrol.text('point.tagTwice', { tag: row.tag, row: numberOf(named) }) };
      if (other === undefined) return undefined;
      return { field: 'ioa', message: telecontrol.text('point.twice', { address: row.ioa, row: numberOf(other) }) };
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
    const ofType = (/** @type {'deadband' | 'sbo'} */ field) => ({
      field,
      message: telecontrol.text(`point.${field}OfType`, { type: row.type }),
    });
    const type = telecontrol.typeOf(row.type);
    if (given('period') && !(atLeastZero(row.period) && Number(row.period.replace(',', '.')) <= 2_678_400))
      return wrong('period');
    if (given('deadband') && !atLeastZero(row.deadband)) return wrong('deadband');
    if (given('deadband') && type && !type.deadband && Number(row.deadband.replace(',', '.')) > 0)
      return ofType('deadband');
    if (given('sbo') && row.sbo !== 'true') return wrong('sbo');
    if (given('sbo') && type?.noSbo) return ofType('sbo');
    if (given('feedback') && !isAddress(row.feedback)) return wrong('feedback');
    return undefined;
  },

  /**
   * Only a balanced station sends commands and receives values.
   * @param {PointRow} row
   * @param {string} role
   * @returns {Problem | undefined}
   */
  checkDirection(row, role) {
    const type = telecontrol.typeOf(row.type);
    if (role === 'balanced' || !type || !['in', 'out'].includes(row.direction)) return undefined;
    if (row.direction === telecontrol.directionOf(type, role)) return undefined;
    const message = telecontrol.text('point.directionOfType', { direction: row.direction, type: row.type });
    return { field: 'direction', message };
  },

  /** @param {PointType | undefined} type @param {string} role */
  directionOf(type, role) {
    return type?.direction === (role === 'client' ? 'control' : 'monitor') ? 'out' : 'in';
  },

  /** An address written as another is, decimal or hexadecimal. @param {number} address @param {string | undefined} like */
  writeAddress(address, like) {
    return like?.startsWith('#') ? `#${address.toString(16).toUpperCase()}` : String(address);
  },

  /**
   * A row to follow these: the next free address after the last one, written like it, with its type.
   * @param {readonly PointRow[]} rows
   */
  nextRow(rows) {
    const used = new Set(rows.map((row) => telecontrol.objectAddress(row.ioa)));
    const last = rows.findLast((row) => !Number.isNaN(telecontrol.objectAddress(row.ioa)));
    let address = last ? telecontrol.objectAddress(last.ioa) + 1 : 1;
    while (used.has(address)) address++;
    const type = rows.at(-1)?.type || 'M_SP_TB_1';
    return telecontrol.toRow({ ioa: address <= 16777215 ? telecontrol.writeAddress(address, last?.ioa) : '', type });
  },

  /**
   * Rows with one field of some of them set: as typed, but an address counts up from row to row.
   * @param {readonly PointRow[]} rows
   * @param {readonly number[]} places which rows
   * @param {PointField} field
   * @param {string} value
   */
  setField(rows, places, field, value) {
    const made = [...rows];
    const start = field === 'ioa' && places.length > 1 ? telecontrol.objectAddress(value) : NaN;
    for (const [step, place] of places.entries()) {
      const text = Number.isNaN(start) ? value : telecontrol.writeAddress(start + step, value);
      made[place] = { .../** @type {PointRow} */ (made[place]), [field]: telecontrol.normalized(field, text) };
    }
    return made;
  },

  /**
   * Rows with a block of cells put over them from one cell on, as spreadsheets do. What lies below the last row makes new
   * rows. A single cell fills all of the chosen ones.
   * @param {readonly PointRow[]} rows
   * @param {readonly number[]} places rows in the order they are shown, from the first cell's row on
   * @param {readonly PointField[]} fields columns in the order they are shown, from the first cell's column on
   * @param {readonly (readonly string[])[]} cells
   */
  putBlock(rows, places, fields, cells) {
    const made = [...rows];
    for (const [index, line] of cells.entries()) {
      let place = places[index];
      if (place === undefined) {
        place = made.length;
        made.push(telecontrol.toRow({}));
      }
      /** @type {PointRow} */
      const row = { .../** @type {PointRow} */ (made[place]) };
      for (const [at, field] of fields.entries()) {
        const text = line[at];
        if (text !== undefined) row[field] = telecontrol.normalized(field, text);
      }
      made[place] = row;
    }
    return made;
  },

  /**
   * Rows with others put in: what stands there already, by address and direction, is replaced in the fields that are given.
   * @param {readonly PointRow[]} rows
   * @param {readonly PointRow[]} given
   * @param {readonly PointField[]} fields that were given
   * @param {string} role
   */
  mergePoints(rows, given, fields, role) {
    const made = [...rows];
    const places = new Map(rows.map((row, place) => [telecontrol.pointKey(row, role), place]));
    for (const row of given) {
      const place = places.get(telecontrol.pointKey(row, role));
      const old = place === undefined ? undefined : made[place];
      if (place === undefined || !old) made.push(row);
      else made[place] = { ...old, ...Object.fromEntries(fields.map((field) => [field, row[field]])) };
    }
    return made;
  },

  /**
   * What a point is known by: its address, and its direction after its type.
   * @param {PointRow} row
   * @param {string} role
   */
  pointKey(row, role) {
    const address = telecontrol.objectAddress(row.ioa);
    const direction = row.direction || telecontrol.directionOf(telecontrol.typeOf(row.type), role);
    return `${Number.isNaN(address) ? row.ioa : address} ${direction}`;
  },

  /** Environment variables may make it balanced. @param {unknown} balanced the property */
  serverRole(balanced) {
    return balanced === true || balanced === 'true' || telecontrol.isEnvironment(balanced) ? 'balanced' : 'server';
  },

  /**
   * The editor's validator of the property `points`.
   * @param {unknown} points
   * @param {unknown} _options
   * @param {string} role
   */
  validatePoints(points, _options, role = 'server') {
    if (!Array.isArray(points)) {
      return (
        points === undefined || points === '' || telecontrol.isEnvironment(points) || telecontrol.text('point.array')
      );
    }
    const problems = telecontrol.checkPoints(points.map(telecontrol.toRow), role);
    const index = problems.findIndex((/** @type {Problem | undefined} */ problem) => problem !== undefined);
    if (index < 0) return true;
    return telecontrol.text('point.inRow', { row: index + 1, message: problems[index].message });
  },
});
