// A dialog over the dialog of a node: what is asked, chosen or looked at for a moment.
window.telecontrol = Object.assign(window.telecontrol ?? {}, {
  /**
   * @param {string} title
   * @param {Node[]} content
   * @param {{ label: string, isPrimary?: boolean, act?: () => boolean | void | (() => void) }[]} buttons each closes the
   *   dialog, unless its `act` says false; a function that it returns is called when the focus is back
   * @param {() => void} [closed]
   * @returns {HTMLDialogElement}
   */
  dialog(title, content, buttons, closed) {
    const { element } = telecontrol;
    const id = `telecontrol-dialog-${Math.random().toString(36).slice(2)}`;
    const dialog = element('dialog', { class: 'telecontrol-dialog red-ui-editor', 'aria-labelledby': id });
    const made = buttons.map(({ label, isPrimary, act }) => {
      const button = element('button', { type: 'button', class: `red-ui-button${isPrimary ? ' primary' : ''}` }, label);
      button.addEventListener('click', () => {
        const then = act?.();
        if (then === false) return;
        dialog.close();
        if (typeof then === 'function') then();
      });
      return button;
    });
    dialog.append(
      element('h3', { id }, title),
      element('div', { class: 'telecontrol-dialog-content' }, ...content),
      element('div', { class: 'telecontrol-dialog-buttons' }, ...made),
    );
    // The editor behind has shortcuts of its own.
    for (const kind of ['keydown', 'keyup', 'keypress'])
      dialog.addEventListener(kind, (/** @type {Event} */ event) => event.stopPropagation());
    dialog.addEventListener('close', () => {
      dialog.remove();
      closed?.();
    });
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
  },
});
