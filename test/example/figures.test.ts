import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import { runInNewContext } from 'node:vm';
import { example, points } from './flow.js';

interface Figure {
  readonly tag: string;
  readonly value?: unknown;
  readonly carry?: boolean;
  readonly quality?: Record<string, boolean>;
}
interface Msg {
  topic?: string;
  payload?: unknown;
  running?: boolean;
  iec104?: object;
}

/** The function nodes of the example, run as Node-RED runs them, on a computer that we make up. */
class FunctionNode {
  private readonly stored = new Map<string, unknown>();
  readonly statuses: string[] = [];
  private readonly code: string;

  constructor(
    id: string,
    private readonly libs: Readonly<Record<string, unknown>> = {},
  ) {
    this.code = String(example().find((node) => node.id === id)?.func);
  }

  run(msg: Msg): unknown {
    return runInNewContext(`(() => {${this.code}\n})()`, {
      ...this.libs,
      msg,
      context: {
        get: (key: string) => this.stored.get(key),
        set: (key: string, value: unknown) => this.stored.set(key, value),
      },
      node: { status: ({ text }: { text: string }) => this.statuses.push(text) },
    });
  }

  figures(msg: Msg = {}): Figure[] {
    return JSON.parse(JSON.stringify((this.run(msg) as { payload: Figure[] }).payload));
  }
}

const missing = (): never => {
  throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
};
const values = (figures: Figure[]) => Object.fromEntries(figures.map(({ tag, value }) => [tag, value]));

describe('the figures of the example', () => {
  it('has a point for each, and a figure for each monitored point', () => {
    const tags = ['processor', 'memory', 'network'].flatMap((id) =>
      new FunctionNode(`substation-${id}`, { os, fs }).figures().map(({ tag }) => tag),
    );
    const wanted = points.filter(({ type }) => type.startsWith('M_')).map(({ tag }) => tag);
    assert.deepEqual([...tags, 'measurement.running', 'measurement.period'].sort(), wanted.sort());
  });

  it('leaves out what the computer does not tell, and tells the rest', () => {
    const windows = { ...os, platform: () => 'win32', uptime: () => 17, cpus: () => [{}, {}] };
    const without = { ...fs, readdirSync: missing, readFileSync: missing };
    const processor = new FunctionNode('substation-processor', { os: windows, fs: without });
    assert.deepEqual(values(processor.figures()), {
      'load.1min': undefined,
      'load.5min': undefined,
      'load.15min': undefined,
      processors: 2,
      processes: undefined,
      uptime: 17,
    });
    const network = values(new FunctionNode('substation-network', { os, fs: without }).figures());
    assert.equal(network['network.received'], undefined);
    assert.notEqual(network['network.link'], undefined);
  });

  it('counts the octets of all interfaces but the loopback one', () => {
    const file = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:  900       1    0    0    0     0          0         0  900       1    0    0    0     0       0          0
  eth0: 1000       2    0    0    0     0          0         0   70       1    0    0    0     0       0          0
  wlan:   30       2    0    0    0     0          0         0    8       1    0    0    0     0       0          0
`;
    const network = new FunctionNode('substation-network', { os, fs: { readFileSync: () => file } });
    const { 'network.received': received, 'network.sent': sent } = values(network.figures());
    assert.deepEqual([received, sent], [1030, 78]);
  });

  it('starts again at 0 where an integrated total ends, and says so once by carry', () => {
    let octets = 2 ** 31 - 5;
    const line = () => `\n\n eth0: ${octets} 2 0 0 0 0 0 0 7 1 0 0 0 0 0 0\n`;
    const network = new FunctionNode('substation-network', { os, fs: { readFileSync: line } });
    const received = () => network.figures().find(({ tag }) => tag === 'network.received');
    assert.deepEqual(received(), { tag: 'network.received', value: 2147483643, carry: false });
    octets += 8;
    assert.deepEqual(received(), { tag: 'network.received', value: 3, carry: true });
    octets += 1;
    assert.deepEqual(received(), { tag: 'network.received', value: 4, carry: false });
  });
});

describe('the quality of the example', () => {
  const running = (value: boolean): Msg => ({ running: value, payload: [{ tag: 'measurement.running', value }] });
  const begun = () => {
    const node = new FunctionNode('substation-quality');
    node.run(running(true));
    return node;
  };

  it('marks what has no value as invalid, with the value it had before', () => {
    const node = begun();
    node.run({ payload: [{ tag: 'a', value: 5 }] });
    assert.deepEqual(
      node.figures({ payload: [{ tag: 'a' }, { tag: 'b', value: Number.NaN }, { tag: 'c', value: 1 }] }),
      [
        { tag: 'a', value: 5, quality: { invalid: true } },
        { tag: 'b', value: 0, quality: { invalid: true } },
        { tag: 'c', value: 1 },
      ],
    );
    assert.deepEqual(node.statuses, ['1 values, all good', 'invalid: a, b']);
  });

  it('marks the last values as not topical when the measurement stops, and lets no late ones through', () => {
    const node = begun();
    node.run({ payload: [{ tag: 'a', value: 5 }, { tag: 'b' }] });
    assert.deepEqual(node.figures(running(false)), [
      { tag: 'measurement.running', value: false },
      { tag: 'a', value: 5, quality: { notTopical: true } },
      { tag: 'b', value: 0, quality: { invalid: true, notTopical: true } },
    ]);
    assert.equal(node.run({ payload: [{ tag: 'a', value: 6 }] }), undefined);
    assert.deepEqual(node.figures(running(true)), [{ tag: 'measurement.running', value: true }]);
  });
});

describe('the measurement of the example', () => {
  const second: Msg = { topic: 'second' };
  const execute = { select: false, test: false, cause: 'activation' };
  const outputs = (node: FunctionNode, msg: Msg) =>
    JSON.parse(JSON.stringify(node.run(msg) ?? 'nothing')) as [object | null, { payload: Figure[] } | null] | 'nothing';
  /** How many seconds pass until it measures. */
  const secondsToMeasure = (node: FunctionNode) => {
    for (let seconds = 1; ; seconds++) if ((node.run(second) as unknown[])[0] !== null) return seconds;
  };

  it('measures at once, then every five seconds', () => {
    const node = new FunctionNode('substation-control');
    assert.deepEqual([secondsToMeasure(node), secondsToMeasure(node), secondsToMeasure(node)], [1, 5, 5]);
  });

  for (const [given, inForce] of [
    [2, 2],
    [2.4, 2],
    [-7, 1],
    [0, 1],
    [1e9, 3600],
  ] as const) {
    it(`takes a period of ${given} s as ${inForce} s and tells so`, () => {
      const node = new FunctionNode('substation-control');
      const [measure, state] = outputs(node, { topic: 'measurement.setPeriod', payload: given, iec104: execute });
      assert.notEqual(measure, null);
      assert.deepEqual((state as { payload: Figure[] }).payload, [
        { tag: 'measurement.running', value: true, cause: 'remote' },
        { tag: 'measurement.period', value: inForce, cause: 'remote' },
      ]);
      assert.equal(secondsToMeasure(node), inForce);
      assert.deepEqual(node.statuses, [`every ${inForce} s`]);
    });
  }

  it('does nothing on a selection, its cancellation or a test', () => {
    const node = new FunctionNode('substation-control');
    for (const not of [{ select: true }, { test: true }, { cause: 'deactivation' }])
      assert.equal(
        outputs(node, { topic: 'measurement.run', payload: false, iec104: { ...execute, ...not } }),
        'nothing',
      );
    assert.equal(secondsToMeasure(node), 1);
  });

  it('tells who stopped it: the control centre, or somebody at the substation', () => {
    const node = new FunctionNode('substation-control');
    const cause = (msg: Msg) => {
      const [, state] = outputs(node, { topic: 'measurement.run', ...msg });
      return (state as unknown as { payload: { cause: string }[] }).payload[0]?.cause;
    };
    assert.equal(cause({ payload: false, iec104: execute }), 'remote');
    assert.equal(cause({ payload: true }), 'local');
  });
});
