import { cp56 } from '../../lib/asdu/time.js';
import { HEADER_OCTETS, type TypeRow, typeById } from '../../lib/asdu/types.js';
import type { AsduSpec, Mutation } from './frames.js';

/** An object address that goes with a type: commands have that of their number, a read asks for what is there. */
function fitting(row: TypeRow | undefined, body: readonly number[]): number {
  const some = body[0] ?? 0;
  if (row === undefined) return some;
  if (row.direction === 'control') return row.id;
  if (row.label === 'C_RD_NA_1') return [7, 13, 36, 15, 1, 30, 37, 243][some % 8] as number;
  if (row.direction === 'parameter' && row.id < 113) return { 110: 9, 111: 11, 112: 36 }[row.id] ?? 0;
  if (row.direction === 'monitor') return 1000 + row.id;
  return 0;
}

/** The octets of an ASDU. It is made by hand, so that it can be wrong in any way. */
export function asduOctets(spec: AsduSpec, now: number): Uint8Array {
  const { typeId, cause, bits, originator, ca, sequence, count, body, isTimely, spoilt } = spec;
  const row = typeById(typeId);
  const ioa = spec.ioa === 'fit' ? fitting(row, body) : spec.ioa;
  const out = [typeId, (count & 0x7f) | (sequence ? 0x80 : 0), cause | bits, originator, ca & 0xff, ca >> 8];
  let next = 0;
  const octet = (): number => body[next++ % body.length] as number;
  for (let i = 0; i < count && out.length < 240; i++) {
    if (!sequence || i === 0) out.push((ioa + i) & 0xff, (ioa >> 8) & 0xff, (ioa >> 16) & 0xff);
    for (const { name, size } of row?.elements ?? []) {
      if (name === 'CP56Time2a' && isTimely) out.push(...cp56(now));
      // A file is one that may be there, in its first section.
      else if (name === 'NOF') out.push([1, 2, 7, 9][octet() % 4] as number, 0);
      else if (name === 'LOS') out.push(0);
      else for (let n = 0; n < size; n++) out.push(octet());
    }
  }
  const end = spoilt < 0 ? Math.max(0, out.length + spoilt) : out.length;
  const behind = Array.from({ length: Math.max(0, spoilt) }, octet);
  return Uint8Array.from([...out.slice(0, end), ...behind].slice(0, HEADER_OCTETS + 243));
}

export function mutated(octets: Uint8Array, mutations: readonly Mutation[]): Uint8Array {
  const changed = [...octets];
  for (const { at, kind, octet } of mutations) {
    const place = changed.length === 0 ? 0 : at % changed.length;
    if (kind === 'set') changed[place] = octet;
    else if (kind === 'insert') changed.splice(place, 0, octet);
    else changed.splice(place, 1);
  }
  return Uint8Array.from(changed);
}

/** The octets in pieces. */
export function pieces(octets: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (octets.length + 1)))].sort((a, b) => a - b);
  return [0, ...places]
    .map((start, i) => octets.slice(start, places[i] ?? octets.length))
    .filter(({ length }) => length > 0);
}
