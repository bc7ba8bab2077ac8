// APDUs that benchmarks write without the engine.

export const MODULO = 32768;
export const APCI = 6;
/** Octets behind the APCI of a single command, and of an event M_ME_TF_1. */
export const COMMAND = 10;
export const EVENT = 21;

/** Writes an APCI. @returns where the ASDU begins */
export function apci(octets, at, length, ns, nr) {
  octets[at] = 0x68;
  octets[at + 1] = length + 4;
  octets.writeUInt16LE((ns % MODULO) << 1, at + 2);
  octets.writeUInt16LE((nr % MODULO) << 1, at + 4);
  return at + APCI;
}

/** Writes the header of an ASDU of common address 1. @returns where the first object begins */
export function header(octets, at, type, count, cause) {
  octets[at] = type;
  octets[at + 1] = count;
  octets[at + 2] = cause;
  octets[at + 3] = 0;
  octets.writeUInt16LE(1, at + 4);
  return at + 6;
}

/** Writes an event M_ME_TF_1 with a time tag. */
export function event(octets, at, ns, ioa, value, nr = 0) {
  const object = header(octets, apci(octets, at, EVENT, ns, nr), 36, 1, 3);
  octets.writeUIntLE(ioa, object, 3);
  octets.writeFloatLE(value, object + 3);
  octets.set([0, 0x10, 0x27, 30, 12, 1, 1, 25], object + 7);
}
