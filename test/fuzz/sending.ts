import type { FrameSpec, Numbering } from './frames.js';
import { asduOctets } from './octets.js';
import { control, type Peer } from './peer.js';

/** The octets of a frame that a client will send now. @param wall ms since 1970 UTC */
export function frameOctets(peer: Peer, spec: FrameSpec, wall: number): Uint8Array {
  switch (spec.frame) {
    case 'u':
      return peer.uFrame(spec.control);
    case 's':
      return control(1, nrOf(peer, spec.nr));
    case 'answer': {
      const asked = peer.asked.at(-1);
      if (asked === undefined) return peer.uFrame(0x43);
      const { typeId, commonAddress: ca, originator, objects } = asked;
      const ioa = objects[0]?.ioa ?? 0;
      const bits = spec.negative ? 0x40 : 0;
      const more = { sequence: false, count: 1, body: [1], isTimely: true, spoilt: 0 };
      const asdu = { typeId, cause: spec.cause, bits, originator, ca, ioa, ...more };
      peer.noteNr(peer.received);
      return peer.iFrame(asduOctets(asdu, wall));
    }
    case 'i': {
      const asdu = asduOctets(spec.asdu, wall);
      const off = { right: 0, part: 0, old: -1, beyond: 1, far: 1000 }[spec.ns];
      if (off !== 0) peer.breaksSequence();
      return peer.iFrame(asdu, (peer.sent + off + 32_768) % 32_768, nrOf(peer, spec.nr), spec.mark);
    }
  }
}

/** N(R), and what of it the client has to remember. */
function nrOf(peer: Peer, numbering: Numbering): number {
  const { received, acknowledged } = peer;
  const frames = {
    right: received,
    part: acknowledged + Math.floor((received - acknowledged) / 2),
    old: acknowledged,
    beyond: received + 1,
    far: received + 1000,
  }[numbering];
  // One beyond may have been sent meanwhile; so many have not.
  if (numbering === 'far') peer.breaksSequence();
  peer.noteNr(frames);
  return peer.nrOf(frames);
}
