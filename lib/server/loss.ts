import type { LossReason } from '../redundancy/groups.js';

/** What the log says of events that were lost to a group of clients. */
export function lossText(group: string, why: LossReason): string {
  switch (why) {
    case 'overflow':
      return `the event buffer (EBS) could not hold all events for ${group}: the oldest are lost`;
    case 'away':
      return `the events that waited for ${group} are lost: it has been away for too long`;
    case 'removed':
      return `the events that waited for the group ${group} are lost: the parameter GRP does not name it any more`;
  }
}
