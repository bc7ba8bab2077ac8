// The dialog of `channel`: which fields count depends on what others say.
window.telecontrol = Object.assign(window.telecontrol ?? {}, {
  /**
   * Needed where another property has a certain value.
   * @param {string} property
   * @param {string} other
   * @param {string} value
   */
  neededIn(property, other, value) {
    return /** @this {EditorNode} */ function (/** @type {unknown} */ given, /** @type {unknown} */ options) {
      return this[other] !== value || telecontrol.notEmpty(property)(given ?? '', options);
    };
  },

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
   * The lines of a channel: a server has one or two different ones, a client a line or a redundant line.
   * @param {string} property
   */
  channelLine(property) {
    return /** @this {EditorNode} */ function (/** @type {unknown} */ value, /** @type {unknown} */ _options) {
      const isSet = (/** @type {unknown} */ id) => (id ?? '') !== '' && id !== '_ADD_';
      const name = telecontrol.text(`property.${property}`);
      if (this.mode === 'peer') return true;
      if (property === 'line' && !isSet(value) && !(this.mode === 'client' && isSet(this.redundantLine)))
        return telecontrol.text('error.empty', { property: name });
      if (property === 'secondaryLine' && this.mode === 'server' && isSet(value) && value === this.line)
        return telecontrol.text('error.sameLine', { property: name });
      if (property === 'redundantLine' && this.mode === 'client' && isSet(value) && isSet(this.line))
        return telecontrol.text('error.oneLine');
      return true;
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
