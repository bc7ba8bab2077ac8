import { writeElements, writeHeader } from '../asdu/asdu.js';
import type { ObjectFields } from '../asdu/element.js';
import type { OctetWriter } from '../octets/octets.js';
import type { JournalEvent } from '../station/journal.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const tag7 = new Uint8Array(7);
const tag3 = new Uint8Array(3);
const header = { typeId: 0, cause: 0, negative: false, test: false, originator: 0, commonAddress: 0 };
const fields = { value: 0, status: 0, transient: false, elapsed: 0, time: tag7 } as unknown as Mutable<ObjectFields>;

/**
 * Writes one event as an ASDU of one object. The objects that it passes on are made once: this is the way that every
 * spontaneous value takes to every client.
 */
export function writeEvent(to: OctetWriter, event: JournalEvent, originator: number): void {
  const { row } = event.point;
  header.typeId = row.id;
  header.cause = event.cause;
  header.originator = originator;
  header.commonAddress = event.source.commonAddress;
  fields.value = event.value;
  fields.status = event.status;
  fields.transient = event.extra === 1;
  fields.elapsed = event.extra;
  if (row.time !== 'none') {
    const tag = row.time === 'cp56' ? tag7 : tag3;
    event.source.tagger.write(event.time, event.timeInvalid, tag);
    fields.time = tag;
  }
  writeHeader(to, header, 1, false);
  to.u24(event.point.ioa);
  writeElements(to, row, fields);
}
