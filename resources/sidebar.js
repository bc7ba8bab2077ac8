// The Telecontrol sidebar: its frame, and what its panels share. It asks the runtime only while it is seen.
window.telecontrol = Object.assign(window.telecontrol ?? {}, {
  /**
   * A text of the sidebar's catalogue.
   * @param {string} key
   * @param {Record<string, unknown>} [values]
   */
  say(key, values) {
    return RED._(`node-red-contrib-telecontrol/telecontrol-sidebar:${key}`, values);
  },

  /**
   * A button that shows an icon, and says what it does to whoever does not see it.
   * @param {string} icon of Font Awesome 4
   * @param {string} label
   * @param {() => void} act
   */
  iconButton(icon, label, act) {
    const image = telecontrol.element('i', { class: `fa ${icon}`, 'aria-hidden': 'true' });
    const attributes = { type: 'button', class: 'telecontrol-icon', title: label, 'aria-label': label };
    const button = telecontrol.element('button', attributes, image);
    button.addEventListener('click', act);
    return button;
  },

  /** Writes a text only where it differs: what is selected or read out is left alone. @param {Node} node @param {string} text */
  write(node, text) {
    if (node.textContent !== text) node.textContent = text;
  },

  /**
   * Keeps one element for each item, in their order: those that stay are the same elements as before.
   * @template T
   * @param {HTMLElement} parent
   * @param {T[]} items
   * @param {(item: T) => string} keyOf
   * @param {(item: T) => { element: HTMLElement, update(item: T): void }} create
   */
  keep(parent, items, keyOf, create) {
    /** @type {Map<string, { element: HTMLElement, update(item: T): void }>} */
    const before = telecontrol.kept.get(parent) ?? new Map();
    const after = new Map();
    for (const [i, item] of items.entries()) {
      const key = keyOf(item);
      const part = before.get(key) ?? create(item);
      after.set(key, part);
      part.update(item);
      if (parent.children[i] !== part.element) parent.insertBefore(part.element, parent.children[i] ?? null);
    }
    for (const [key, { element }] of before) if (!after.has(key)) element.remove();
    telecontrol.kept.set(parent, after);
  },
  kept: new WeakMap(),

  /**
   * Asks the runtime. Only the editor's own requests say who is logged in.
   * @param {'GET' | 'POST' | 'DELETE'} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  ask(method, path, body) {
    return new Promise((done, fail) => {
      const content = body === undefined ? {} : { data: JSON.stringify(body), contentType: 'application/json' };
      $.ajax({ method, url: `telecontrol/${path}`, dataType: 'json', cache: method !== 'GET', ...content })
        .done(done)
        .fail((answer) => fail({ status: answer.status, message: answer.responseJSON?.error ?? '' }));
    });
  },

  /**
   * Why the runtime has not answered, in words.
   * @param {{ status: number, message: string }} failure
   * @param {'permission' | 'forbidden'} [refused] what to say of a missing permission
   */
  reason({ status, message }, refused = 'permission') {
    if (status === 401 || status === 403) return telecontrol.say(`error.${refused}`);
    return status === 0 ? telecontrol.say('error.unreachable') : message || telecontrol.say('error.failed', { status });
  },

  /** How long something has lasted: `12:05`, `3:12:05`, `2 d 03:12`. @param {number} ms */
  duration(ms) {
    const seconds = Math.max(0, Math.floor(ms / 1000));
    const two = (/** @type {number} */ number) => String(number).padStart(2, '0');
    const [days, hours, minutes] = [
      Math.floor(seconds / 86400),
      Math.floor(seconds / 3600) % 24,
      Math.floor(seconds / 60) % 60,
    ];
    if (days > 0) return `${days} d ${two(hours)}:${two(minutes)}`;
    return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  },

  /** @param {number} number */
  count(number) {
    return number.toLocaleString();
  },

  /** Adds the sidebar to the editor. */
  addSidebar() {
    const { element, say } = telecontrol;
    const panels = [
      { name: 'lines', panel: new telecontrol.LinesPanel() },
      { name: 'frames', panel: new telecontrol.FramesPanel() },
      { name: 'certificates', panel: new telecontrol.CertificatesPanel() },
    ];
    const mayRead = RED.user.hasPermission('telecontrol.read');
    const content = mayRead
      ? telecontrol.tabbed(panels)
      : element('p', { class: 'telecontrol-empty', role: 'status' }, say('error.permission'));
    const root = element('div', { class: 'telecontrol-sidebar' }, content);
    RED.sidebar.addTab({
      id: 'telecontrol',
      name: say('name'),
      label: say('name'),
      iconClass: 'fa fa-exchange',
      action: 'telecontrol:show-sidebar',
      content: root,
      pinned: true,
      enableOnEdit: true,
    });
    RED.actions.add('telecontrol:show-sidebar', () => RED.sidebar.show('telecontrol'));
    if (mayRead) telecontrol.whileSeen(root, panels);
  },

  /**
   * Tabs as WAI-ARIA describes them: one of them in the order of tabulators, arrows between them.
   * @param {{ name: string, panel: any }[]} panels
   */
  tabbed(panels) {
    const { element, say } = telecontrol;
    const tabs = panels.map(({ name }) =>
      element(
        'button',
        { type: 'button', role: 'tab', id: `telecontrol-tab-${name}`, 'aria-controls': `telecontrol-panel-${name}` },
        say(`tab.${name}`),
      ),
    );
    const bodies = panels.map(({ name, panel }) =>
      element(
        'div',
        { role: 'tabpanel', id: `telecontrol-panel-${name}`, 'aria-labelledby': `telecontrol-tab-${name}` },
        panel.element,
      ),
    );
    const choose = (/** @type {number} */ chosen) => {
      for (const [i, { panel }] of panels.entries()) {
        tabs[i].setAttribute('aria-selected', String(i === chosen));
        tabs[i].tabIndex = i === chosen ? 0 : -1;
        bodies[i].hidden = i !== chosen;
        panel.choose(i === chosen);
      }
    };
    for (const [i, tab] of tabs.entries()) {
      tab.addEventListener('click', () => choose(i));
      tab.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
        const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        const next = (to + tabs.length) % tabs.length;
        choose(next);
        tabs[next].focus();
      });
    }
    choose(0);
    const fragment = document.createDocumentFragment();
    fragment.append(element('div', { role: 'tablist', 'aria-label': say('name') }, ...tabs), ...bodies);
    return fragment;
  },

  /**
   * Tells the panels whether anybody can see them, and about the lines while somebody does.
   * @param {HTMLElement} root
   * @param {{ panel: any }[]} panels
   */
  whileSeen(root, panels) {
    let isSeen = false;
    /** @type {number | undefined} */
    let timer;
    const poll = async () => {
      try {
        const { lines, processes } = await telecontrol.ask('GET', 'lines');
        for (const { panel } of panels) panel.showLines(lines, processes);
      } catch (failure) {
        for (const { panel } of panels) panel.fail(/** @type {any} */ (failure));
      }
      if (isSeen) timer = window.setTimeout(poll, 1000);
    };
    const observer = new IntersectionObserver((entries) => {
      const now = entries.at(-1)?.isIntersecting ?? false;
      if (now === isSeen) return;
      isSeen = now;
      clearTimeout(timer);
      for (const { panel } of panels) panel.see(isSeen);
      if (isSeen) poll();
    });
    observer.observe(root);
  },
});
