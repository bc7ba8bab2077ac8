// A list of thousands of frames: only those that can be seen are in the document.
(() => {
  /** Height of a row in CSS pixels, as in sidebar.css. */
  const ROW = 22;
  /** Rows beyond the visible ones, so that fast scrolling shows no gap. */
  const MARGIN = 10;

  /** @param {number} at ms since 1970 UTC */
  function timeOfDay(at) {
    const time = new Date(at);
    const two = (/** @type {number} */ number) => String(number).padStart(2, '0');
    const ms = String(time.getMilliseconds()).padStart(3, '0');
    return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${ms}`;
  }

  /**
   * The description in the order in which a narrow list says most: type, objects, then cause and addresses; of a refusal
   * the cause first. The sequence numbers apart, which fewer ask for.
   * @param {string} text
   */
  function parts(text) {
    const [, numbers = '', said = text.slice(2)] = /^I (N\(S\)=\d+ N\(R\)=\d+(?: standby)?) (.*)$/s.exec(text) ?? [];
    const [, type, cause, bits, addresses, objects] =
      /^(\w+) \(\d+\) (\S+)((?: P\/N=1| T=1)*) (OA=\d+ CA=\d+) (.*)$/s.exec(said) ?? [];
    if (type === undefined) return { numbers, said, isNegative: false };
    const isNegative = bits?.includes('P/N=1') ?? false;
    const why = telecontrol.causeText(cause) + (bits ?? '');
    const order = isNegative ? [why, objects] : [objects, why];
    return { numbers, said: [type, ...order, addresses].join(' '), isNegative };
  }

  class FrameList {
    /**
     * @param {(frame: ShownFrame | undefined) => void} select is told which frame is chosen
     * @param {(isFollowing: boolean) => void} follow is told whether the newest frames are in sight
     */
    constructor(select, follow) {
      const { element, say } = telecontrol;
      /** @type {ShownFrame[]} */
      this.frames = [];
      /** @type {HTMLElement[]} */
      this.rows = [];
      this.select = select;
      this.follow = follow;
      /** Number of the chosen frame; 0 for none. */
      this.chosen = 0;
      this.isFollowing = true;
      this.isDrawing = false;
      this.body = element('div', { role: 'presentation' });
      this.element = element(
        'div',
        { class: 'telecontrol-frames', role: 'listbox', tabindex: '0', 'aria-label': say('frames.list') },
        this.body,
      );
      this.element.addEventListener('scroll', () => this.scrolled());
      this.element.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => this.key(event));
      this.element.addEventListener('click', (/** @type {MouseEvent} */ event) => {
        const row = /** @type {HTMLElement} */ (event.target).closest('[role="option"]');
        if (row instanceof HTMLElement) this.choose(Number(row.dataset.number));
      });
      new ResizeObserver(() => this.draw()).observe(this.element);
    }

    /** @param {ShownFrame[]} frames newer than those that are there */
    append(frames) {
      this.frames.push(...frames);
      this.draw();
    }

    /** Takes out frames, and leaves those in sight where they are. @param {(frame: ShownFrame) => boolean} isKept */
    retain(isKept) {
      const first = this.first();
      let above = 0;
      const kept = this.frames.filter((frame, i) => {
        const stays = isKept(frame);
        if (!stays && i < first) above++;
        return stays;
      });
      if (kept.length === this.frames.length) return;
      this.frames = kept;
      if (this.frames.length === 0 || this.indexOf(this.chosen) < 0) this.chosen = 0;
      this.draw();
      if (!this.isFollowing) this.element.scrollTop -= above * ROW;
    }

    clear() {
      this.frames = [];
      this.chosen = 0;
      this.isFollowing = true;
      this.draw();
    }

    toEnd() {
      this.isFollowing = true;
      this.draw();
    }

    /** @param {number} number of a frame; 0 for none */
    choose(number) {
      const index = this.indexOf(number);
      this.chosen = index < 0 ? 0 : number;
      if (index >= 0) this.reveal(index);
      this.draw();
      this.select(this.frames[index]);
    }

    /** @param {number} number */
    indexOf(number) {
      let low = 0;
      let high = this.frames.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (/** @type {ShownFrame} */ (this.frames[middle]).number < number) low = middle + 1;
        else high = middle;
      }
      return this.frames[low]?.number === number ? low : -1;
    }

    first() {
      return Math.floor(this.element.scrollTop / ROW);
    }

    /** Scrolls as far as it takes to see a row. @param {number} index */
    reveal(index) {
      const { element } = this;
      const top = index * ROW;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top + ROW > element.scrollTop + element.clientHeight)
        element.scrollTop = top + ROW - element.clientHeight;
    }

    scrolled() {
      const { scrollTop, clientHeight } = this.element;
      const isFollowing = scrollTop + clientHeight >= this.frames.length * ROW - ROW;
      if (isFollowing !== this.isFollowing) {
        this.isFollowing = isFollowing;
        this.follow(isFollowing);
      }
      this.draw();
    }

    /** @param {KeyboardEvent} event */
    key(event) {
      const now = this.indexOf(this.chosen);
      const page = Math.max(1, Math.floor(this.element.clientHeight / ROW) - 1);
      const last = this.frames.length - 1;
      const start = now < 0 ? this.first() - 1 : now;
      const to = {
        ArrowDown: start + 1,
        ArrowUp: now < 0 ? start + 1 : start - 1,
        PageDown: start + page,
        PageUp: start - page,
        Home: 0,
        End: last,
      }[event.key];
      if (event.key === 'Escape' && this.chosen !== 0) {
        event.stopPropagation();
        this.choose(0);
      }
      if (to === undefined || last < 0) return;
      event.preventDefault();
      this.choose(/** @type {ShownFrame} */ (this.frames[Math.min(last, Math.max(0, to))]).number);
    }

    /** Draws what is in sight, once for all changes until the next picture. */
    draw() {
      if (this.isDrawing) return;
      this.isDrawing = true;
      requestAnimationFrame(() => {
        this.isDrawing = false;
        this.drawNow();
      });
    }

    drawNow() {
      const { element, body, frames } = this;
      body.style.height = `${frames.length * ROW}px`;
      if (this.isFollowing) element.scrollTop = frames.length * ROW;
      const from = Math.max(0, this.first() - MARGIN);
      const wanted = Math.min(frames.length - from, Math.ceil(element.clientHeight / ROW) + 2 * MARGIN);
      while (this.rows.length < wanted) {
        const row = this.newRow();
        this.rows.push(row);
        body.append(row);
      }
      for (const [i, row] of this.rows.entries()) {
        row.hidden = i >= wanted;
        if (i < wanted) this.fill(row, from + i);
      }
      const active = this.rows.find((row) => !row.hidden && Number(row.dataset.number) === this.chosen);
      if (active === undefined) element.removeAttribute('aria-activedescendant');
      else element.setAttribute('aria-activedescendant', active.id);
    }

    newRow() {
      const { element } = telecontrol;
      const cells = ['time', 'direction', 'kind', 'from', 'said', 'numbers'];
      return element(
        'div',
        { role: 'option' },
        ...cells.map((cell) => element('span', { class: `telecontrol-${cell}` })),
      );
    }

    /** @param {HTMLElement} row @param {number} index */
    fill(row, index) {
      const frame = /** @type {ShownFrame} */ (this.frames[index]);
      const isChosen = frame.number === this.chosen;
      row.style.transform = `translateY(${index * ROW}px)`;
      row.setAttribute('aria-selected', String(isChosen));
      row.setAttribute('aria-posinset', String(index + 1));
      row.setAttribute('aria-setsize', String(this.frames.length));
      if (row.dataset.number === String(frame.number)) return;
      const { say, write } = telecontrol;
      const { numbers, said, isNegative } = parts(frame.text);
      row.id = `telecontrol-frame-${frame.number}`;
      Object.assign(row.dataset, { number: frame.number, kind: frame.kind, direction: frame.direction });
      row.classList.toggle('telecontrol-negative', frame.kind === '?' || isNegative);
      row.title = `${frame.remote}  ${frame.text}`;
      const arrow = frame.direction === 'sent' ? '→' : '←';
      const texts = [timeOfDay(frame.at), arrow, frame.kind, frame.remote, said, numbers];
      for (const [i, cell] of [...row.children].entries()) write(cell, texts[i] ?? '');
      row.children[1]?.setAttribute('aria-label', say(`direction.${frame.direction}`));
    }
  }

  window.telecontrol = Object.assign(window.telecontrol ?? {}, { FrameList, timeOfDay });
})();
