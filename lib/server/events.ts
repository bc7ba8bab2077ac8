import { NOTHING } from '../apci/session.js';
import { writeElements, writeHeader } from '../asdu/asdu.js';
import type { ObjectFields } from '../asdu/element.js';
import type { OctetWriter } from '../octets/octets.js';
import { EventFeed } from '../redundancy/feed.js';
import type { ClientGroup } from '../redundancy/groups.js';
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
function writeEvent(to: OctetWriter, event: JournalEvent, originator: number): void {
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

/**
 * Writes the next event of a client that was not cleared and whose point is still there.
 * @param event is written over
 * @returns its ticket, or NOTHING
 */
export function writeNextEvent(
  to: OctetWriter,
  feed: EventFeed,
  group: ClientGroup | undefined,
  event: JournalEvent,
  lineNumber: number,
): number {
  for (let which = feed.peek(); which !== undefined; which = feed.peek()) {
    const number = feed.take(which, event);
    if (group?.isCleared(event, which, number) || !event.source.sends(event.point)) continue;
    writeEvent(to, event, lineNumber);
    return EventFeed.ticket(which, number);
  }
  return NOTHING;
}
