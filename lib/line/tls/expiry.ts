import { certificateName, validFrom, validTo } from './certificate.js';
import type { Material, PlacedCertificate } from './material.js';

const DAY = 86_400_000;
/** Days ahead at which the end of a certificate is told. */
const AHEAD = [30, 7, 1];

/** A warning that stands as long as its cause does. */
export interface Warning {
  /** The same for as long as nothing new is to be said: a warning of a level is logged once. */
  readonly key: string;
  readonly text: string;
}

/** What is to be said of the validity of a certificate. @param now ms since 1970 UTC */
export function validityWarning({ use, file, certificate }: PlacedCertificate, now: number): Warning | undefined {
  const what = `${use} ${file}: the certificate of ${certificateName(certificate)}`;
  const id = `${file} ${certificate.fingerprint256}`;
  const end = validTo(certificate);
  if (now < validFrom(certificate))
    return { key: `${id} future`, text: `${what} is not valid before ${dayOf(validFrom(certificate))}` };
  if (now > end) return { key: `${id} expired`, text: `${what} has expired on ${dayOf(end)}` };
  const level = levelOf(end - now);
  if (level === undefined) return undefined;
  return { key: `${id} ${level}`, text: `${what} expires ${inDays(end - now)}, on ${dayOf(end)}` };
}

/**
 * What is to be said of all that a line has read. A revocation list is renewed often: its end is told a day ahead, or
 * when half of its life is over where it lives for less than two days.
 * @param now ms since 1970 UTC
 */
export function validityWarnings({ own, partners, crls }: Material, now: number): Warning[] {
  const certificates = [...own, ...partners].flatMap((placed) => validityWarning(placed, now) ?? []);
  const lists = crls.flatMap(({ file, crl: { thisUpdate, nextUpdate } }): Warning[] => {
    if (nextUpdate === undefined) return [];
    const key = `${file} ${nextUpdate}`;
    if (now > nextUpdate)
      return [
        {
          key: `${key} expired`,
          text: `crl ${file}: is out of date since ${timeOf(nextUpdate)}; nobody new is let in before it is renewed`,
        },
      ];
    if (nextUpdate - now > Math.min(DAY, (nextUpdate - thisUpdate) / 2)) return [];
    return [{ key: `${key} 1`, text: `crl ${file}: is out of date on ${timeOf(nextUpdate)}` }];
  });
  return [...certificates, ...lists];
}

function levelOf(left: number): number | undefined {
  return AHEAD.findLast((days) => left <= days * DAY);
}

function inDays(left: number): string {
  const days = Math.floor(left / DAY);
  return days === 0 ? 'within a day' : days === 1 ? 'in 1 day' : `in ${days} days`;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function timeOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
