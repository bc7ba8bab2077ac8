// The sidebar's third panel: the certificate files of the lines, as they are on the disk now.
(() => {
  const DAY = 86_400_000;
  /** Days before its end at which a certificate is a matter for today. */
  const SOON = 30;

  /** @param {any} file @param {number} now */
  function validity(file, now) {
    const { say } = telecontrol;
    if (file.validTo === undefined) return { text: '', isSoon: false };
    const days = Math.floor((file.validTo - now) / DAY);
    const date = new Date(file.validTo).toLocaleDateString();
    if (days < 0) return { text: say('certificates.ended', { date }), isSoon: true };
    return { text: say('certificates.ends', { date, days: telecontrol.count(days) }), isSoon: days < SOON };
  }

  /** @param {any} file */
  function card(file) {
    const { element, say } = telecontrol;
    const { text, isSoon } = validity(file, Date.now());
    const problems = file.problems.map((/** @type {string} */ problem) => element('li', {}, problem));
    const details = [
      ['issuer', file.issuer],
      ['serial', file.serial],
      ['fingerprint', file.fingerprint],
      ['revoked', file.revoked],
    ].flatMap(([name, value]) =>
      value === undefined ? [] : [element('dt', {}, say(`certificates.${name}`)), element('dd', {}, String(value))],
    );
    return element(
      'li',
      { class: `telecontrol-certificate${problems.length > 0 || isSoon ? ' telecontrol-warned' : ''}` },
      element(
        'div',
        { class: 'telecontrol-head' },
        element('strong', {}, file.subject ?? file.file.split(/[\\/]/).at(-1)),
        element('span', { class: 'telecontrol-state' }, say(`certificates.use.${file.use}`)),
      ),
      element('div', { class: 'telecontrol-host', title: file.file }, file.file),
      ...(text === '' ? [] : [element('div', { class: 'telecontrol-until' }, text)]),
      ...(problems.length === 0 ? [] : [element('ul', { class: 'telecontrol-notes' }, ...problems)]),
      ...(details.length === 0
        ? []
        : [element('details', {}, element('summary', {}, say('certificates.details')), element('dl', {}, ...details))]),
    );
  }

  class CertificatesPanel {
    constructor() {
      const { element, say } = telecontrol;
      this.message = element('p', { class: 'telecontrol-empty', role: 'status' });
      this.list = element('div');
      this.element = element(
        'div',
        { class: 'telecontrol-certificates' },
        element(
          'div',
          { class: 'telecontrol-tools' },
          telecontrol.iconButton('fa-refresh', say('certificates.read'), () => this.read()),
        ),
        this.message,
        this.list,
      );
    }

    /** @param {boolean} isChosen */
    choose(isChosen) {
      if (isChosen) this.read();
    }

    see() {}
    showLines() {}
    fail() {}

    async read() {
      const { element, say } = telecontrol;
      try {
        /** @type {any[]} */
        const lines = (await telecontrol.ask('GET', 'certificates')).filter(
          (/** @type {any} */ line) => line.files.length > 0,
        );
        this.list.replaceChildren(
          ...lines.map(({ name, files }) =>
            element(
              'section',
              { class: 'telecontrol-line' },
              element('h3', {}, name),
              element('ul', {}, ...files.map(card)),
            ),
          ),
        );
        telecontrol.write(this.message, lines.length === 0 ? say('certificates.none') : '');
      } catch (failure) {
        telecontrol.write(this.message, telecontrol.reason(failure));
      }
      this.message.hidden = this.message.textContent === '';
    }
  }

  window.telecontrol = Object.assign(window.telecontrol ?? {}, { CertificatesPanel });
})();
