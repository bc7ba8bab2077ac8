import assert from 'node:assert/strict';
import { catchAll, freePort, line, serverOut, sink, station, tab } from './flow.js';
import { type Message, red, withNodeRed } from './runtime.js';
import { interrogate } from './wire.js';

const points = [
  { ioa: 100, tag: 'Q0', type: 'M_SP_NA_1' },
  { ioa: 101, tag: 'U', type: 'M_ME_NC_1' },
  { ioa: 102, type: 'M_DP_NA_1' },
  { ioa: 103, type: 'M_ST_NA_1' },
  { ioa: 104, type: 'M_BO_NA_1' },
  { ioa: 105, type: 'M_ME_NA_1' },
  { ioa: 106, type: 'M_ME_NB_1' },
  { ioa: 107, type: 'M_IT_NA_1' },
  { ioa: 108, tag: 'trip', type: 'M_EP_TD_1' },
  { ioa: 109, type: 'M_EP_TE_1' },
  { ioa: 200, tag: 'command', type: 'C_SC_NA_1' },
];

const never = (): never => {
  throw new Error('a getter that throws');
};
const hostile = Object.freeze({
  get ioa(): number {
    return never();
  },
  get value(): number {
    return never();
  },
});
const circular: Record<string, unknown> = { event: 1 };
circular.self = circular;

describe('errors of iec104-server-out', () => {
  withNodeRed();

  let port: number;

  async function begin(node = {}): Promise<void> {
    port = await freePort();
    await red.deploy([tab, line(port), station(points), serverOut(node), ...catchAll]);
  }

  /** The text that a catch node gets of a message. */
  async function refusal(message: Message): Promise<string> {
    red.inject('out', message);
    const { error } = (await red.next('caught')) as { error: { message: string; source: { id: string } } };
    assert.equal(error.source.id, 'out');
    return error.message;
  }

  /** The node still does what it is for. */
  async function lives(): Promise<void> {
    red.inject('out', { ioa: 102, payload: true });
    const asdus = await interrogate(await red.client(port));
    assert.ok(asdus.includes('03 01 03 00 01 00 66 00 00 02'), `${asdus}`);
  }

  describe('a value that the type cannot hold is refused, naming the point and what is allowed', () => {
    const wrong: readonly [name: string, message: Message, expected: readonly RegExp[]][] = [
      ['text for a single point', { ioa: 100, payload: 'true' }, [/100 \(Q0\)/, /"true"/, /true, false, 1 or 0/]],
      ['2 for a single point', { ioa: 100, payload: 2 }, [/100 \(Q0\)/, /true, false, 1 or 0/]],
      ['4 for a double point', { ioa: 102, payload: 4 }, [/102/, /0\.\.3/]],
      ['64 for a step position', { ioa: 103, payload: 64 }, [/103/, /-64\.\.63/]],
      ['-1 for a bit string', { ioa: 104, payload: -1 }, [/104/, /0\.\.4294967295/]],
      ['NaN for a normalized value', { ioa: 105, payload: Number.NaN }, [/105/, /NaN/, /-1\.\.1/]],
      ['a fraction for a scaled value', { ioa: 106, payload: 1.5 }, [/106/, /1\.5/, /-32768\.\.32767/]],
      ['2^31 for a counter', { ioa: 107, payload: 2147483648 }, [/107/, /-2147483648\.\.2147483647/]],
      ['a number for a protection event', { ioa: 108, payload: 1 }, [/108 \(trip\)/, /elapsedMs/]],
      ['an unknown start event', { ioa: 109, payload: { start: { l4: true } } }, [/109/, /l1, l2, l3/]],
      ['NaN', { topic: 'U', payload: Number.NaN }, [/101 \(U\)/, /NaN/, /finite/]],
      ['infinity', { topic: 'U', payload: -Infinity }, [/101 \(U\)/, /finite/]],
      ['text', { topic: 'U', payload: '1.5' }, [/101 \(U\)/, /finite/]],
      ['null', { topic: 'U', payload: null }, [/101 \(U\)/, /null/, /finite/]],
      ['undefined', { topic: 'U', payload: undefined }, [/101 \(U\)/, /finite/]],
      ['no payload at all', { topic: 'U' }, [/101 \(U\)/, /finite/]],
      ['a symbol', { topic: 'U', payload: Symbol('s') }, [/101 \(U\)/, /finite/]],
      ['a big integer', { topic: 'U', payload: 5n }, [/101 \(U\)/, /finite/]],
      ['a function', { topic: 'U', payload: never }, [/101 \(U\)/, /finite/]],
      ['an object', { topic: 'U', payload: { value: 1 } }, [/101 \(U\)/, /finite/]],
      ['an object that refers to itself', { topic: 'U', payload: circular }, [/101 \(U\)/, /finite/]],
      ['a buffer', { topic: 'U', payload: Buffer.from('1') }, [/101 \(U\)/, /finite/]],
      ['a date', { topic: 'U', payload: new Date(0) }, [/101 \(U\)/, /finite/]],
      ['an object without a prototype', { topic: 'U', payload: Object.create(null) }, [/101 \(U\)/, /finite/]],
    ];
    for (const [name, message, expected] of wrong)
      it(name, async () => {
        await begin();
        const text = await refusal(message);
        for (const pattern of expected) assert.match(text, pattern);
        await lives();
      });
  });

  describe('what stands beside a value', () => {
    const wrong: readonly [name: string, beside: Message, expected: RegExp][] = [
      ['a status beyond an octet', { status: 256 }, /101 \(U\).*256.*0\.\.255/],
      ['a status that is text', { status: '5' }, /101 \(U\).*0\.\.255/],
      ['a quality that is no object', { quality: 'good' }, /101 \(U\).*quality "good"/],
      ['a time before 1970', { timestamp: -1 }, /101 \(U\).*timestamp -1/],
      ['a time that is no number', { timestamp: 'now' }, /101 \(U\).*timestamp/],
      ['a time that is not one', { timestamp: Number.NaN }, /101 \(U\).*timestamp NaN/],
      ['an unknown cause', { cause: 'unknown' }, /101 \(U\).*cause unknown.*spontaneous, remote, local or periodic/],
    ];
    for (const [name, beside, expected] of wrong)
      it(`${name} is refused`, async () => {
        await begin();
        assert.match(await refusal({ topic: 'U', payload: 1, ...beside }), expected);
        await lives();
      });

    it('a sequence number beyond 31 is refused', async () => {
      await begin();
      assert.match(await refusal({ ioa: 107, payload: 1, sequence: 32 }), /107.*sequence 32.*0\.\.31/);
    });

    it('a raw integer that is none is refused', async () => {
      await begin();
      assert.match(await refusal({ ioa: 105, payload: 0, raw: 0.5 }), /105.*0\.5/);
    });
  });

  describe('an address that names no point to send is refused', () => {
    const wrong: readonly [name: string, message: Message, expected: RegExp][] = [
      ['an unknown tag', { topic: 'Q1', payload: true }, /Substation.*"Q1"/],
      ['an unknown object address', { ioa: 999, payload: true }, /Substation.*999/],
      ['an object address that is none', { ioa: '1x', payload: true }, /Substation.*1x/],
      ['an object address that is too large', { ioa: 16777216, payload: true }, /16777216/],
      ['a negative object address', { ioa: -1, payload: true }, /-1/],
      ['the address of another station', { topic: '2/100', payload: true }, /"2\/100"/],
      ['the address of a command', { ioa: 200, payload: true }, /200/],
      ['the tag of a command', { topic: 'command', payload: true }, /"command"/],
      ['no address', { payload: true }, /Substation.*address|Substation.*tag/],
      ['an object address that is a symbol', { ioa: Symbol('a'), payload: true }, /Substation.*address/],
      ['an object address that is an object', { ioa: Object.create(null), payload: true }, /Substation.*address/],
      ['a topic that is an object', { topic: Object.create(null), payload: true }, /Substation/],
      ['a topic that is a symbol', { topic: Symbol('t'), payload: true }, /Substation/],
    ];
    for (const [name, message, expected] of wrong)
      it(name, async () => {
        await begin();
        assert.match(await refusal(message), expected);
        await lives();
      });

    it("the node's own address: told at deploy, and for each message", async () => {
      await begin({ ioa: '999' });
      assert.match(red.errors('out').join(), /Substation.*999/);
      assert.equal(red.statuses('out').at(-1)?.fill, 'red');
      red.messages('caught').length = 0;
      assert.match(await refusal({ payload: true }), /999/);
    });
  });

  describe('of an array only the wrong elements are lost', () => {
    const elements: readonly [name: string, element: unknown, expected: RegExp][] = [
      ['a wrong value', { ioa: 101, value: 'x' }, /101 \(U\)/],
      ['an unknown tag', { tag: 'Q1', value: 1 }, /"Q1"/],
      ['no address', { value: 1 }, /Substation.*address|Substation.*tag/],
      ['a number', 5, /element 2/],
      ['null', null, /element 2/],
      ['undefined', undefined, /element 2/],
      ['a symbol', Symbol('s'), /element 2/],
      ['an array', [{ ioa: 101, value: 1 }], /element 2/],
      ['an empty place', 'hole', /element 2/],
      ['an element whose getters throw', hostile, /element 2/],
      ['an element that refers to itself', circular, /Substation/],
      ['a tag that is an object', { tag: Object.create(null), value: 1 }, /Substation|element 2/],
    ];
    for (const [name, element, expected] of elements)
      it(name, async () => {
        // Node-RED copies a message for each catch node, which throwing getters would not survive: the log tells.
        port = await freePort();
        await red.deploy([tab, line(port), station(points), serverOut()]);
        const payload: unknown[] = [{ ioa: 100, value: true }, element, { ioa: 102, value: 2 }];
        if (element === 'hole') delete payload[1];
        red.inject('out', { payload });
        assert.equal(red.errors('out').length, 1);
        assert.match(red.errors('out')[0] as string, expected);
        const asdus = await interrogate(await red.client(port));
        assert.ok(asdus.includes('01 01 03 00 01 00 64 00 00 01'), 'the element before');
        assert.ok(asdus.includes('03 01 03 00 01 00 66 00 00 02'), 'the element after');
      });

    it('of many wrong elements the first are told, and how many more there are', async () => {
      await begin();
      const text = await refusal({ payload: Array.from({ length: 1000 }, (_, i) => ({ ioa: 5000 + i, value: 1 })) });
      assert.match(text, /5000.*5001/);
      assert.match(text, /99\d more/);
      assert.ok(text.length < 2000);
    });

    it('a hundred thousand elements that are none', async () => {
      await begin();
      assert.match(await refusal({ payload: new Array(100_000).fill(null) }), /99995 more/);
      await lives();
    });

    it('an array that only says it is huge is refused as a whole', async () => {
      port = await freePort();
      await red.deploy([tab, line(port), station(points), serverOut()]);
      red.inject('out', { payload: new Array(4_294_967_295) });
      assert.match(red.errors('out').join(), /4294967295 values/);
      await lives();
    });

    it('an empty array is no error', async () => {
      await begin();
      red.inject('out', { payload: [] });
      await lives();
      assert.deepEqual(red.allErrors, []);
    });
  });

  describe('a value that is accepted though it cannot be shown', () => {
    it('an event of protection equipment that refers to itself', async () => {
      await begin();
      red.inject('out', { ioa: 108, payload: circular });
      assert.deepEqual(red.allErrors, []);
      await lives();
    });

    it('a payload beside the raw integer that is written', async () => {
      await begin();
      red.inject('out', { ioa: 105, raw: 1, payload: circular });
      red.inject('out', { ioa: 105, raw: 2, payload: Symbol('s') });
      red.inject('out', { ioa: 105, raw: 3, payload: { toJSON: () => undefined } });
      assert.deepEqual(red.allErrors, []);
      await lives();
    });
  });

  for (const [name, message] of [
    ['payload', Object.defineProperty({ ioa: 100 }, 'payload', { get: never, enumerable: true })],
    ['topic', Object.defineProperty({ payload: true }, 'topic', { get: never, enumerable: true })],
    ['quality', { ioa: 100, payload: true, quality: Object.defineProperty({}, 'invalid', { get: never }) }],
  ] as const)
    it(`a message whose ${name} throws is an error of the node`, async () => {
      port = await freePort();
      await red.deploy([tab, line(port), station(points), serverOut()]);
      red.inject('out', message as Message);
      assert.equal(red.errors('out').length, 1);
      assert.match(red.errors('out')[0] as string, /a getter that throws/);
      await lives();
    });

  it('shows the error under the node', async () => {
    await begin();
    await refusal({ ioa: 100, payload: 'x' });
    const shown = red.statuses('out').at(-1);
    assert.equal(shown?.fill, 'red');
    assert.match(shown?.text ?? '', /100 \(Q0\)/);
  });

  it('every message is an error of a node without a station, and done is called once for each', async () => {
    port = await freePort();
    await red.deploy([tab, line(port), serverOut({ station: 'nowhere' }), ...catchAll, sink('none')]);
    assert.equal(red.errors('out').length, 1);
    red.messages('caught').length = 0;
    for (let i = 0; i < 3; i++) assert.match(await refusal({ ioa: 100, payload: true }), /station/);
    assert.equal(red.messages('caught').length, 0);
  });
});
