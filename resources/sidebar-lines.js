// The sidebar's first panel: lines, their connections and stations, live.
(() => {
  /** Seconds that a chart shows. */
  const HISTORY = 60;
  const SVG = 'http://www.w3.org/2000/svg';

  /** Frames a second of both directions over the last minute. */
  class Chart {
    constructor() {
      /** @type {{ sent: number, received: number }[]} */
      this.rates = [];
      this.element = document.createElementNS(SVG, 'svg');
      this.element.setAttribute('class', 'telecontrol-chart');
      this.element.setAttribute('viewBox', `0 0 ${HISTORY - 1} 20`);
      this.element.setAttribute('preserveAspectRatio', 'none');
      this.element.setAttribute('role', 'img');
      this.lines = ['received', 'sent'].map((direction) => {
        const line = document.createElementNS(SVG, 'polyline');
        line.setAttribute('class', `telecontrol-${direction}`);
        this.element.append(line);
        return line;
      });
    }

    /**
     * @param {number} at
     * @param {{ framesSent: number, framesReceived: number }} counts
     */
    add(at, { framesSent, framesReceived }) {
      const { last } = this;
      this.last = { at, framesSent, framesReceived };
      if (last === undefined || at <= last.at) return;
      const seconds = (at - last.at) / 1000;
      const rate = (/** @type {number} */ now, /** @type {number} */ before) => Math.max(0, now - before) / seconds;
      this.rates.push({
        sent: rate(framesSent, last.framesSent),
        received: rate(framesReceived, last.framesReceived),
      });
      if (this.rates.length > HISTORY) this.rates.shift();
      this.draw();
    }

    draw() {
      const highest = Math.max(1, ...this.rates.flatMap(({ sent, received }) => [sent, received]));
      const from = HISTORY - this.rates.length;
      for (const [i, direction] of /** @type {const} */ (['received', 'sent']).entries()) {
        const points = this.rates.map((rate, x) => `${from + x},${(19 - (18 * rate[direction]) / highest).toFixed(1)}`);
        this.lines[i]?.setAttribute('points', points.join(' '));
      }
      const now = this.rates.at(-1) ?? { sent: 0, received: 0 };
      this.element.setAttribute('aria-label', telecontrol.say('lines.rates', shown(now)));
    }
  }

  /** @param {{ sent: number, received: number }} rate */
  function shown({ sent, received }) {
    const text = (/** @type {number} */ rate) => (rate > 0 && rate < 9.95 ? rate.toFixed(1) : String(Math.round(rate)));
    return { sent: text(sent), received: text(received) };
  }

  /**
   * A figure with its name.
   * @param {string} name key of the name
   */
  function figure(name) {
    const { element, say } = telecontrol;
    const value = element('dd');
    const label = element('dt', { title: say(`lines.hint.${name}`) }, say(`lines.${name}`));
    return { part: element('div', {}, label, value), value };
  }

  /** Only connections with stations acknowledge: others carry octets of a channel. @param {any} connection */
  const isOfChannel = (connection) => connection.k === undefined;

  /**
   * One connection of a line.
   * @param {string} lineId
   * @param {any} first
   */
  function connectionCard(lineId, first) {
    const { element, say, write, count } = telecontrol;
    const kind = isOfChannel(first) ? 'channel.' : '';
    const chart = new Chart();
    const remote = element('span', { class: 'telecontrol-remote' });
    const flag = element('span', { class: 'telecontrol-flag', title: say('lines.hint.flag') });
    const state = element('span', { class: 'telecontrol-state' });
    const holder = element('span', { class: 'telecontrol-flag', title: say('lines.hint.holder') }, say('lines.holder'));
    const rates = element('span', { class: 'telecontrol-rates' });
    const figures = {
      k: figure('k'),
      w: figure('w'),
      buffered: figure(`${kind}buffered`),
      lost: figure(`${kind}lost`),
      sent: figure(`${kind}sent`),
      received: figure(`${kind}received`),
    };
    let shownRemote = '';
    const disconnect = telecontrol.iconButton('fa-chain-broken', say('lines.disconnect'), () => {
      telecontrol
        .ask('POST', `line/${encodeURIComponent(lineId)}/disconnect`, { remote: shownRemote })
        .catch((/** @type {any} */ failure) => RED.notify(telecontrol.reason(failure, 'forbidden'), 'warning'));
    });
    // Peers that exchange datagrams have no connection, and no flag.
    const isPeer = isOfChannel(first) && !first.flag;
    disconnect.hidden = isPeer || !RED.user.hasPermission('telecontrol.write');
    const card = element(
      'li',
      { class: 'telecontrol-connection' },
      element('div', { class: 'telecontrol-head' }, flag, remote, holder, state, disconnect),
      element('div', { class: 'telecontrol-traffic' }, chart.element, rates),
      element('dl', {}, ...Object.values(figures).map(({ part }) => part)),
    );
    return {
      element: card,
      /** @param {any} connection */
      update(connection) {
        shownRemote = connection.remote;
        card.dataset.state = connection.state;
        write(remote, connection.certificate ? `${connection.remote} · ${connection.certificate}` : connection.remote);
        write(flag, connection.flag ?? '');
        flag.hidden = !connection.flag;
        holder.hidden = !connection.holder;
        const lasted = telecontrol.duration(Date.now() - connection.since);
        const doing = say(`connection.${connection.state}`);
        // Of who has a flag one knows what it does.
        write(state, connection.flag ? lasted : `${doing} · ${lasted}`);
        state.title = doing;
        disconnect.setAttribute('aria-label', say('lines.disconnectOf', { remote: connection.remote }));
        chart.add(Date.now(), connection);
        const now = shown(chart.rates.at(-1) ?? { sent: 0, received: 0 });
        write(rates, `↓ ${now.received}/s  ↑ ${now.sent}/s`);
        figures.k.part.hidden = connection.k === undefined;
        figures.w.part.hidden = connection.w === undefined;
        write(figures.k.value, `${connection.unacknowledged} / ${connection.k}`);
        write(figures.w.value, `${connection.unacknowledgedReceived} / ${connection.w}`);
        figures.k.value.classList.toggle('telecontrol-full', connection.unacknowledged >= connection.k);
        write(figures.buffered.value, count(connection.buffered));
        write(figures.lost.value, count(connection.lost));
        figures.lost.value.classList.toggle('telecontrol-full', connection.lost > 0);
        write(figures.sent.value, count(connection.sent));
        write(figures.received.value, count(connection.received));
      },
    };
  }

  /** A station and whether it is served. @param {any} line */
  function stationChip(line) {
    const { element, say, write } = telecontrol;
    const name = element('span');
    let shownName = '';
    const refresh = telecontrol.iconButton('fa-refresh', say('lines.refresh'), () => {
      telecontrol
        .ask('POST', `line/${encodeURIComponent(line.id)}/refresh`, { station: shownName })
        .catch((/** @type {any} */ failure) => RED.notify(telecontrol.reason(failure, 'forbidden'), 'warning'));
    });
    const chip = element('li', { class: 'telecontrol-station' }, name, refresh);
    return {
      element: chip,
      /** @param {any} station */
      update(station) {
        shownName = station.name;
        chip.dataset.state = station.state;
        write(name, `${station.name} (${station.address})`);
        chip.title = say(station.state === 'StON' ? 'lines.stationOn' : 'lines.stationOff');
        refresh.setAttribute('aria-label', say('lines.refreshOf', { station: station.name }));
        // Whom a line listens for, it waits for: it has nothing to ask, unless both sides may.
        refresh.hidden = (station.isServed && !station.balanced) || !RED.user.hasPermission('telecontrol.write');
      },
    };
  }

  /** Why a connection was closed, or not let in; of an attempt that failed the code of the operating system. @param {string} code */
  const reasonOf = (code) => telecontrol.say(`reason.${code}`, { defaultValue: code });

  /** Which connection was closed last, and who was not let in. @param {any} status */
  function endings({ lastClose, refused = {} }) {
    const { say, count } = telecontrol;
    const told = Object.entries(refused).map(([code, times]) =>
      say('lines.refused', { count: count(times), reason: reasonOf(code) }),
    );
    if (lastClose === undefined) return told;
    return [say('lines.lastClose', { remote: lastClose.remote, reason: reasonOf(lastClose.reason) }), ...told];
  }

  /** One line. @param {any} first */
  function lineCard(first) {
    const { element, say, write, keep } = telecontrol;
    const heading = element('h3', { id: `telecontrol-line-${first.id}` });
    const state = element('span', { class: 'telecontrol-state' });
    const host = element('span', { class: 'telecontrol-host' });
    const flags = element('span', { class: 'telecontrol-flags' });
    const change = telecontrol.iconButton('fa-random', say('lines.switch'), () => {
      telecontrol
        .ask('POST', `line/${encodeURIComponent(first.id)}/switch`, {})
        .catch((/** @type {any} */ failure) => RED.notify(telecontrol.reason(failure, 'forbidden'), 'warning'));
    });
    const notes = element('ul', { class: 'telecontrol-notes' });
    const stations = element('ul', { class: 'telecontrol-stations', 'aria-label': say('lines.stations') });
    const connections = element('ul', { class: 'telecontrol-connections', 'aria-label': say('lines.connections') });
    const card = element(
      'section',
      { class: 'telecontrol-line', 'aria-labelledby': heading.id },
      element(
        'div',
        { class: 'telecontrol-head' },
        element('span', { class: 'telecontrol-dot' }),
        heading,
        flags,
        state,
        change,
      ),
      host,
      notes,
      stations,
      connections,
    );
    return {
      element: card,
      /** @param {any} line */
      update({ id, name, host: at, status }) {
        card.dataset.state = status.state;
        card.classList.toggle('telecontrol-active', status.flags !== '');
        card.classList.toggle('telecontrol-warned', (status.warnings ?? []).length > 0);
        write(heading, name);
        write(host, at);
        write(state, say(`state.${status.state}`));
        state.title = say(`state.${status.state}`);
        write(flags, status.flags);
        flags.hidden = status.flags === '';
        flags.title = say('lines.hint.flags');
        const { flow } = status;
        const isChannel = flow !== undefined || status.connections.some(isOfChannel);
        const lost = status.lost - (flow?.lost ?? 0);
        const hasStandby =
          !isChannel && status.connections.some((/** @type {any} */ connection) => connection.state === 'standby');
        // A line that listens has no say in which connection its partner uses.
        change.hidden = !hasStandby || status.state === 'listening' || !RED.user.hasPermission('telecontrol.write');
        change.setAttribute('aria-label', say('lines.switchOf', { line: name }));
        const told = [
          ...(status.reason === undefined ? [] : [status.reason]),
          ...(status.warnings ?? []),
          ...(lost > 0
            ? [say(isChannel ? 'lines.channel.lostOfLine' : 'lines.lostOfLine', { count: telecontrol.count(lost) })]
            : []),
          ...(flow === undefined
            ? []
            : [
                say('lines.channel.flow', {
                  buffered: telecontrol.count(flow.buffered),
                  lost: telecontrol.count(flow.lost),
                }),
              ]),
          ...endings(status),
        ];
        keep(notes, told, String, () => {
          const note = element('li');
          return { element: note, update: (/** @type {string} */ text) => write(note, text) };
        });
        const isServed = status.state === 'listening';
        keep(
          stations,
          status.stations.map((/** @type {object} */ station) => ({ ...station, isServed })),
          (/** @type {any} */ station) => String(station.address),
          () => stationChip({ id }),
        );
        keep(
          connections,
          status.connections,
          (/** @type {any} */ connection) => `${connection.remote} ${connection.since}`,
          (/** @type {any} */ connection) => connectionCard(id, connection),
        );
      },
    };
  }

  class LinesPanel {
    constructor() {
      const { element, say } = telecontrol;
      this.message = element('p', { class: 'telecontrol-empty', role: 'status' }, say('lines.loading'));
      this.processes = element('div');
      this.list = element('div');
      this.element = element('div', { class: 'telecontrol-lines' }, this.message, this.processes, this.list);
    }

    choose() {}
    see() {}

    /** @param {any[]} lines @param {any[]} processes */
    showLines(lines, processes) {
      const { processCard, keep } = telecontrol;
      keep(this.processes, processes, (/** @type {any} */ { process }) => process, processCard);
      telecontrol.write(this.message, lines.length === 0 ? telecontrol.say('lines.none') : '');
      this.message.hidden = lines.length > 0;
      const sorted = [...lines].sort((a, b) => a.name.localeCompare(b.name));
      keep(this.list, sorted, (/** @type {any} */ line) => line.id, lineCard);
    }

    /** @param {{ status: number, message: string }} failure */
    fail(failure) {
      this.message.hidden = false;
      telecontrol.write(this.message, telecontrol.reason(failure));
    }
  }

  window.telecontrol = Object.assign(window.telecontrol ?? {}, { LinesPanel });
})();
