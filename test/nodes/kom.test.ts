import assert from 'node:assert/strict';
import { LocalCoordinator } from '../../lib/kom/coordinator-local.js';
import type { Kom, KomStatus } from '../../lib/kom/kom.js';
import { instance, until } from '../kom/rig.js';
import {
  clientIn,
  clientOut,
  clientStation,
  type FlowNode,
  freePort,
  line,
  lineStatus,
  redundantLine,
  serverOut,
  sink,
  station,
  tab,
} from './flow.js';
import { type Message, red, withNodeRed } from './runtime.js';

const point = { ioa: 100, type: 'M_SP_NA_1' };
const ON = '01 01 14 00 01 00 64 00 00 01';
const event = (value: boolean): string => `01 01 03 00 01 00 64 00 00 0${value ? 1 : 0}`;

describe('kom-process and kom-instance', () => {
  withNodeRed();
  let port: number;
  let name: string;
  let other: Kom | undefined;
  const flow = (process: object = {}, lineProperties: object = {}): FlowNode[] => [
    tab,
    { id: 'kom', type: 'kom-process', name, instance: '1', ...process },
    { id: 'instance', type: 'kom-instance', z: 'tab', x: 1, y: 1, name: '', kom: 'kom', wires: [['process']] },
    sink('process'),
    line(port, { kom: 'kom', ...lineProperties }),
    station([point], { parameters: 'SAI=False' }),
    serverOut({ ioa: '100' }),
    lineStatus(),
    sink('states'),
  ];
  const second = (): Kom => {
    other = instance(new LocalCoordinator({ process: name }), { process: name, instance: 2 });
    return other;
  };
  const process = async (wanted: (status: KomStatus) => boolean, what: string): Promise<KomStatus> =>
    (await red.nextWhere('process', ({ payload }: Message) => wanted(payload as KomStatus), what)).payload as KomStatus;
  const lineIs = (state: string): Promise<Message> =>
    red.nextWhere('states', ({ payload }) => (payload as { state: string }).state === state, `the line ${state}`);
  /** Tells a command and takes the answer; what else has come stays. */
  const tell = async (command: string): Promise<Message> => {
    red.inject('instance', { payload: command });
    const queue = red.messages('process');
    const at = (): number => queue.findIndex(({ payload }) => 'tell' in (payload as object));
    await red.until(() => at() >= 0, 'the answer');
    return queue.splice(at(), 1)[0]?.payload as Message;
  };

  beforeEach(async () => {
    port = await freePort();
    name = `NODES ${port}`;
  });
  afterEach(() => other?.stop());

  it('says who is active, and opens its lines', async () => {
    await red.deploy(flow());
    const active = await process(({ state }) => state === 'active', 'active');
    assert.equal(active.process, name);
    assert.equal(active.flags, 'B');
    assert.ok(active.token > 1e12);
    assert.deepEqual(
      active.members.map((member) => [member.instance, member.state]),
      [[1, 'active']],
    );
    await lineIs('listening');
    await red.until(
      () => red.statuses('instance').some(({ fill, text }) => fill === 'green' && /since/.test(text ?? '')),
      'it',
    );
  });

  it('passive: the line is closed and says so, values are taken; active again: the last ones are sent', async () => {
    await red.deploy(flow());
    await lineIs('listening');
    const client = await red.client(port);
    const two = second();
    await process(({ flags }) => flags === 'BC', 'both');
    assert.deepEqual(await tell(`SET_ACT_INST ${name} 2`), {
      tell: 'SET_ACT_INST',
      process: name,
      instance: 2,
      ok: true,
    });
    await client.closes();
    await lineIs('passive');
    const isShown = (): boolean =>
      red.statuses('status').some(({ fill, text }) => fill === 'grey' && /passive/.test(text ?? ''));
    await red.until(isShown, 'the line shown as passive');
    const isSaid = (): boolean =>
      red.statuses('out').some(({ fill, text }) => fill === 'grey' && /passive/.test(text ?? ''));
    await red.until(isSaid, 'the node of the station shown as passive');
    red.inject('out', { payload: true });
    assert.ok(two.isActive);
    await two.stop();
    await lineIs('listening');
    const again = await red.client(port);
    await again.expect(event(true));
  });

  it('a deploy of the same changes nothing; one of another instance hands over by name', async () => {
    await red.deploy(flow());
    const { token } = await process(({ state }) => state === 'active', 'active');
    const two = second();
    await until(two, () => two.status.flags === 'BC');
    const client = await red.client(port);
    await red.deploy(flow(), 'full');
    red.inject('out', { payload: true });
    await client.expect(event(true));
    assert.equal((await process(({ state }) => state === 'active', 'active')).token, token);
    await red.deploy(flow({ instance: '3' }), 'full');
    await client.closes();
    await until(two, () => two.isActive);
    await process(
      ({ instance: number, state, flags }) => number === 3 && state === 'passive' && flags === 'CD',
      'as 3',
    );
    await red.deploy([tab], 'full');
    await until(two, () => two.isActive && two.status.flags === 'C');
  });

  for (const [type, makeLine] of [
    ['tcp-line', () => line(port, { kom: 'kom' })],
    ['tcp-line-redundant', () => redundantLine(port, port, { useBackup: false, kom: 'kom' })],
  ] as const)
    it(`${type} that connects: closes while passive, refuses orders, and interrogates when it is active`, async () => {
      const outstation = await red.outstation(port);
      const nodes = [clientStation([point, { ioa: 5000, type: 'C_SC_NA_1' }]), clientIn(), sink('values'), clientOut()];
      await red.deploy([...flow().slice(0, 4), makeLine(), ...nodes, sink('outcomes'), lineStatus(), sink('states')]);
      const peer = await (await outstation.accept()).serve(ON);
      assert.equal((await red.next('values')).payload, true);
      const two = second();
      await process(({ flags }) => flags === 'BC', 'both');
      assert.deepEqual(await two.activate(2), { ok: true });
      await peer.closes();
      await lineIs('passive');
      red.inject('out', { payload: { command: 'single', ioa: 5000, value: true } });
      const { ok, reason } = (await red.next('outcomes')).payload as { ok: boolean; reason: string };
      assert.deepEqual([ok, reason], [false, 'passive']);
      await two.stop();
      await (await outstation.accept()).serve(ON);
      await lineIs('connected');
    });

  it('answers what it is told', async () => {
    await red.deploy(flow());
    await process(({ state }) => state === 'active', 'active');
    assert.deepEqual(await tell(`SET_PREFERRED_INST ${name} 1`), {
      ...{ tell: 'SET_PREFERRED_INST', process: name, instance: 1, ok: true },
    });
    await process(({ preferred }) => preferred === 1, 'preferred');
    assert.equal((await tell(`SET_LOAD_BAL_MODE ${name} ON`)).ok, true);
    await process(({ mode }) => mode === 'active-active', 'active-active');
    assert.match(String((await tell(`SET_ACT_INST ${name} 1`)).reason), /active-active/);
    assert.match(String((await tell('SET_ACT_INST OTHER 1')).reason), new RegExp(`this is the process ${name}`));
    assert.match(String((await tell('SHUTDOWN')).reason), /not understood/);
    assert.match(String((await tell('STWATCH nowhere')).reason), /no station nowhere/);
    assert.deepEqual(await tell('CHECK CERTS'), { tell: 'CHECK CERTS', mask: '', ok: true, certificates: [] });
  });

  for (const [what, properties, error] of [
    ['an instance beyond 15', { instance: '16' }, /instance: "16" is not a whole number 0\.\.15/],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as Node-RED writes it
    ['an instance that nobody has set', { instance: '${KOM_NOT_SET}' }, /instance: the environment variable/],
    ['etcd without endpoints', { coordinator: 'etcd' }, /endpoints: none is given/],
    ['another coordinator', { coordinator: 'zookeeper' }, /coordinator: "zookeeper" is none of local, etcd/],
  ] as const)
    it(`${what}: an error that names it, and the line stays shut`, async () => {
      await red.deploy(flow(properties));
      assert.match(red.errors('kom').join('\n'), error);
      assert.match(
        red.errors('line').join('\n'),
        /kom: the configuration of .* is wrong; the line does not open without it/,
      );
      await lineIs('passive');
      await assert.rejects(red.connect(port));
    });
});
