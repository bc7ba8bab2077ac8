// The dialog of `channel`: which fields count depends on what others say.
window.telecontrol = Object.assign(window.telecontrol ?? {}, {
  /** @param {(value: unknown, options: unknown) => true | string} validate */
  emptyOr(validate) {
    return (/** @type {unknown} */ value, /** @type {unknown} */ options) =>
      String(value ?? '').trim() === '' || validate(value, options);
  },

  /** @param {unknown} value @param {unknown} _options */
  validateMulticastGroup(value, _options) {
    const text = String(value ?? '').trim();
    if (text === '' || telecontrol.isEnvironment(text)) return true;
    const octets = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) ? text.split('.').map(Number) : [];
    const [first = 0] = octets;
    if (first >= 224 && first <= 239 && octets.every((octet) => octet <= 255)) return true;
    return telecontrol.text('error.multicastGroup', { value: text });
  },

  /**
   * The lines of a channel: a server has one or two different ones, a client a line or a redundant line. None is
   * `required: false`: of such the editor does not ask whether nothing is right.
   * @param {string} property
   * @param {string[]} modes that have it
   */
  channelLine(property, modes) {
    return /** @this {EditorNode} */ function (/** @type {unknown} */ value, /** @type {unknown} */ _options) {
      const { chosen, text } = telecontrol;
      const isSet = (/** @type {unknown} */ id) => (id ?? '') !== '' && id !== '_ADD_';
      const name = text(`property.${property}`);
      const mode = chosen(this, 'mode') || 'server';
      const isRedundant = mode === 'client' && isSet(chosen(this, 'redundantLine'));
      if (!modes.includes(mode)) return true;
      if (!isSet(value)) return property !== 'line' || isRedundant || text('error.empty', { property: name });
      if (!telecontrol.isEnvironment(value) && RED.nodes.node(String(value)) === null)
        return RED._('validator.errors.missing-config', { prop: name });
      if (property === 'secondaryLine' && value === chosen(this, 'line'))
        return text('error.sameLine', { property: name });
      if (property === 'redundantLine' && isSet(chosen(this, 'line'))) return text('error.oneLine');
      return true;
    };
  },

  /**
   * Addresses with ports, which only peers have; as the engine reads them.
   * @param {string} property
   * @param {number} least
   * @param {number} most
   */
  endpoints(property, least, most) {
    return /** @this {EditorNode} */ function (/** @type {unknown} */ value, /** @type {unknown} */ _options) {
      const given = String(value ?? '');
      if (telecontrol.chosen(this, 'mode') !== 'peer' || telecontrol.isEnvironment(given.trim())) return true;
      const parts = given.split(',').flatMap((part) => part.trim() || []);
      const isRight = (/** @type {string} */ part) => {
        const port = Number(/^(?:\[[^\]\s]+\]|[^\s:[\]]+):(\d{1,5})$/.exec(part)?.[1]);
        return port >= 1 && port <= 65535;
      };
      if (parts.length >= least && parts.length <= most && parts.every(isRight)) return true;
      return telecontrol.text('error.endpoints', { property: telecontrol.text(`property.${property}`), most });
    };
  },

  /** @param {EditorNode} channel */
  channelForm(channel) {
    for (const property of ['mode', 'sharing', 'downstream', 'dataBits', 'parity', 'stopBits'])
      telecontrol.keepValue(
        `node-config-input-${property}`,
        channel[property] || channel._def.defaults[property].value,
      );
    for (const property of ['mode', 'sharing', 'downstream']) {
      const choice = /** @type {HTMLSelectElement} */ (document.getElementById(`node-config-input-${property}`));
      // An environment variable may say anything: then all fields are shown.
      const show = () => {
        for (const row of document.querySelectorAll(`[data-for^="${property} "]`)) {
          const [, ...values] = (row.getAttribute('data-for') ?? '').split(' ');
          const isShown = values.includes(choice.value) || telecontrol.isEnvironment(choice.value);
          /** @type {HTMLElement} */ (row).style.display = isShown ? '' : 'none';
        }
      };
      $(choice).on('change', show);
      show();
    }
  },
});
