import { type Asdu, decodeAsdu, type InformationObject } from '../asdu/asdu.js';
import { cause } from '../asdu/cause.js';
import { type TypeRow, typeById } from '../asdu/types.js';
import type { Station } from '../station/station.js';

/**
 * What a client sent: the octets and what they say. Answers are the same octets with another cause, since a controlled
 * station mirrors what it was asked.
 */
export class Request {
  readonly asdu: Asdu;
  readonly row: TypeRow | undefined;
  private readonly octets: Uint8Array;

  /** @throws CodecError when the octets are no ASDU */
  constructor(octets: Uint8Array) {
    // The octets are the receive buffer's, and an answer may have to wait. (The slice of a Buffer would be no copy.)
    this.octets = new Uint8Array(octets);
    this.asdu = decodeAsdu(this.octets);
    this.row = typeById(this.asdu.typeId);
  }

  /** The first information object. */
  get object(): InformationObject {
    return this.asdu.objects[0] ?? { ioa: 0 };
  }

  /** Whether there is exactly one object with its own address, as every command must have. */
  get isSingle(): boolean {
    return this.asdu.count === 1 && !this.asdu.sequence;
  }

  /** The cause of what confirms or refuses it. */
  get confirmation(): number {
    return cause[this.asdu.cause === cause.deactivation ? 'deactivation-confirmation' : 'activation-confirmation'];
  }

  /** Whether it is answered and shown, but changes nothing: it has the T bit, which IT = 2 only marks as weak. */
  isTestOf(station: Station): boolean {
    return this.asdu.test && station.parameters.IT !== 2;
  }

  /**
   * The request mirrored. Originator and T bit stay.
   * @param commonAddress of the station that answers, where all were asked
   */
  answer(causeId: number, negative: boolean, commonAddress = this.asdu.commonAddress): Uint8Array {
    const octets = new Uint8Array(this.octets);
    octets[2] = (this.asdu.test ? 0x80 : 0) | (negative ? 0x40 : 0) | causeId;
    octets[4] = commonAddress;
    octets[5] = commonAddress >> 8;
    return octets;
  }
}
