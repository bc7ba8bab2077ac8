import fc from 'fast-check';
import { bool, type FrameSpec, frame, type Mutation, mostly, octet, ofTable } from './frames.js';
import type { Setup } from './world.js';

export type Step =
  | { readonly do: 'connect'; readonly who: number; readonly isDiligent: boolean; readonly starts: boolean }
  | {
      readonly do: 'frames';
      readonly who: number;
      readonly frames: readonly FrameSpec[];
      readonly cuts: readonly number[];
      /** ms between the pieces; -1 for none, not even a turn. */
      readonly pause: number;
      readonly mutations: readonly Mutation[];
    }
  | { readonly do: 'octets'; readonly who: number; readonly octets: Uint8Array; readonly cuts: readonly number[] }
  | { readonly do: 'cut' | 'end' | 'stall' | 'resume' | 'disconnect' | 'acknowledge'; readonly who: number }
  | { readonly do: 'pass'; readonly ms: number }
  | {
      readonly do: 'write';
      readonly ca: number;
      readonly ioa: number;
      readonly count: number;
      readonly status: number | undefined;
    }
  | {
      readonly do: 'nonsense';
      readonly ca: number;
      readonly ioa: number;
      readonly value: unknown;
      readonly beside: object;
    }
  | { readonly do: 'command'; readonly ca: number; readonly ioa: number; readonly count: number }
  | { readonly do: 'answer'; readonly which: number; readonly answer: true | false | 'terminate' }
  | { readonly do: 'leave' | 'watch'; readonly ca: number }
  | { readonly do: 'join' | 'replace'; readonly ca: number; readonly parameters: string }
  | { readonly do: 'witness' };

/** Clients that misbehave; the first two are one redundancy group. */
export const PEERS = 4;

const who = fc.nat({ max: PEERS - 1 });
const ca = fc.constantFrom(1, 1, 2, 3);
const cuts = fc.array(fc.nat({ max: 600 }), { maxLength: 6 });
const pause = fc.constantFrom(-1, -1, 0, 0, 1, 400);
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat({ max: 300 }),
  kind: fc.constantFrom('set' as const, 'insert' as const, 'delete' as const),
  octet: mostly(octet, fc.constantFrom(0x68, 0xff)),
});
const framesOf = (mutations: fc.Arbitrary<readonly Mutation[]>) =>
  fc.record({
    do: fc.constant('frames' as const),
    who,
    frames: fc.array(frame, { minLength: 1, maxLength: 10 }),
    cuts,
    pause,
    mutations,
  });
const connect = fc.record({
  do: fc.constant('connect' as const),
  who,
  isDiligent: bool,
  starts: mostly(fc.constant(true), bool),
});
const pass = fc.record({
  do: fc.constant('pass' as const),
  ms: fc.constantFrom(0, 1, 999, 1000, 5000, 5001, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000),
});

/** Addresses whose events are looked at most closely come often: 7, and the feedback points 1 and 13. */
const ioaOut = fc.oneof(
  { weight: 3, arbitrary: fc.constant(7) },
  { weight: 1, arbitrary: fc.constantFrom(1, 13) },
  { weight: 4, arbitrary: ofTable(({ direction }) => direction === 'monitor') },
);
const keyword = (name: string, ...values: readonly (string | number)[]) =>
  fc.constantFrom('', ...values.map((value) => `${name}=${value};`));

/** Parameters of one station, on top of those of the line. */
const ofStation = fc
  .tuple(
    keyword('CMDC', 0, 1, 2),
    keyword('EOI', 1),
    keyword('GISN', 1),
    keyword('II', 1),
    keyword('IT', 1, 2),
    keyword('ICCI', 1),
    keyword('IGO', 1, 1),
    keyword('IWOT', 0),
    keyword('NF', 1),
    keyword('OIC', 1, 2),
    keyword('OCIC', 1, 2),
    keyword('SBOT', 1000),
    keyword('BGS', 5),
    keyword('CAGE', 1000),
    keyword('CTO', 1, 3000),
  )
  .map((all) => all.join(''));

/** Members of the redundancy group: the addresses of the first two clients. */
const parameters = fc
  .tuple(
    ofStation,
    keyword('K', 1, 2, 20),
    keyword('W', 1, 2),
    keyword('WT1', 1000),
    keyword('WT2', 1, 500),
    keyword('WT3', 0, 2000),
    keyword('WTS', 0, 1000),
    keyword('WTN', 100, 5000),
    keyword('SSN', 1, 32760, 32767),
    keyword('EBS', 1, 7, 60),
    keyword('SAI', 0, 0),
    keyword('IMPI', 1),
    keyword('ICF3', 1),
    keyword('DBGI', 63),
    keyword('DBGO', 63),
    keyword('PW', 1),
  )
  .map((all) => `GRP=A:192.0.2.1,192.0.2.2;${all.join('')}`);

export const setup: fc.Arbitrary<Setup> = fc.record({
  parameters,
  stations: fc.integer({ min: 1, max: 3 }),
  balanced: bool,
  files: bool,
  confirm: fc.constantFrom('auto' as const, 'flow' as const, 'flow' as const, 'nobody' as const),
  reaction: fc.constantFrom('none' as const, 'none' as const, 'write' as const, 'answer' as const, 'both' as const),
});

const flow = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      ca,
      ioa: ioaOut,
      count: mostly(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 16, max: 150 })),
      status: fc.option(octet, { nil: undefined }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('nonsense' as const),
      ca,
      ioa: mostly(ioaOut, fc.integer({ min: -1, max: 2000 })),
      value: fc.anything(),
      beside: fc.dictionary(
        fc.constantFrom('raw', 'quality', 'status', 'timestamp', 'timeInvalid', 'transient', 'sequence', 'cause'),
        fc.anything(),
        { maxKeys: 2, noNullPrototype: true },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('command' as const),
      ca: fc.constant(2),
      ioa: ofTable(({ direction }) => direction === 'control').map((id) => 1000 + id),
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      which: fc.nat({ max: 9 }),
      answer: fc.constantFrom(true as const, false as const, 'terminate' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({ do: fc.constantFrom('leave' as const, 'watch' as const), ca }),
      fc.record({ do: fc.constantFrom('join' as const, 'replace' as const), ca, parameters: ofStation }),
    ),
  },
);

const connection = fc.record({
  do: fc.constantFrom(...(['cut', 'end', 'stall', 'resume', 'disconnect', 'acknowledge', 'acknowledge'] as const)),
  who,
});

/** Sequences of frames that are right or wrong in a single thing, and all else that happens to a line. */
export const frameSteps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: framesOf(fc.constant([])) },
  { weight: 3, arbitrary: connect },
  { weight: 8, arbitrary: flow },
  { weight: 4, arbitrary: pass },
  { weight: 4, arbitrary: connection },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('witness' as const) }) },
);

/** Octets: frames that were right, changed anywhere, and octets out of nowhere. */
export const octetSteps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: framesOf(fc.array(mutation, { minLength: 1, maxLength: 4 })) },
  { weight: 3, arbitrary: framesOf(fc.constant([])) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('octets' as const),
      who,
      octets: fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 600 }),
        fc.uint8Array({ minLength: 4, maxLength: 253 }).map((rest) => Uint8Array.from([0x68, rest.length, ...rest])),
      ),
      cuts,
    }),
  },
  { weight: 3, arbitrary: connect },
  { weight: 4, arbitrary: flow },
  { weight: 3, arbitrary: pass },
  { weight: 2, arbitrary: connection },
);
