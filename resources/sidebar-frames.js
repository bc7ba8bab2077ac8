// The sidebar's second panel, the frame monitor.
(() => {
  /** ms between two looks while nothing more waits. */
  const PAUSE = 400;
  /** ms that the runtime goes on capturing for a panel that is out of sight: one may have looked at something else. */
  const PATIENCE = 5000;
  const CRITERIA = ['line', 'connection', 'direction', 'kind', 'type', 'ca', 'ioa', 'cause', 'text'];

  /** `6 activation, P/N = 1` in the language of the editor. @param {string} meaning */
  const causeMeaning = (meaning) =>
    meaning.replace(/^(\d+) ([\w-]+)/, (_, id, name) => `${id} ${telecontrol.causeText(name)}`);

  class FramesPanel {
    constructor() {
      const { element, say, iconButton } = telecontrol;
      /** The monitor of the runtime that captures for this panel. @type {string | undefined} */
      this.id = undefined;
      this.after = 0;
      this.isSeen = false;
      this.wasChosen = false;
      this.isPaused = false;
      /** Which look is the present one: the answer to an earlier one is not wanted any more. */
      this.look = 0;
      /** @type {Record<string, number>} */
      this.oldest = {};
      /** @type {Map<string, string>} */
      this.names = new Map();
      this.known = '';
      this.list = new telecontrol.FrameList(
        (/** @type {ShownFrame | undefined} */ frame) => this.show(frame),
        (/** @type {boolean} */ isFollowing) => {
          this.newest.hidden = isFollowing;
        },
      );
      this.pauseButton = iconButton('fa-pause', say('frames.pause'), () => this.pause());
      this.pauseButton.setAttribute('aria-pressed', 'false');
      this.newest = iconButton('fa-long-arrow-down', say('frames.newest'), () => {
        this.newest.hidden = true;
        this.list.toEnd();
      });
      this.newest.hidden = true;
      this.counts = element('span', { class: 'telecontrol-counts' });
      this.message = element('p', { class: 'telecontrol-message', role: 'status', hidden: '' });
      this.details = element('div', { class: 'telecontrol-details', hidden: '' });
      this.element = element(
        'div',
        { class: 'telecontrol-monitor' },
        element(
          'div',
          { class: 'telecontrol-tools' },
          this.pauseButton,
          iconButton('fa-ban', say('frames.clear'), () => this.clear()),
          iconButton('fa-download', say('frames.download'), () => this.download()),
          this.newest,
          this.counts,
        ),
        this.filters(),
        this.message,
        this.list.element,
        this.details,
      );
      window.addEventListener('pagehide', () => this.leave());
    }

    filters() {
      const { element, say } = telecontrol;
      /** @type {Record<string, HTMLInputElement | HTMLSelectElement>} */
      this.fields = {};
      const choices = {
        line: [['', say('filter.any')]],
        direction: ['', 'received', 'sent'].map((value) => [
          value,
          say(value === '' ? 'filter.any' : `direction.${value}`),
        ]),
        kind: ['', 'I', 'S', 'U', 'I,U', '?', 'B'].map((value) => [value, say(`filter.kinds.${value || 'any'}`)]),
      };
      const labelled = CRITERIA.map((name) => {
        const options = /** @type {Record<string, string[][]>} */ (choices)[name];
        const attributes = { id: `telecontrol-filter-${name}`, title: say(`filter.hint.${name}`) };
        const field =
          options === undefined
            ? element('input', {
                ...attributes,
                type: name === 'text' ? 'search' : 'text',
                maxlength: '200',
                placeholder: say(`filter.example.${name}`),
                spellcheck: 'false',
                autocomplete: 'off',
              })
            : element(
                'select',
                attributes,
                ...options.map(([value, text]) => element('option', { value }, text ?? '')),
              );
        /** @type {number | undefined} */
        let timer;
        // What is typed counts once the typing rests.
        field.addEventListener('input', () => {
          clearTimeout(timer);
          timer = window.setTimeout(() => this.refilter(), 250);
        });
        /** @type {Record<string, any>} */ (this.fields)[name] = field;
        return { name, label: element('label', { for: attributes.id }, say(`filter.${name}`)), field };
      });
      const rows = labelled.map(({ label, field }) => element('div', {}, label, field));
      const text = /** @type {HTMLElement} */ (rows.at(-1));
      this.more = element('summary', {}, say('filter.more'));
      return element(
        'div',
        { class: 'telecontrol-filters', role: 'search', 'aria-label': say('filter.title') },
        text,
        element('details', {}, this.more, element('div', { class: 'telecontrol-octets-grid' }, ...rows.slice(0, -1))),
      );
    }

    /** The criteria as they stand in the fields. */
    criteria() {
      const given = Object.entries(this.fields ?? {}).map(([name, field]) => {
        const value = field.value.trim();
        return [name, name === 'cause' && value !== '' ? telecontrol.causesAsked(value) : value];
      });
      return Object.fromEntries(given.filter(([, value]) => value !== ''));
    }

    query(more = {}) {
      return new URLSearchParams({ ...this.criteria(), ...more }).toString();
    }

    /** @param {boolean} isChosen */
    choose(isChosen) {
      if (isChosen) this.wasChosen = true;
      this.run();
      if (isChosen) this.list.draw();
    }

    /** @param {boolean} isSeen */
    see(isSeen) {
      this.isSeen = isSeen;
      if (isSeen) this.run();
      else this.patience = window.setTimeout(() => this.leave(), PATIENCE);
    }

    /** @param {any[]} lines */
    showLines(lines) {
      const select = /** @type {HTMLSelectElement} */ (this.fields?.line);
      const known = lines.map(({ id, name }) => `${id} ${name}`).join('\n');
      if (known === this.known) return;
      this.known = known;
      this.names = new Map(lines.map(({ id, name }) => [id, name]));
      const { value } = select;
      const any = new Option(telecontrol.say('filter.any'), '');
      select.replaceChildren(any, ...lines.map(({ id, name }) => new Option(name, id)));
      select.value = this.names.has(value) ? value : '';
      if (select.value !== value) this.refilter();
    }

    fail() {}

    /** Begins to look, unless it does already. */
    run() {
      clearTimeout(this.patience);
      if (this.isSeen && this.wasChosen && !this.isRunning) this.poll(++this.look);
    }

    /** The runtime need not capture any more. */
    leave() {
      this.look++;
      this.isRunning = false;
      clearTimeout(this.timer);
      if (this.id === undefined) return;
      const token = RED.settings.get('auth-tokens')?.access_token;
      const headers = token ? { Authorization: `Bearer ${token}` } : {};
      // Also while the page goes, which ends all other requests.
      const url = `${RED.settings.apiRootUrl ?? ''}telecontrol/monitor/${this.id}`;
      fetch(url, { method: 'DELETE', keepalive: true, headers: /** @type {HeadersInit} */ (headers) }).catch(() => {});
      this.id = undefined;
    }

    /** Shows the frames anew that the filter lets through. */
    refilter() {
      const count = Object.keys(this.criteria()).filter((name) => name !== 'text').length;
      telecontrol.write(
        /** @type {HTMLElement} */ (this.more),
        count === 0 ? telecontrol.say('filter.more') : telecontrol.say('filter.moreSet', { count }),
      );
      this.after = 0;
      this.list.clear();
      this.show(undefined);
      if (this.isRunning) this.poll(++this.look);
    }

    /** @param {number} look */
    async poll(look) {
      this.isRunning = true;
      clearTimeout(this.timer);
      let pause = PAUSE;
      try {
        const more = await this.fetch(look);
        if (more) pause = 0;
      } catch (failure) {
        if (look !== this.look) return;
        const { status } = /** @type {{ status: number }} */ (failure);
        // It has ended, for instance because the computer slept: another one takes its place.
        if (status === 404) this.id = undefined;
        else this.tell(telecontrol.reason(failure));
        pause = status === 404 ? 0 : 3000;
      }
      if (look === this.look) this.timer = window.setTimeout(() => this.poll(look), pause);
    }

    /** One look. @param {number} look @returns whether there is more */
    async fetch(/** @type {number} */ look) {
      if (this.id === undefined) {
        const { id } = await telecontrol.ask('POST', 'monitor');
        this.id = id;
        this.after = 0;
        this.list.clear();
        if (this.isPaused) await telecontrol.ask('POST', `monitor/${id}/pause`, { paused: true });
      }
      const answer = await telecontrol.ask('GET', `monitor/${this.id}/frames?${this.query({ after: this.after })}`);
      if (look !== this.look) return false;
      this.after = answer.last;
      this.tell(answer.wrong ?? '', answer.wrong !== undefined);
      if (answer.frames.length > 0) this.list.append(answer.frames);
      this.state(answer);
      return answer.more;
    }

    /** How the capture stands. @param {any} answer */
    state({ lines, paused, unseen }) {
      const { say, count, write } = telecontrol;
      const oldest = Object.fromEntries(lines.map((/** @type {any} */ line) => [line.id, line.oldest]));
      // What the runtime has no more is not shown any more either: what one sees is what one can save.
      if (JSON.stringify(oldest) !== JSON.stringify(this.oldest))
        this.list.retain((/** @type {ShownFrame} */ frame) => frame.number >= (oldest[frame.line] ?? Infinity));
      this.oldest = oldest;
      const sum = (/** @type {string} */ name) =>
        lines.reduce((/** @type {number} */ total, /** @type {any} */ line) => total + line[name], 0);
      const said = [say('frames.shown', { shown: count(this.list.frames.length), kept: count(sum('kept')) })];
      if (sum('dropped') > 0) said.push(say('frames.dropped', { count: count(sum('dropped')) }));
      if (paused || unseen > 0) said.push(say('frames.unseen', { count: count(unseen) }));
      write(this.counts, said.join(' · '));
    }

    /** @param {string} text @param {boolean} [isWrong] */
    tell(text, isWrong = false) {
      telecontrol.write(this.message, text);
      this.message.hidden = text === '';
      const [criterion] = isWrong ? text.split(':') : [];
      for (const [name, field] of Object.entries(this.fields ?? {}))
        if (name === criterion) field.setAttribute('aria-invalid', 'true');
        else field.removeAttribute('aria-invalid');
    }

    async pause() {
      const { say, ask } = telecontrol;
      this.isPaused = !this.isPaused;
      const { pauseButton, isPaused } = this;
      pauseButton.setAttribute('aria-pressed', String(isPaused));
      pauseButton.title = say(isPaused ? 'frames.resume' : 'frames.pause');
      pauseButton.setAttribute('aria-label', pauseButton.title);
      pauseButton.firstChild.className = `fa ${isPaused ? 'fa-play' : 'fa-pause'}`;
      if (this.id === undefined) return;
      await ask('POST', `monitor/${this.id}/pause`, { paused: isPaused }).catch((/** @type {any} */ failure) =>
        this.tell(telecontrol.reason(failure)),
      );
    }

    async clear() {
      if (this.id !== undefined) await telecontrol.ask('POST', `monitor/${this.id}/clear`, {}).catch(() => {});
      this.refilter();
    }

    /** Saves what is shown as a file for Wireshark. */
    download() {
      if (this.id === undefined || this.element.querySelector('[aria-invalid]') !== null) return;
      const settings = { url: `telecontrol/monitor/${this.id}/capture?${this.query()}`, dataType: 'binary' };
      $.ajax({ ...settings, xhrFields: { responseType: 'blob' } })
        .done((blob, _status, answer) => {
          const given = /filename="([^"]+)"/.exec(answer.getResponseHeader('Content-Disposition') ?? '')?.[1];
          telecontrol.saveFile(given ?? 'telecontrol.pcapng', blob);
        })
        .fail((answer) => this.tell(telecontrol.reason({ status: answer.status, message: '' })));
    }

    /** A frame field by field. @param {ShownFrame | undefined} frame */
    async show(frame) {
      const { element, say, iconButton } = telecontrol;
      this.shown = frame;
      this.details.hidden = frame === undefined;
      if (frame === undefined) return;
      let fields = [];
      try {
        fields = await telecontrol.ask('GET', `fields?kind=${encodeURIComponent(frame.kind)}&octets=${frame.octets}`);
      } catch (failure) {
        this.tell(telecontrol.reason(failure));
      }
      // Meanwhile another may have been chosen.
      if (this.shown !== frame) return;
      const title = [
        new Date(frame.at).toLocaleDateString(),
        telecontrol.timeOfDay(frame.at),
        say(`direction.${frame.direction}`),
        frame.remote,
        this.names.get(frame.line) ?? '',
      ];
      const close = iconButton('fa-times', say('frames.close'), () => {
        this.list.choose(0);
        this.list.element.focus();
      });
      const head = ['octets', 'field', 'meaning'].map((name) => element('th', { scope: 'col' }, say(`frames.${name}`)));
      /** @type {number | undefined} */
      let object;
      const rows = fields.map((/** @type {any} */ field) => {
        // A line between one information object and the next.
        const isNext = field.ioa !== undefined && field.ioa !== object;
        object = field.ioa;
        return element(
          'tr',
          isNext ? { class: 'telecontrol-object' } : {},
          element('td', { class: 'telecontrol-octets' }, field.octets),
          element('th', { scope: 'row' }, field.name),
          element('td', {}, field.name === 'COT' ? causeMeaning(field.meaning) : field.meaning),
        );
      });
      this.details.replaceChildren(
        element('div', { class: 'telecontrol-head' }, element('span', {}, title.filter(Boolean).join(' · ')), close),
        element(
          'div',
          { class: 'telecontrol-fields', tabindex: '0', role: 'region', 'aria-label': say('frames.fields') },
          element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...rows)),
        ),
      );
      // Where there is little height the panel scrolls.
      this.details.scrollIntoView({ block: 'nearest' });
    }
  }

  window.telecontrol = Object.assign(window.telecontrol ?? {}, { FramesPanel });
})();
