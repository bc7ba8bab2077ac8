import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FlowNode, freePort, type NodeRed, start } from '../node-red/runtime.js';
import { Etcd, needsEtcd } from './etcd.js';
import { Figures, isLong, times, within } from './figures.js';
import { Master } from './master.js';

/** Counts up for as long as the flow runs, in both runtimes alike: the passive one keeps its last events. */
const counter = `
  const instance = Number(env.get('KOM_INSTANCE'));
  context.timer = setInterval(() => {
    node.send({ payload: ((instance << 28) | (Math.floor(Date.now() / 10) & 0xfffffff)) >>> 0 });
  }, 10);
`;

// biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED replaces it
const variable = '${KOM_INSTANCE}';

function flow(port: number, coordinator: object): FlowNode[] {
  const node = (id: string, type: string, wires: string[][], more: object): FlowNode => ({
    ...{ id, type, z: 'tab', x: 100, y: 100, wires },
    ...more,
  });
  return [
    { id: 'tab', type: 'tab', label: 'Instances' },
    {
      ...{ id: 'kom', type: 'kom-process', name: `TEST ${port}`, instance: variable },
      ...coordinator,
    },
    { id: 'line', type: 'tcp-line', name: 'Line', host: '127.0.0.1', port: String(port), lineNumber: '0', kom: 'kom' },
    {
      ...{ id: 'station', type: 'iec104-server-station', name: 'Station', line: 'line', address: '1' },
      ...{ parameters: 'SAI=False', points: [{ ioa: 1, type: 'M_BO_NA_1' }] },
    },
    node('count', 'function', [['out']], {
      ...{ func: '', outputs: 1, initialize: counter, finalize: 'clearInterval(context.timer);', libs: [] },
    }),
    node('out', 'iec104-server-out', [[]], { station: 'station', ioa: '1' }),
    node('kom-state', 'kom-instance', [['log']], { kom: 'kom' }),
    node('log', 'function', [[]], {
      func: `const { state, instance, tell, ok } = msg.payload;
        console.log(tell === undefined ? 'STATE ' + instance + ' ' + state + ' ' + msg.payload.flags : 'TOLD ' + tell + ' ' + ok);`,
      ...{ outputs: 1, initialize: '', finalize: '', libs: [] },
    }),
    node('press', 'inject', [['kom-state']], {
      ...{
        props: [{ p: 'payload' }],
        repeat: '',
        once: false,
        payload: `SET_ACT_INST TEST ${port} 1`,
        payloadType: 'str',
      },
    }),
  ];
}

// Against etcd takeovers are measured without Node-RED in the short form.
const kinds = isLong ? (['local', 'etcd'] as const) : (['local'] as const);

for (const kind of kinds)
  describe(`two real Node-REDs as instances, with ${kind}, seen by a master`, function () {
    this.timeout(600_000);
    let etcd: Etcd | undefined;
    let port: number;
    let master: Master;
    let coordinator: object;
    const folders = new Map<number, string>();
    const running = new Map<number, NodeRed>();
    const begin = async (instance: number): Promise<NodeRed> => {
      const userDir = folders.get(instance) ?? mkdtempSync(join(tmpdir(), `instance-${instance}-`));
      folders.set(instance, userDir);
      const env = { KOM_INSTANCE: String(instance) };
      const red = await start({ userDir, flows: flow(port, coordinator), env });
      running.set(instance, red);
      return red;
    };
    const joined = (red: NodeRed): Promise<void> => red.prints(/STATE \d (active|passive) BC/);

    before(async function () {
      if (kind === 'etcd') {
        needsEtcd(this);
        etcd = await Etcd.start(3);
      }
      coordinator = { coordinator: kind, endpoints: etcd?.endpoints ?? '' };
      port = await freePort();
      await begin(1);
      master = new Master(port);
      await master.hears(({ instance }) => instance === 1);
      await joined(await begin(2));
    });
    after(async () => {
      master?.close();
      for (const red of running.values()) await red.signal('SIGKILL').catch(() => {});
      for (const folder of folders.values()) rmSync(folder, { recursive: true, force: true });
      await etcd?.stop();
    });

    it('a deploy does not switch, and closes no connection', async () => {
      const red = running.get(1) as NodeRed;
      await red.deploy(flow(port, coordinator), 'full');
      const { count } = master.last as { count: number };
      assert.equal((await master.hears((arrival) => arrival.count > count + 20)).instance, 1);
    });

    it('orderly stop: the other takes over within 200 ms', async () => {
      const figures = new Figures(`orderly stop, ${kind}, at the master`);
      for (let i = 0; i < times(20, 1); i++) {
        const active = (master.last as { instance: number }).instance;
        const red = running.get(active) as NodeRed;
        const { ms, to } = await master.takeover(() => red.stop());
        assert.notEqual(to, active);
        figures.add(ms);
        await joined(await begin(active));
      }
      figures.show();
      assert.ok(figures.median < within(200), `${figures.median} ms`);
    });

    it(`kill -9: the other takes over within ${kind === 'local' ? '0.1 s' : '2 s'}`, async () => {
      const figures = new Figures(`kill -9, ${kind}, at the master`);
      for (let i = 0; i < times(20, 1); i++) {
        const active = (master.last as { instance: number }).instance;
        const { ms, to } = await master.takeover(() => (running.get(active) as NodeRed).signal('SIGKILL'));
        assert.notEqual(to, active);
        figures.add(ms);
        await joined(await begin(active));
      }
      figures.show();
      assert.ok(figures.median < within(kind === 'etcd' ? 2000 : 100), `${figures.median} ms`);
    });

    it('an operator switches in less than 200 ms, and is answered', async () => {
      const active = (master.last as { instance: number }).instance;
      if (active === 1)
        await master.takeover(() => (running.get(1) as NodeRed).stop()).then(async () => joined(await begin(1)));
      const red = running.get(2) as NodeRed;
      const { ms, to } = await master.takeover(() => red.inject('press'));
      assert.equal(to, 1);
      await red.prints(/TOLD SET_ACT_INST true/);
      const figures = new Figures(`SET_ACT_INST, ${kind}, at the master`);
      figures.add(ms);
      figures.show();
      assert.ok(ms < within(400), `${ms} ms`);
    });
  });
