// What the dialogs of both line types share, and of the nodes that choose a line of either type.
window.telecontrol = Object.assign(window.telecontrol ?? {}, {
  /** The TLS properties of a line. */
  tlsDefaults() {
    return {
      partnerCertificates: { value: '' },
      myCertificate: { value: '', validate: telecontrol.pairOf('myCertificate', 'myKey') },
      myKey: { value: '', validate: telecontrol.pairOf('myKey', 'myCertificate') },
      crl: { value: '' },
      verifyPartner: { value: true },
      pskIdentity: { value: '' },
      tls: { value: '', type: 'tls-config', required: false },
      // Whether any of these was set here: a line that has lost them elsewhere must not open in plain TCP.
      tlsRequired: { value: false },
    };
  },

  /** What is configured is shown; what is not takes no room. @param {EditorNode} line */
  openTls(line) {
    const used = ['partnerCertificates', 'myCertificate', 'myKey', 'crl', 'tls', 'pskIdentity'].some(
      (name) => line[name],
    );
    const secret = line.credentials?.has_preSharedKey || line.credentials?.preSharedKey;
    $('#telecontrol-line-tls').prop('open', Boolean(used || secret || line.verifyPartner === false));
    // Flows of earlier versions leave it out, and left out it is on.
    $('#node-config-input-verifyPartner').prop(
      'checked',
      line.verifyPartner !== false && line.verifyPartner !== 'false',
    );
  },

  /** Whether the dialog says anything of TLS. */
  saysTls() {
    const fields = ['partnerCertificates', 'myCertificate', 'myKey', 'crl', 'tls', 'pskIdentity', 'preSharedKey'];
    const value = (/** @type {string} */ field) => $(`#node-config-input-${field}`).val() || '';
    return fields.some((field) => value(field) !== '' && value(field) !== '_ADD_');
  },

  /**
   * Hosts that a line connects to: up to 8 addresses or names.
   * @param {string} property key of its name in the catalogue
   * @param {(node: EditorNode) => boolean} [needed] whether there must be one
   */
  hosts(property, needed = () => true) {
    return /** @this {EditorNode} */ function (/** @type {unknown} */ value, /** @type {unknown} */ _options) {
      const text = String(value ?? '').trim();
      if (telecontrol.isEnvironment(text) || !needed(this)) return true;
      const hosts = text.split(/[,;]/).filter((host) => host.trim() !== '');
      const isWrong = hosts.length > 8 || hosts.some((host) => /[\s*/]/.test(host.trim()));
      if (hosts.length > 0 && !isWrong) return true;
      return telecontrol.text('error.hosts', { property: telecontrol.text(`property.${property}`) });
    };
  },

  /**
   * A line of one of both types, each in a property of its own; a flow file may name either in `line`. Neither is
   * `required: false`: of such the editor does not ask whether nothing is right.
   */
  lineDefaults() {
    return {
      line: {
        value: '',
        type: 'tcp-line',
        validate: telecontrol.lineIn('redundantLine'),
        label: telecontrol.text('property.line'),
      },
      redundantLine: {
        value: '',
        type: 'tcp-line-redundant',
        validate: telecontrol.lineIn('line'),
        label: telecontrol.text('property.redundantLine'),
      },
    };
  },

  /**
   * One of two properties, exactly one of which names a line that exists.
   * @param {string} other
   */
  lineIn(other) {
    return /** @this {EditorNode} */ function (/** @type {string} */ value, /** @type {unknown} */ _options) {
      const isThere = telecontrol.isEnvironment(value) || RED.nodes.node(value) !== null;
      const isOther = Boolean(telecontrol.chosen(this, other));
      if (value && value !== '_ADD_' ? isThere && !isOther : isOther) return true;
      return telecontrol.text('error.oneLine');
    };
  },

  /**
   * Shows the field of the chosen type of line, and not that of the other.
   * @param {string} prefix of the ids of the node's fields
   * @param {EditorNode} node
   */
  chooseLine(prefix, node) {
    const kind = /** @type {HTMLSelectElement} */ (document.getElementById('telecontrol-line-kind'));
    const show = () => {
      $('#telecontrol-line-plain').toggle(kind.value === 'line');
      $('#telecontrol-line-redundant').toggle(kind.value === 'redundantLine');
    };
    kind.value = node.redundantLine ? 'redundantLine' : 'line';
    kind.addEventListener('change', () => {
      // The other is not chosen any more; the editor's own value for nothing is either of these.
      const other = $(`#${prefix}${kind.value === 'line' ? 'redundantLine' : 'line'}`);
      other.val(other.find('option[value="_ADD_"]').length > 0 ? '_ADD_' : '').trigger('change');
      show();
    });
    show();
  },
});
