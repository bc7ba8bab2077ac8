import { FailoverSharing } from './failover.js';
import type { Packing } from './frames.js';
import { RawSharing } from './raw.js';
import type { Sharing } from './sharing.js';
import { SlottedSharing } from './slotted.js';

export const sharingModes = ['slotted', 'failover', 'raw'] as const;

export type SharingMode = (typeof sharingModes)[number];

/** @param slotTimeout ms of silence that free a device that is shared in slots, 50..65535 */
export function sharingOf(mode: SharingMode, packing: Packing, slotTimeout: number): Sharing {
  switch (mode) {
    case 'slotted':
      return new SlottedSharing(packing, slotTimeout);
    case 'failover':
      return new FailoverSharing(packing);
    case 'raw':
      return new RawSharing(packing);
  }
}
