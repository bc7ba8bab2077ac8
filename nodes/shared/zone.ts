import { fixedZone, type TimeZone, utc } from '../../lib/asdu/time.js';
import { PropertyError, text } from './property.js';

/** The computer's own zone, with its summer time. */
const local: TimeZone = {
  offset: (ms) => {
    const minutes = minutesEast(ms);
    const year = new Date(ms).getFullYear();
    // Where summer time exists at all, winter has the smaller offset.
    const standard = Math.min(minutesEast(Date.UTC(year, 0, 1)), minutesEast(Date.UTC(year, 6, 1)));
    return { minutes, summer: minutes > standard };
  },
};

function minutesEast(ms: number): number {
  return -Math.round(new Date(ms).getTimezoneOffset());
}

/** The zone of a `timeZone` property: `utc`, `local` or minutes east. @throws PropertyError */
export function timeZone(given: unknown): TimeZone {
  const written = text(given, 'utc').toLowerCase();
  if (written === 'utc') return utc;
  if (written === 'local') return local;
  const minutes = /^[+-]?\d{1,3}$/.test(written) ? Number(written) : Number.NaN;
  if (minutes >= -720 && minutes <= 840) return fixedZone(minutes);
  throw new PropertyError(`timeZone: "${written.slice(0, 40)}" is not utc, local or minutes east of UTC, -720..840`);
}
