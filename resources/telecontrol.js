// What the dialogs of all nodes share: texts, validators, labels.
// The editor loads the scripts of a node in no fixed order and once for each node: so every script only adds its part to
// one object, and uses the parts of others when it is called, not when it is loaded.
window.telecontrol = Object.assign(window.telecontrol ?? {}, {
  /**
   * A text of the shared catalogue: it is that of tcp-line, without which no other node works.
   * @param {string} key
   * @param {Record<string, unknown>} [values]
   */
  text(key, values) {
    return RED._(`node-red-contrib-telecontrol/tcp-line:shared.${key}`, values);
  },

  /** The runtime replaces a property that is `${NAME}` as a whole. @param {unknown} value */
  isEnvironment(value) {
    return /^\$\{[^}]+\}$/.test(String(value));
  },

  /**
   * An information object address: decimal, or hexadecimal after a #. NaN if it is none.
   * @param {unknown} value
   */
  objectAddress(value) {
    const text = String(value).trim();
    const address = /^\d+$/.test(text) ? Number(text) : /^#[0-9a-f]+$/i.test(text) ? parseInt(text.slice(1), 16) : NaN;
    return address <= 16777215 ? address : NaN;
  },

  /**
   * What a property is; while the dialog of its node is open, what is chosen there.
   * @param {EditorNode} node
   * @param {string} property
   */
  chosen(node, property) {
    const isOpen = RED.editor.getEditStack().at(-1) === node;
    const field = isOpen ? $(`#node-config-input-${property}, #node-input-${property}`) : $();
    if (field.length === 0) return node[property];
    const value = field.is(':checkbox') ? field.prop('checked') : field.val();
    // So the editor calls it that no configuration node is chosen.
    return value === '_ADD_' ? '' : value;
  },

  // Validators. The editor takes a returned string as the reason only of functions that declare both parameters.

  /**
   * @param {string} property key of its name in the catalogue
   * @param {number} min
   * @param {number} max
   */
  wholeNumber(property, min, max) {
    return (/** @type {unknown} */ value, /** @type {unknown} */ _options) => {
      const text = String(value ?? '').trim();
      // What a flow leaves out has its default, and so has a field that is empty: it shows it.
      if (text === '' || telecontrol.isEnvironment(text)) return true;
      if (/^\d+$/.test(text) && Number(text) >= min && Number(text) <= max) return true;
      return telecontrol.text('error.wholeNumber', { property: telecontrol.text(`property.${property}`), min, max });
    };
  },

  /** @param {string} property */
  notEmpty(property) {
    return (/** @type {unknown} */ value, /** @type {unknown} */ _options) =>
      String(value).trim() !== '' ||
      telecontrol.text('error.empty', { property: telecontrol.text(`property.${property}`) });
  },

  /**
   * Needed where another property has a certain value.
   * @param {string} property
   * @param {string} other
   * @param {string} value
   */
  neededIn(property, other, value) {
    return /** @this {EditorNode} */ function (/** @type {unknown} */ given, /** @type {unknown} */ options) {
      return telecontrol.chosen(this, other) !== value || telecontrol.notEmpty(property)(given ?? '', options);
    };
  },

  /**
   * One of two properties that only count together; the other may come from elsewhere, but not half of the pair.
   * @param {string} property
   * @param {string} other
   */
  pairOf(property, other) {
    return /** @this {EditorNode} */ function (/** @type {unknown} */ value, /** @type {unknown} */ _options) {
      const isHalf = String(value ?? '').trim() === '' && String(telecontrol.chosen(this, other) ?? '').trim() !== '';
      if (!isHalf) return true;
      return telecontrol.text('error.pair', {
        property: telecontrol.text(`property.${property}`),
        other: telecontrol.text(`property.${other}`),
      });
    };
  },

  /**
   * @param {string} property
   * @param {string[]} allowed
   */
  oneOf(property, allowed) {
    return (/** @type {string} */ value, /** @type {unknown} */ _options) =>
      (value ?? '') === '' ||
      allowed.includes(value) ||
      telecontrol.isEnvironment(value) ||
      telecontrol.text('error.oneOf', {
        property: telecontrol.text(`property.${property}`),
        allowed: allowed.join(', '),
      });
  },

  /** @param {unknown} value @param {unknown} _options */
  validateObjectAddress(value, _options) {
    const text = String(value ?? '').trim();
    if (text === '' || telecontrol.isEnvironment(text) || !Number.isNaN(telecontrol.objectAddress(text))) return true;
    return telecontrol.text('error.objectAddress', { value: text });
  },

  /** @param {unknown} value @param {unknown} _options */
  validateTimeZone(value, _options) {
    const text = String(value ?? '').trim();
    if (/^(utc|local)?$/.test(text) || telecontrol.isEnvironment(text)) return true;
    // The widest offsets in use are UTC-12 and UTC+14.
    if (/^[+-]?\d+$/.test(text) && Number(text) >= -720 && Number(text) <= 840) return true;
    return telecontrol.text('error.timeZone', { value: text });
  },

  /** Only the form is checked here; the runtime names unknown keywords. @param {unknown} value @param {unknown} _options */
  validateParameters(value, _options) {
    const text = String(value ?? '').trim();
    if (telecontrol.isEnvironment(text)) return true;
    const wrong = text.split(';').find((part) => part.trim() !== '' && !/^[^=]*[^=\s][^=]*=/.test(part));
    return wrong === undefined || telecontrol.text('error.parameters', { part: wrong.trim() });
  },

  /**
   * A common address, which no other station on the same line may have. `this` is the station.
   * @this {EditorNode}
   * @param {unknown} value
   * @param {unknown} options
   */
  validateCommonAddress(value, options) {
    const result = telecontrol.wholeNumber('address', 1, 65534)(value, options);
    const lineOf = (/** @type {EditorNode} */ node) =>
      telecontrol.chosen(node, 'line') || telecontrol.chosen(node, 'redundantLine');
    if (result !== true || !lineOf(this) || telecontrol.isEnvironment(value)) return result;
    /** @type {EditorNode | undefined} */
    let other;
    RED.nodes.eachConfig((node) => {
      const station = /^iec104-(server|client)-station$/.test(node.type) && node.id !== this.id && !node.d;
      if (station && lineOf(node) === lineOf(this) && Number(node.address) === Number(value)) other = node;
    });
    return (
      !other ||
      telecontrol.text('error.addressTwice', { address: Number(value), station: telecontrol.stationLabel(other) })
    );
  },

  // Labels

  /** @param {EditorNode} line */
  lineLabel(line) {
    const host = line.host ?? line.primaryHost ?? '';
    return line.name || telecontrol.text('label.line', { host, port: line.port ?? line.primaryPort ?? '' });
  },

  /** @param {EditorNode} station */
  stationLabel(station) {
    return station.name || telecontrol.text('label.station', { address: station.address ?? '' });
  },

  /**
   * A node that stands for a point or a whole station: the tag says most, then the address, then the station.
   * @param {EditorNode} node
   */
  pointLabel(node) {
    if (node.name) return node.name;
    const station = RED.nodes.node(node.station);
    if (node.ioa === undefined || node.ioa === '') return station ? telecontrol.stationLabel(station) : '';
    const address = telecontrol.objectAddress(node.ioa);
    const points = Array.isArray(station?.points) ? station.points : [];
    const point = points.find((/** @type {PointRow} */ p) => telecontrol.objectAddress(p.ioa) === address);
    return point?.tag || `${station?.address ?? ''}/${node.ioa}`;
  },

  // Causes of transmission

  /**
   * A cause in the language of the editor, of one without a name its number. Groups have their number behind their name.
   * @param {string} name as messages carry it
   */
  causeText(name) {
    const [, kind = name, group] = /^(.+-group)-(\d+)$/.exec(name) ?? [];
    return telecontrol.text(`cause.${kind}`, { group, defaultValue: name });
  },

  /**
   * A list of causes with names of the editor's language in it, as the runtime takes it.
   * @param {string} list
   */
  causesAsked(list) {
    const groups = (/** @type {string} */ kind, /** @type {number} */ count) =>
      Array.from({ length: count }, (_, i) => `${kind}-group-${i + 1}`);
    const names = [
      ...['periodic', 'background', 'spontaneous', 'initialized', 'request', 'activation', 'activation-confirmation'],
      ...['deactivation', 'deactivation-confirmation', 'activation-termination', 'remote', 'local', 'file'],
      ...[
        'interrogation',
        ...groups('interrogation', 16),
        'counter-interrogation',
        ...groups('counter-interrogation', 4),
      ],
      ...['unknown-type', 'unknown-cause', 'unknown-common-address', 'unknown-object-address'],
    ];
    const asked = list.split(',').flatMap((part) => {
      const wanted = part.trim().toLowerCase();
      const fits = wanted.includes('*')
        ? telecontrol.mask(wanted)
        : (/** @type {string} */ text) => text.toLowerCase() === wanted;
      const found = names.filter((name) => telecontrol.causeText(name) !== name && fits(telecontrol.causeText(name)));
      // With an asterisk it may fit the runtime's names as well.
      return found.length > 0 && !wanted.includes('*') ? found : [part.trim(), ...found];
    });
    return asked.join(',');
  },

  // Document

  /**
   * @template {keyof HTMLElementTagNameMap} T
   * @param {T} tag
   * @param {Record<string, string>} [attributes]
   * @param {(Node | string)[]} children
   */
  element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  },

  /**
   * @param {string} symbol of Font Awesome
   * @param {string} label
   * @param {() => void} click
   */
  button(symbol, label, click) {
    const made = telecontrol.element(
      'button',
      { type: 'button', class: 'red-ui-button red-ui-button-small' },
      telecontrol.element('i', { class: `fa ${symbol}`, 'aria-hidden': 'true' }),
      ` ${label}`,
    );
    made.addEventListener('click', click);
    return made;
  },

  /**
   * A test of texts: with asterisks the whole text has to be as the mask says, without the mask has to be in it.
   * @param {string} mask
   * @returns {(text: string) => boolean}
   */
  mask(mask) {
    const wanted = mask.trim().toLowerCase();
    if (!wanted.includes('*')) return (text) => text.toLowerCase().includes(wanted);
    const parts = wanted.split('*');
    const [first = ''] = parts;
    const last = parts.at(-1) ?? '';
    // Not by a regular expression: one with many asterisks can take for ever.
    return (text) => {
      const lower = text.toLowerCase();
      if (!lower.startsWith(first) || !lower.endsWith(last) || lower.length < first.length + last.length) return false;
      let from = first.length;
      for (const part of parts.slice(1, -1)) {
        const found = lower.indexOf(part, from);
        if (found < 0) return false;
        from = found + part.length;
      }
      return from <= lower.length - last.length;
    };
  },

  // Fields

  /**
   * A select shows nothing for a value that it has no option for, such as `${NAME}`: give it one.
   * @param {string} id
   * @param {unknown} value
   */
  keepValue(id, value) {
    const select = /** @type {HTMLSelectElement} */ (document.getElementById(id));
    const text = String(value ?? '');
    if (text !== '' && ![...select.options].some((option) => option.value === text)) select.add(new Option(text, text));
    if (text !== '') select.value = text;
  },

  /**
   * Offers the addresses of a station's points of one direction in the `ioa` field, for as long as the dialog is open.
   * @param {string} direction monitor or control
   */
  offerPoints(direction) {
    const station = /** @type {HTMLSelectElement} */ (document.getElementById('node-input-station'));
    const list = document.createElement('datalist');
    list.id = 'telecontrol-points-offered';
    const input = /** @type {HTMLInputElement} */ (document.getElementById('node-input-ioa'));
    input.after(list);
    input.setAttribute('list', list.id);
    // Thousands of options take longer than the rest of the dialog: they are made when somebody is about to choose.
    let isOffered = false;
    const offer = () => {
      if (isOffered) return;
      isOffered = true;
      const points = RED.nodes.node(station.value)?.points;
      const offered = (Array.isArray(points) ? points : []).filter(
        (/** @type {PointRow} */ point) => telecontrol.typeOf(point.type)?.direction === direction,
      );
      list.replaceChildren(
        ...offered.map((point) => new Option(`${point.tag ?? ''} ${point.type}`.trim(), String(point.ioa))),
      );
    };
    input.addEventListener('focus', offer);
    // jQuery's own event: the editor changes the select after its dialog for a new station without a native one.
    $(station).on('change', () => {
      isOffered = false;
      if (document.activeElement === input) offer();
    });
  },

  /**
   * The time zone is one property, `utc`, `local` or minutes: a choice, and a field for the minutes.
   * @param {string} choiceId
   * @param {string} fieldId the property's own input
   */
  timeZoneField(choiceId, fieldId) {
    const choice = /** @type {HTMLSelectElement} */ (document.getElementById(choiceId));
    const field = /** @type {HTMLInputElement} */ (document.getElementById(fieldId));
    const named = (/** @type {string} */ value) => value === 'utc' || value === 'local';
    if (field.value === '') field.value = 'utc';
    choice.value = named(field.value) ? field.value : 'minutes';
    field.hidden = named(field.value);
    choice.addEventListener('change', () => {
      field.value = choice.value === 'minutes' ? '60' : choice.value;
      field.hidden = named(field.value);
      if (!field.hidden) field.focus();
      $(field).trigger('change');
    });
  },

  /**
   * Saves a document of the runtime. Not by a link: only the editor's own requests say who is logged in.
   * @param {string} path below the editor's address
   * @param {string} name of the file, where the runtime gives none
   * @param {string} failed what to say when there is no such document
   */
  download(path, name, failed) {
    // As octets: a text loses its byte order mark.
    $.ajax({ url: path, dataType: 'binary', xhrFields: { responseType: 'blob' } })
      .done((content, _status, answer) => {
        const given = /filename="([^"]+)"/.exec(answer.getResponseHeader('Content-Disposition') ?? '')?.[1];
        telecontrol.saveFile(given ?? name, content);
      })
      .fail(() => RED.notify(failed, 'warning'));
  },

  /** The buttons of a station's dialog that save its documents. @param {EditorNode} station */
  documentButtons(station) {
    $('.telecontrol-document').on('click', ({ currentTarget }) => {
      const { document: name, format } = /** @type {HTMLElement} */ (currentTarget).dataset;
      const separator = telecontrol.listSeparator();
      const path = `telecontrol/station/${station.id}/${name}?${new URLSearchParams({ format: `${format}`, separator })}`;
      telecontrol.download(path, `${name}.${format}`, telecontrol.text('documents.failed'));
    });
  },

  /** Hands a text or a file to the browser, to be saved. @param {string} name @param {string | Blob} content */
  saveFile(name, content) {
    const url = URL.createObjectURL(new Blob([content]));
    const link = telecontrol.element('a', { href: url, download: name });
    link.click();
    // Once the browser has begun to save it.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  },
});
