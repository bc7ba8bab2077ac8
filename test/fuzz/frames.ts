import fc from 'fast-check';
import { type TypeRow, types } from '../../lib/asdu/types.js';
import { U } from './peer.js';

/** An ASDU as it is asked for; what depends on the moment (time tags, addresses that fit) is worked out when it is sent. */
export interface AsduSpec {
  readonly typeId: number;
  readonly cause: number;
  readonly bits: number;
  readonly originator: number;
  readonly ca: number;
  /** `fit`: an address that goes with the type. */
  readonly ioa: number | 'fit';
  readonly sequence: boolean;
  readonly count: number;
  /** Octets of the elements, over and over. */
  readonly body: readonly number[];
  /** The time tag is now. */
  readonly isTimely: boolean;
  /** Octets cut off (negative) or put behind. */
  readonly spoilt: number;
}

export type FrameSpec =
  | { readonly frame: 'u'; readonly control: number }
  | { readonly frame: 's'; readonly nr: Numbering }
  | {
      readonly frame: 'i';
      readonly asdu: AsduSpec;
      readonly ns: Numbering;
      readonly nr: Numbering;
      readonly mark: boolean;
    }
  /** An answer to what a balanced station asked. */
  | { readonly frame: 'answer'; readonly cause: number; readonly negative: boolean };

/** `right`; of what is acknowledged `part`, or nothing new (`old`); wrong by one or many. */
export type Numbering = 'right' | 'part' | 'old' | 'beyond' | 'far';

export interface Mutation {
  readonly at: number;
  readonly kind: 'set' | 'insert' | 'delete';
  readonly octet: number;
}

export const octet = fc.nat({ max: 255 });
export const bool = fc.boolean();
const rarely = fc.nat({ max: 19 }).map((n) => n === 0);
export const ofTable = (wanted: (row: TypeRow) => boolean) =>
  fc.constantFrom(
    ...Object.values(types)
      .filter(wanted)
      .map(({ id }) => id),
  );

/** Weighted choice, the usual first. */
export const mostly = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>, weight = 5): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: rare });

const typeId = fc.oneof(
  { weight: 6, arbitrary: ofTable(({ direction }) => direction === 'control') },
  { weight: 5, arbitrary: fc.constantFrom(100, 100, 101, 101, 102, 102, 103, 105, 107, 110, 111, 112, 113) },
  { weight: 3, arbitrary: fc.constantFrom(122, 122, 124) },
  { weight: 2, arbitrary: ofTable(() => true) },
  { weight: 1, arbitrary: octet },
);
const qualifier = fc.constantFrom(0, 1, 2, 3, 5, 6, 7, 20, 20, 21, 36, 0x45, 0x85, 0xc5, 0x80, 0x81, 0x82);

const asdu: fc.Arbitrary<AsduSpec> = fc.record({
  typeId,
  cause: mostly(fc.constantFrom(6, 6, 6, 8, 5, 5, 13, 13, 3), fc.nat({ max: 63 })),
  bits: mostly(fc.constant(0), fc.constantFrom(0x40, 0x80, 0xc0), 9),
  originator: fc.constantFrom(0, 0, 0, 1, 255),
  ca: mostly(fc.constantFrom(1, 1, 1, 2, 2, 3, 65535), fc.nat({ max: 65535 }), 12),
  ioa: mostly<number | 'fit'>(
    fc.constant('fit' as const),
    fc.oneof(fc.nat({ max: 1300 }), fc.nat({ max: 0xffffff })),
    8,
  ),
  sequence: rarely,
  count: mostly(fc.constant(1), fc.nat({ max: 127 }), 15),
  body: fc.array(mostly(qualifier, octet), { minLength: 1, maxLength: 8 }),
  isTimely: fc.nat({ max: 3 }).map((n) => n > 0),
  spoilt: mostly(fc.constant(0), fc.integer({ min: -12, max: 3 }), 40),
});

const numbering = (weight: number): fc.Arbitrary<Numbering> =>
  fc.oneof(
    { weight, arbitrary: fc.constant('right' as const) },
    { weight: 3, arbitrary: fc.constantFrom('part' as const, 'old' as const) },
    { weight: 1, arbitrary: fc.constantFrom('beyond' as const, 'far' as const) },
  );
const ns = fc.oneof(
  { weight: 60, arbitrary: fc.constant('right' as const) },
  { weight: 1, arbitrary: fc.constantFrom('old' as const, 'beyond' as const, 'far' as const) },
);

export const frame: fc.Arbitrary<FrameSpec> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ frame: fc.constant('i' as const), asdu, ns, nr: numbering(60), mark: rarely }) },
  { weight: 3, arbitrary: fc.record({ frame: fc.constant('s' as const), nr: numbering(12) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      frame: fc.constant('answer' as const),
      cause: mostly(fc.constantFrom(7, 10), fc.constantFrom(9, 44, 45, 46, 47)),
      negative: rarely,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      frame: fc.constant('u' as const),
      control: mostly(
        fc.constantFrom(U.startAct, U.startAct, U.stopAct, U.testAct, U.startCon, U.stopCon, U.testCon),
        octet.map((n) => n | 3),
        30,
      ),
    }),
  },
);
