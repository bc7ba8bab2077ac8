import { EventFeed } from '../../lib/redundancy/feed.js';
import { ClientGroups } from '../../lib/redundancy/groups.js';
import { type EventClass, Journal, type JournalEvent } from '../../lib/station/journal.js';
import { compilePoints } from '../../lib/station/points.js';
import { Station } from '../../lib/station/station.js';

/** A journal with one station, whose events are numbers that count up: point 1 is a value, point 2 a counter. */
export class Rig {
  readonly journal: Journal;
  readonly groups: ClientGroups;
  readonly station: Station;
  /** Groups that were told of a loss. */
  readonly losses: string[] = [];
  /** The number of the last event. */
  last = 0;

  constructor(limit = 100_000) {
    this.journal = new Journal(limit);
    this.groups = new ClientGroups(this.journal, ({ name }) => this.losses.push(name));
    const { table } = compilePoints([
      { place: 'point 1', point: { ioa: 1, type: 'M_BO_NA_1' } },
      { place: 'point 2', point: { ioa: 2, type: 'M_IT_NA_1' } },
    ]);
    this.station = new Station({ name: 'Station', commonAddress: 1, points: table });
    this.station.attach(this.journal, () => {});
  }

  /** Writes so many events. */
  happen(count: number, which: EventClass = 0): void {
    for (let i = 0; i < count; i++) this.station.write({ ioa: which + 1, value: ++this.last }, 0);
  }

  /** A connection of this address that gets events of both classes. */
  open(address: string, now = 0): Reader {
    const group = this.groups.of(address, now);
    const reader = new Reader(group.open(), (at) => group.close(reader.feed, at));
    reader.feed.enable(0);
    reader.feed.enable(1);
    return reader;
  }
}

/** What a connection does with its feed. */
export class Reader {
  private readonly tickets: number[] = [];
  private readonly event = {} as JournalEvent;

  constructor(
    readonly feed: EventFeed,
    readonly close: (now: number) => void,
  ) {}

  /** Sends up to so many events. @returns their numbers */
  send(count: number): number[] {
    const sent: number[] = [];
    while (sent.length < count) {
      const which = this.feed.peek();
      if (which === undefined) break;
      this.tickets.push(EventFeed.ticket(which, this.feed.take(which, this.event)));
      sent.push(this.event.value);
    }
    return sent;
  }

  /** The client acknowledges the oldest so many that were sent. */
  acknowledge(count = this.tickets.length): void {
    for (const ticket of this.tickets.splice(0, count)) this.feed.confirm(ticket);
  }

  /** Sends all there is, and has it acknowledged. */
  drain(): number[] {
    const sent = this.send(Number.POSITIVE_INFINITY);
    this.acknowledge();
    return sent;
  }
}

export function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
