/**
 * Time tags CP56Time2a and CP24Time2a (IEC 60870-5-101 7.2.6.18, 7.2.6.19) as octets and as milliseconds since 1970 UTC.
 * Octets are what is stored; milliseconds are a view of them.
 */

/** The time that tags are written in. `offset` is told the instant, since summer time depends on it. */
export interface TimeZone {
  /** Minutes east of UTC at that instant, and whether summer time is in force (SU). */
  offset(ms: number): { readonly minutes: number; readonly summer: boolean };
}

const utcOffset = { minutes: 0, summer: false };
export const utc: TimeZone = { offset: () => utcOffset };

/** A zone of always the same distance from UTC. @param minutes east, -1439..1439 */
export function fixedZone(minutes: number): TimeZone {
  const offset = { minutes, summer: false };
  return { offset: () => offset };
}

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Days since 1970-01-01 of a date of the proleptic Gregorian calendar. */
function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719468;
}

function dateOf(days: number): { year: number; month: number; day: number } {
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const ofEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36524) - Math.floor(ofEra / 146096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const m = Math.floor((5 * ofYear + 2) / 153);
  const month = m < 10 ? m + 3 : m - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * m + 2) / 5) + 1,
  };
}

/** Writes time tags of one zone, keeping the date's octets from one minute to the next. */
export class TimeTagger {
  private minuteStart = Number.NaN;
  private readonly tail = new Uint8Array(5);

  constructor(private readonly zone: TimeZone = utc) {}

  /**
   * Writes a time tag into the first octets of `tag`: seven, or three when that is its length.
   * @param ms milliseconds since 1970 UTC
   * @param invalid sets IV
   */
  write(ms: number, invalid: boolean, tag: Uint8Array): void {
    if (!(ms >= this.minuteStart && ms < this.minuteStart + MINUTE)) this.enterMinute(ms);
    const within = Math.floor(ms - this.minuteStart);
    const tail = this.tail;
    tag[0] = within;
    tag[1] = within >> 8;
    tag[2] = (tail[0] as number) | (invalid ? 0x80 : 0);
    if (tag.length < 7) return;
    tag[3] = tail[1] as number;
    tag[4] = tail[2] as number;
    tag[5] = tail[3] as number;
    tag[6] = tail[4] as number;
  }

  private enterMinute(ms: number): void {
    this.minuteStart = Math.floor(ms / MINUTE) * MINUTE;
    const { minutes, summer } = this.zone.offset(ms);
    const local = this.minuteStart + minutes * MINUTE;
    const days = Math.floor(local / DAY);
    const minuteOfDay = (local - days * DAY) / MINUTE;
    const { year, month, day } = dateOf(days);
    const weekday = ((((days + 3) % 7) + 7) % 7) + 1;
    this.tail[0] = minuteOfDay % 60;
    this.tail[1] = Math.floor(minuteOfDay / 60) | (summer ? 0x80 : 0);
    this.tail[2] = day | (weekday << 5);
    this.tail[3] = month;
    this.tail[4] = ((year % 100) + 100) % 100;
  }
}

/** One time tag of seven octets. @see TimeTagger */
export function cp56(ms: number, invalid = false, zone: TimeZone = utc): Uint8Array {
  const tag = new Uint8Array(7);
  new TimeTagger(zone).write(ms, invalid, tag);
  return tag;
}

/** Years that a CP56Time2a names without doubt: 1970..2069. */
const LATEST = 3_155_760_000_000;

/** Whether a time tag can name this instant: ms since 1970 UTC, up to 2069. */
export function canTag(ms: unknown): ms is number {
  return typeof ms === 'number' && ms >= 0 && ms < LATEST;
}

/** IV: the time is invalid. */
export function timeInvalid(tag: Uint8Array): boolean {
  return ((tag[2] ?? 0) & 0x80) !== 0;
}

/** SU: the time is summer time. */
export function summerTime(tag: Uint8Array): boolean {
  return ((tag[3] ?? 0) & 0x80) !== 0;
}

/**
 * The instant that a time tag names, in milliseconds since 1970 UTC; undefined where it names none (month 13, minute 61).
 * The day of the week is not looked at. Years 70..99 are of the last century.
 * @param now the receiver's clock, which gives a CP24Time2a its hour and date
 */
export function instant(tag: Uint8Array, zone: TimeZone, now: number): number | undefined {
  const octet = (i: number): number => tag[i] ?? 0;
  const ms = octet(0) | (octet(1) << 8);
  const minute = octet(2) & 0x3f;
  if (ms > 59_999 || minute > 59) return undefined;
  if (tag.length < 7) {
    const offset = zone.offset(now).minutes * MINUTE;
    const hour = Math.floor((now + offset) / (60 * MINUTE)) * 60 * MINUTE;
    const guess = hour + minute * MINUTE + ms - offset;
    // Of the hours around, the one that lies nearest: tags of 13:59 arrive at 14:00.
    const away = guess - now;
    return away > 30 * MINUTE ? guess - 60 * MINUTE : away < -30 * MINUTE ? guess + 60 * MINUTE : guess;
  }
  const hour = octet(3) & 0x1f;
  const day = octet(4) & 0x1f;
  const month = octet(5) & 0x0f;
  const century = octet(6) & 0x7f;
  if (hour > 23 || day < 1 || month < 1 || month > 12 || century > 99) return undefined;
  const year = century + (century >= 70 ? 1900 : 2000);
  const days = daysOf(year, month, day);
  if (dateOf(days).day !== day) return undefined;
  const local = days * DAY + (hour * 60 + minute) * MINUTE + ms;
  return local - offsetOfLocal(local, summerTime(tag), zone) * MINUTE;
}

/** The offset of a local time. SU chooses where clocks go back and it stands for two instants, or forward and for none. */
function offsetOfLocal(local: number, summer: boolean, zone: TimeZone): number {
  // A whole day to either side, since local times run up to 14 hours ahead of UTC.
  const early = zone.offset(local - DAY);
  const late = zone.offset(local + DAY);
  if (early.minutes === late.minutes) return early.minutes;
  const both = [early, late];
  const inForce = both.filter(({ minutes }) => zone.offset(local - minutes * MINUTE).minutes === minutes);
  const choice = inForce.length > 0 ? inForce : both;
  return (choice.find((offset) => offset.summer === summer) ?? choice[0] ?? early).minutes;
}
