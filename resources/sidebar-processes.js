// The communication processes that this runtime is an instance of, and who is active. They stand above the lines.
(() => {
  /** One instance of a process. @param {number} own number of the instance that this runtime is */
  function memberRow(own) {
    const { element, say, write } = telecontrol;
    const flag = element('span', { class: 'telecontrol-flag' });
    const host = element('span', { class: 'telecontrol-remote' });
    const state = element('span', { class: 'telecontrol-state' });
    const row = element('li', { class: 'telecontrol-head telecontrol-member' }, flag, host, state);
    return {
      element: row,
      /** @param {any} member */
      update({ instance, host: at, state: doing, since, isPreferred }) {
        row.dataset.state = doing;
        // Instance 1 is flag B, 2 is C, and so on; who is alone is A.
        write(flag, String.fromCharCode(65 + instance));
        const marks = [
          ...(instance === own ? [say('processes.own')] : []),
          ...(isPreferred ? [say('processes.preferred')] : []),
        ];
        write(host, [instance === 0 ? at : `${instance} · ${at}`, ...marks].join(' · '));
        write(state, `${say(`processes.${doing}`)} · ${telecontrol.duration(Date.now() - since)}`);
        state.title = new Date(since).toLocaleString();
      },
    };
  }

  /** @param {any} first */
  function processCard(first) {
    const { element, say, write, keep } = telecontrol;
    const heading = element('h3', {}, first.process);
    const state = element('span', { class: 'telecontrol-state' });
    const notes = element('ul', { class: 'telecontrol-notes' });
    const members = element('ul', { class: 'telecontrol-members', 'aria-label': say('processes.instances') });
    const card = element(
      'section',
      { class: 'telecontrol-line telecontrol-process', 'aria-label': first.process },
      element('div', { class: 'telecontrol-head' }, element('span', { class: 'telecontrol-dot' }), heading, state),
      notes,
      members,
    );
    return {
      element: card,
      /** @param {any} process */
      update(process) {
        card.dataset.state = process.state;
        card.classList.toggle('telecontrol-active', process.state === 'active');
        card.classList.toggle(
          'telecontrol-warned',
          process.reason !== undefined || process.coordinator.warnings.length > 0,
        );
        write(state, `${say(`processes.${process.state}`)} · ${process.mode}`);
        const told = [
          ...(process.reason === undefined ? [] : [say(`processes.reason.${process.reason}`)]),
          ...process.coordinator.warnings,
        ];
        keep(notes, told, String, () => {
          const note = element('li');
          return { element: note, update: (/** @type {string} */ text) => write(note, text) };
        });
        keep(
          members,
          process.members.map((/** @type {any} */ member) => ({
            ...member,
            isPreferred: member.instance !== 0 && member.instance === process.preferred,
          })),
          (/** @type {any} */ member) => String(member.instance),
          () => memberRow(process.instance),
        );
      },
    };
  }

  window.telecontrol = Object.assign(window.telecontrol ?? {}, { processCard });
})();
