import assert from 'node:assert/strict';
import type { Asdu } from '../../lib/asdu/asdu.js';
import { instant, type TimeZone, timeInvalid, utc } from '../../lib/asdu/time.js';
import { typeById } from '../../lib/asdu/types.js';
import { isNumeric } from './world.js';

/** The point whose events are counted one by one: a bit string, whose value says when it was written. */
export const COUNTED = 7;
const EVENT_CAUSES = new Set([3, 11, 12]);
const isCounterAnswer = (cause: number): boolean => cause >= 37 && cause <= 41;

/** What a group of clients has been sent and has confirmed of the counted points, by common address. */
export class Ledger {
  /** Serial numbers of all events, in order. */
  readonly events = new Map<number, number[]>();
  /** Events of a station that is no more: they may have gone out before. */
  private readonly void = new Set<number>();
  /** The last that is certainly confirmed, and the last that may be. */
  private readonly confirmed = new Map<number, number>();
  private readonly perhaps = new Map<number, number>();
  /** The last that was sent on the connection that is open now. */
  private readonly current = new Map<number, number>();

  /** @param isComplete events are kept for the group from the beginning */
  constructor(private readonly isComplete: boolean) {}

  written(ca: number, serial: number): void {
    const list = this.events.get(ca);
    if (list === undefined) this.events.set(ca, [serial]);
    else list.push(serial);
  }

  /** The station has left the line: what it had to send is void. */
  left(ca: number): void {
    for (const serial of this.events.get(ca) ?? []) this.void.add(serial);
  }

  /** A connection of the group begins. */
  opened(): void {
    this.current.clear();
  }

  /** @param hasGaps events may have been overwritten, or not be told apart */
  sent(ca: number, serial: number, hasGaps: boolean): void {
    const events = this.events.get(ca) ?? [];
    const at = events.indexOf(serial);
    assert.ok(at >= 0, `an event ${serial} that nobody wrote`);
    const before = this.current.get(ca);
    const certain = this.confirmed.get(ca) ?? 0;
    this.current.set(ca, serial);
    assert.ok(serial > certain, `the event ${serial} was confirmed and is sent again`);
    assert.ok(before === undefined || serial > before, `the event ${serial} follows ${before}`);
    if (hasGaps) return;
    if (!this.isComplete && before === undefined && certain === 0) return;
    const known = Math.max(before ?? 0, certain, this.perhaps.get(ca) ?? 0);
    const left = events.slice(0, at).filter((other) => other > known && !this.void.has(other));
    assert.deepEqual(left, [], `the event ${serial} comes before others`);
  }

  confirm(ca: number, serial: number, isCertain: boolean): void {
    for (const map of isCertain ? [this.confirmed, this.perhaps] : [this.perhaps])
      map.set(ca, Math.max(map.get(ca) ?? 0, serial));
  }

  /** Events that are still owed, where the group gets all. */
  get missing(): number[] {
    return [...this.events].flatMap(([ca, events]) => {
      const last = Math.max(this.current.get(ca) ?? 0, this.perhaps.get(ca) ?? 0);
      return events.filter((serial) => serial > last && !this.void.has(serial));
    });
  }
}

/** Values of each point on one connection: none may be older than the one before. */
export class Order {
  private readonly last = new Map<string, number>();
  private readonly seen = new Set<number>();
  /** Interrogations that were confirmed and have not ended, by type and common address. */
  private readonly scans = new Set<string>();

  /** Data transfer begins: what was under way has ended with the one before. */
  begin(): void {
    this.scans.clear();
  }

  private checkScan({ typeId, cause, commonAddress, objects }: Asdu): void {
    const scan = `${typeId} ${commonAddress}`;
    if (cause === 9 || cause === 10) this.scans.delete(scan);
    // A freeze is confirmed and is no interrogation.
    const isFreeze = typeId === 101 && (objects[0]?.qualifier ?? 0) >> 6 !== 0;
    if (cause !== 7 || isFreeze) return;
    assert.ok(!this.scans.has(scan), `two interrogations at once: ${scan}`);
    this.scans.add(scan);
  }

  /**
   * @param isTracked whether the values of the point tell when they were written
   * @param countersReset whether a freeze may have put counters to zero
   */
  check(
    asdu: Asdu,
    zone: TimeZone | undefined,
    wall: number,
    isTracked: (ioa: number) => boolean,
    countersReset: boolean,
  ): void {
    const row = typeById(asdu.typeId);
    if (row === undefined || asdu.negative) return;
    if (row.id === 100 || row.id === 101) this.checkScan(asdu);
    // Before a client interrogates it may read what is newer than the events that wait for it.
    if ((row.id === 100 || row.id === 101) && asdu.cause === 7 && !this.seen.has(row.id)) {
      this.seen.add(row.id);
      this.last.clear();
    }
    if (row.direction !== 'monitor' || isCounterAnswer(asdu.cause)) return;
    for (const { ioa, value = 0, time } of asdu.objects) {
      if (!isTracked(ioa)) continue;
      const name = row.first?.name;
      const number = name === 'NVA' ? value * 32768 : value;
      // Serial numbers begin at 1: 0 is a point that was never written, of a station that is new, say.
      if (number !== 0 && isNumeric(name) && !(row.isCounter && countersReset))
        this.advance(`${asdu.commonAddress}/${ioa}`, number);
      // A point that was never written has no time, and its tag is invalid.
      if (row.time !== 'cp56' || time === undefined || timeInvalid(time)) continue;
      const at = instant(time, zone ?? utc, wall);
      if (at !== undefined) this.advance(`time ${asdu.commonAddress}/${ioa}`, at);
    }
  }

  private advance(key: string, value: number): void {
    const before = this.last.get(key);
    assert.ok(before === undefined || value >= before, `${key}: ${value} after ${before}`);
    this.last.set(key, value);
  }
}

export const isCountedEvent = (asdu: Asdu): boolean => asdu.typeId === COUNTED && EVENT_CAUSES.has(asdu.cause);
