import { APCI_OCTETS } from '../apci/frame.js';
import { type Asdu, decodeAsdu } from '../asdu/asdu.js';
import { cause } from '../asdu/cause.js';
import { type TypeRow, typeById, types } from '../asdu/types.js';
import { CodecError } from '../octets/octets.js';
import { headerMeaning, objectText } from './describe.js';

/** Bits of DBGI and DBGO: how many values an interrogation brought; every value; requests for interrogations. */
const COUNTS = 1;
const VALUES = 2;
const REQUESTS = 4;
export const VALUE_BITS = COUNTS | VALUES | REQUESTS;

/** Interrogations of one direction that are counted at the same time. */
const MAX_COUNTED = 1024;

/**
 * Looks at the values of one direction of one connection, as DBGI and DBGO ask: at what a server or a client sends, or at
 * what it receives.
 */
export class ValueWatch {
  /** Values of the interrogations under way: of stations by their common address, 100 and 101 apart. */
  private readonly counts = new Map<string, number>();

  /** @param log takes a line, which it makes when there is room for it */
  constructor(private readonly log: (line: () => string) => void) {}

  /** An I-frame passes. @param mask the bits of DBGI or DBGO */
  show(octets: Uint8Array, mask: number): void {
    let asdu: Asdu;
    try {
      asdu = decodeAsdu(octets.subarray(APCI_OCTETS));
    } catch (error) {
      // What is no ASDU has no values.
      if (error instanceof CodecError) return;
      throw error;
    }
    const row = typeById(asdu.typeId);
    if (row === undefined) return;
    if (row === types.C_IC_NA_1 || row === types.C_CI_NA_1) return this.interrogation(row, asdu, mask);
    if (!carriesValues(row, asdu)) return;
    const request = requestOf(asdu.cause);
    if (request !== undefined) this.count(`${request.label} ${asdu.commonAddress}`, asdu.objects.length);
    if ((mask & VALUES) === 0) return;
    for (const object of asdu.objects) this.log(() => `${headerMeaning(asdu)} ${objectText(row, object)}`);
  }

  private interrogation(row: TypeRow, asdu: Asdu, mask: number): void {
    const key = `${row.label} ${asdu.commonAddress}`;
    switch (asdu.cause) {
      case cause.activation:
        if ((mask & REQUESTS) !== 0) this.log(() => `requested: ${described(row, asdu)}`);
        return;
      case cause['activation-confirmation']:
        this.counts.delete(key);
        return;
      case cause['activation-termination']: {
        const count = this.counts.get(key) ?? 0;
        this.counts.delete(key);
        if ((mask & COUNTS) !== 0) this.log(() => `${count} value${count === 1 ? '' : 's'}: ${described(row, asdu)}`);
      }
    }
  }

  private count(key: string, values: number): void {
    // Whoever answers for ever more stations and ends no interrogation costs no more than this.
    if (this.counts.size >= MAX_COUNTED && !this.counts.has(key)) this.counts.clear();
    this.counts.set(key, (this.counts.get(key) ?? 0) + values);
  }
}

/** Process information, and commands that are given: not their confirmations. */
function carriesValues({ direction }: TypeRow, { cause: why }: Asdu): boolean {
  return direction === 'monitor' || (direction === 'control' && why === cause.activation);
}

/** The request that a value with this cause answers. */
function requestOf(id: number): TypeRow | undefined {
  if (id >= cause.interrogation && id <= cause.interrogation + 16) return types.C_IC_NA_1;
  return id >= cause['counter-interrogation'] && id <= cause['counter-interrogation'] + 4 ? types.C_CI_NA_1 : undefined;
}

function described(row: TypeRow, asdu: Asdu): string {
  return `${headerMeaning(asdu)} ${asdu.objects.map((object) => objectText(row, object)).join(', ')}`;
}
