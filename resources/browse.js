// Address dialogs: what a deployed line has received so far, to choose an address from instead of typing it.
window.telecontrol = Object.assign(window.telecontrol ?? {}, {
  /** ms between two looks at what has come. */
  browsePeriod: 1000,

  /** The line that a station's dialog names at present, by its node's id; none while it is not chosen or comes from elsewhere. */
  browsedLine() {
    // A client station has two fields, and says which of them counts.
    const kind = /** @type {HTMLSelectElement | null} */ (document.getElementById('telecontrol-line-kind'));
    const id = `node-config-input-${kind?.value ?? 'line'}`;
    const { value = '' } = /** @type {HTMLInputElement | null} */ (document.getElementById(id)) ?? {};
    return RED.nodes.node(value) ? value : undefined;
  },

  /**
   * Looks again and again, as long as a dialog is open, one question after the other.
   * @param {() => Promise<void>} look
   */
  everySoOften(look) {
    let isOpen = true;
    const again = async () => {
      await look();
      if (isOpen) setTimeout(() => isOpen && again(), telecontrol.browsePeriod);
    };
    void again();
    return () => {
      isOpen = false;
    };
  },

  /**
   * A dialog with a grid of what has come, its refresh, and what it says.
   * @template {object} R
   * @param {object} options
   * @param {string} options.title
   * @param {string} options.url of what is shown, and forgotten by Refresh
   * @param {GridColumn[]} options.columns
   * @param {(row: R, field: string) => string} options.text
   * @param {(cell: HTMLElement, row: R, field: string) => void} [options.show]
   * @param {(row: R) => string} options.identity
   * @param {(answer: any) => { rows: R[], said: string }} options.read what an answer makes of the rows
   * @param {() => Record<string, string>} [options.query] beside the url
   * @param {() => void} options.forget what was read so far
   * @param {(rows: R[]) => void} options.take
   */
  browse({ title, url, columns, text: textOf, show, identity, read, query, forget, take }) {
    const { element, button, text } = telecontrol;
    /** @type {R[]} */
    let rows = [];
    const said = element('p', { role: 'status', class: 'telecontrol-muted' });
    const frame = element('div', { class: 'telecontrol-table telecontrol-browse' });
    const chosen = () => grid.selection().places.flatMap((/** @type {number} */ place) => rows[place] ?? []);
    const look = () =>
      new Promise((/** @type {(value: void) => void} */ done) => {
        $.ajax({ url, data: query?.() ?? {}, dataType: 'json', cache: false })
          .done((answer) => {
            const made = read(answer);
            // Without something new nothing is drawn.
            if (made.rows !== rows) grid.setRows(made.rows);
            rows = made.rows;
            said.textContent = made.said;
          })
          .fail((request) => {
            said.textContent = text(request.status === 404 ? 'browse.notDeployed' : 'browse.failed');
          })
          .always(() => done());
      });
    const refresh = button('fa-refresh', text('browse.refresh'), () => {
      $.ajax({ url, method: 'DELETE' })
        .done(() => {
          forget();
          rows = [];
          grid.setRows(rows);
          void look();
        })
        .fail((request) =>
          RED.notify(
            text(request.status === 401 || request.status === 403 ? 'browse.forbidden' : 'browse.failed'),
            'warning',
          ),
        );
    });
    const finish = (/** @type {R[]} */ taken) => {
      dialog.close();
      take(taken);
    };
    /** @type {Grid<R>} */
    const grid = telecontrol.grid(frame, {
      label: title,
      empty: text('browse.empty'),
      columns,
      isReadOnly: true,
      text: textOf,
      ...(show ? { show } : {}),
      identity,
      activate: (/** @type {R} */ row) => finish([row]),
    });
    frame.prepend(element('div', { class: 'telecontrol-bar' }, refresh, said));
    const stop = telecontrol.everySoOften(look);
    const dialog = telecontrol.dialog(
      title,
      [frame, element('div', { class: 'telecontrol-note' }, text('browse.how'))],
      [
        { label: text('button.cancel') },
        {
          label: text('browse.take'),
          isPrimary: true,
          act: () => {
            const taken = chosen();
            return taken.length > 0 && (() => take(taken));
          },
        },
      ],
      stop,
    );
    grid.element.focus();
  },

  /** ms since 1970 as date and time of this browser, to the millisecond. @param {number | undefined} ms */
  timeText(ms) {
    if (ms === undefined) return '';
    const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
    return local.toISOString().slice(0, -1).replace('T', ' ');
  },

  /**
   * Chooses a common address among those that have come on the line.
   * @param {(address: number) => void} take
   */
  browseAddresses(take) {
    const { text, timeText } = telecontrol;
    const line = telecontrol.browsedLine();
    if (!line) return RED.notify(text('browse.noLine'), 'warning');
    const nameOf = (/** @type {number} */ address) => {
      /** @type {string[]} */
      const names = [];
      RED.nodes.eachConfig((node) => {
        const isStation = /^iec104-(server|client)-station$/.test(node.type);
        const isHere = [node.line, node.redundantLine].includes(line);
        if (isStation && isHere && Number(node.address) === address) names.push(telecontrol.stationLabel(node));
      });
      if (address === 65535) names.push(text('browse.broadcast'));
      return names.join(', ');
    };
    /** @type {SeenAddress[]} */
    let rows = [];
    telecontrol.browse({
      title: text('browse.addresses'),
      url: `telecontrol/line/${line}/seen`,
      columns: [
        { field: 'commonAddress', width: 130, look: 'number', title: text('browse.column.commonAddress') },
        { field: 'station', width: 200, grow: 1, title: text('browse.column.station') },
        { field: 'count', width: 100, look: 'number', title: text('browse.column.count') },
        { field: 'objects', width: 100, look: 'number', title: text('browse.column.objects') },
        { field: 'at', width: 210, title: text('browse.column.at') },
      ],
      text: (/** @type {SeenAddress} */ row, /** @type {string} */ field) => {
        if (field === 'station') return nameOf(row.commonAddress);
        return field === 'at' ? timeText(row.at) : String(row[/** @type {'count'} */ (field)]);
      },
      identity: (/** @type {SeenAddress} */ row) => String(row.commonAddress),
      read: (/** @type {{ addresses: SeenAddress[], overflow: { addresses: number } }} */ { addresses, overflow }) => {
        // The same once more is nothing new.
        if (JSON.stringify(addresses) !== JSON.stringify(rows)) rows = addresses;
        return { rows, said: telecontrol.seenText(rows.length, overflow.addresses) };
      },
      forget: () => {
        rows = [];
      },
      take: (/** @type {SeenAddress[]} */ [row]) => row && take(row.commonAddress),
    });
  },

  /**
   * Puts the button in place that chooses a common address for a field.
   * @param {string} placeId
   * @param {string} fieldId
   */
  browseButton(placeId, fieldId) {
    const button = telecontrol.button('fa-search', telecontrol.text('browse.button'), () =>
      telecontrol.browseAddresses((/** @type {number} */ address) => {
        $(`#${fieldId}`).val(address).trigger('change').trigger('focus');
      }),
    );
    document.getElementById(placeId)?.replaceChildren(button);
  },

  /** @param {number} n @param {number} missed */
  seenText(n, missed) {
    const there = telecontrol.text('browse.seen', { n });
    return missed > 0 ? `${there} ${telecontrol.text('browse.missed', { n: missed })}` : there;
  },

  /**
   * The Item Browser: chooses objects among those that have come for the common address of a station.
   * @param {readonly PointRow[]} points those that it has
   * @param {(items: { ioa: number, type?: string }[]) => void} take
   */
  browseItems(points, take) {
    const { text, timeText, element } = telecontrol;
    const line = telecontrol.browsedLine();
    const fieldOf = (/** @type {string} */ property) =>
      /** @type {HTMLInputElement | null} */ (document.getElementById(`node-config-input-${property}`))?.value ?? '';
    const address = fieldOf('address').trim();
    if (!line) return RED.notify(text('browse.noLine'), 'warning');
    if (!/^\d+$/.test(address)) return RED.notify(text('browse.noAddress'), 'warning');
    /** @type {Map<string, string>} */
    const tags = new Map();
    for (const { ioa, type, tag } of points)
      tags.set(`${telecontrol.objectAddress(ioa)} ${telecontrol.typeOf(type)?.direction}`, tag);
    /** @type {Map<string, SeenItem>} */
    let items = new Map();
    /** @type {SeenItem[]} */
    let rows = [];
    let state = '';
    let since = 0;
    const keyOf = (/** @type {SeenItem} */ item) => `${item.ioa} ${telecontrol.untimedType(item.type)}`;
    const forget = () => {
      items = new Map();
      rows = [];
      state = '';
    };
    const valueText = (/** @type {unknown} */ value) => {
      // A short float has seven digits; the rest would be that of the computer's number.
      if (typeof value === 'number') return String(Number.isInteger(value) ? value : Number(value.toPrecision(7)));
      return value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
    };
    const textOf = (/** @type {SeenItem} */ item, /** @type {string} */ field) => {
      switch (field) {
        case 'tag':
          return tags.get(`${item.ioa} ${telecontrol.typeOf(item.type)?.direction}`) ?? '';
        case 'type':
          return item.isPoint ? `${item.type} ${text(`type.${item.type}`)}` : item.type;
        case 'value':
          return valueText(item.value);
        case 'quality':
          return item.quality.map((flag) => text(`quality.${flag}`)).join(', ');
        case 'time':
          return `${timeText(item.time)}${item.timeInvalid ? ` ${text('browse.timeInvalid')}` : ''}`;
        case 'at':
          // Lately: the day says nothing new.
          return timeText(item.at).slice(11);
        case 'cause':
          return `${telecontrol.causeText(item.cause)}${item.test ? ' T' : ''}${item.negative ? ' P/N' : ''}`;
        default:
          return String(item[/** @type {'ioa'} */ (field)]);
      }
    };
    const column = (/** @type {string} */ field, /** @type {number} */ width, /** @type {object} */ more = {}) => ({
      field,
      width,
      title: text(`browse.column.${field}`),
      ...more,
    });
    telecontrol.browse({
      title: telecontrol.text('browse.items', { address }),
      url: `telecontrol/line/${line}/seen/${address}`,
      columns: [
        column('ioa', 80, { look: 'number' }),
        column('tag', 110, { grow: 1 }),
        column('type', 180, { grow: 1.2 }),
        column('value', 90, { look: 'number' }),
        column('quality', 150),
        column('time', 200),
        column('count', 64, { look: 'number' }),
        column('cause', 120),
        column('at', 110),
      ],
      text: textOf,
      show: (/** @type {HTMLElement} */ cell, /** @type {SeenItem} */ item, /** @type {string} */ field) => {
        if (field !== 'type' || !item.isPoint) cell.textContent = textOf(item, field);
        else {
          const meaning = element('span', { class: 'telecontrol-muted' }, text(`type.${item.type}`));
          cell.append(element('span', { class: 'telecontrol-code' }, item.type), ' ', meaning);
        }
        cell.title = textOf(item, field);
      },
      identity: keyOf,
      query: () => ({ zone: fieldOf('timeZone'), state, since: String(since) }),
      read: (/** @type {{ state: string, since: number, overflow: number, objects: SeenItem[] }} */ answer) => {
        if (answer.state !== state) items = new Map();
        if (answer.state !== state || answer.objects.length > 0) {
          for (const item of answer.objects) items.set(keyOf(item), item);
          rows = [...items.values()].sort((a, b) => a.ioa - b.ioa || a.type.localeCompare(b.type));
        }
        state = answer.state;
        since = answer.since;
        return { rows, said: telecontrol.seenText(rows.length, answer.overflow) };
      },
      forget,
      take: (/** @type {SeenItem[]} */ taken) =>
        take(taken.map(({ ioa, type, isPoint }) => (isPoint ? { ioa, type } : { ioa }))),
    });
  },

  /** A type without what tells its time tag apart: M_ME_NC_1, M_ME_TC_1 and M_ME_TF_1 carry one value. @param {string} label */
  untimedType(label) {
    const type = telecontrol.typeOf(label);
    return type?.untimed ?? label;
  },
});
