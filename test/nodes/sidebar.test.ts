import assert from 'node:assert/strict';
import type { NodeAPI } from 'node-red';
import helper from 'node-red-node-test-helper';
import type { PassingFrame } from '../../lib/trace/frame-watch.js';
import { type ListedLine, list, unlist } from '../../nodes/shared/line-registry.js';
import { LEASE, MONITORS_AT_MOST, Monitors } from '../../nodes/sidebar/monitors.js';
import sidebar from '../../nodes/sidebar/telecontrol-sidebar.js';
import { hex } from '../asdu/vectors.js';
import { VirtualClock } from '../link/virtual-clock.js';
import { STARTDT_ACT, TESTFR_ACT } from '../server/wire.js';
import { fieldsOfCapture, hasTshark } from '../trace/tshark-capture.js';
import { type FlowNode, freePort, line, sink, station, tab } from './flow.js';
import { red, withNodeRed } from './runtime.js';

/** A line that counts who watches its frames. */
class WatchedLine implements ListedLine {
  readonly name = 'Line';
  readonly host = '127.0.0.1:2404';
  readonly ports = [2404];
  readonly status = { state: 'listening', flags: '', connections: [], stations: [], lost: 0, closes: {} } as const;
  readonly watchers = new Set<(frame: PassingFrame) => void>();

  constructor(readonly id: string) {}

  watchFrames(watcher: (frame: PassingFrame) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  pass(digits: string): void {
    const frame = {
      remote: '192.0.2.7:5000',
      local: '192.0.2.1:2404',
      direction: 'received',
      octets: hex(digits),
    } as const;
    for (const watcher of this.watchers) watcher(frame);
  }

  disconnect = (): number => 0;
  watchStation = (): undefined => undefined;
  /** Whether there is a standby connection. */
  hasStandby = false;
  switchOver = (): boolean => this.hasStandby;
  certificates = (): [] => [];
}

const kept = (monitors: Monitors, id: string): object =>
  Object.fromEntries([...(monitors.ask(id)?.capture.kept ?? [])].map(([line, { kept }]) => [line, kept]));

describe('the monitors of the sidebar', () => {
  it('watch the frames of all lines while one is open, and no longer', () => {
    const lines = [new WatchedLine('a'), new WatchedLine('b')];
    const monitors = new Monitors(lines, new VirtualClock());
    const watchers = (): number[] => lines.map((line) => line.watchers.size);
    assert.deepEqual(watchers(), [0, 0]);
    const first = monitors.begin()?.id ?? '';
    const second = monitors.begin()?.id ?? '';
    assert.deepEqual(watchers(), [2, 2]);
    for (const line of lines) line.pass(STARTDT_ACT);
    assert.deepEqual(kept(monitors, second), { a: 1, b: 1 });
    assert.equal(monitors.end(first), true);
    assert.equal(monitors.end(first), false);
    assert.deepEqual(watchers(), [1, 1]);
    monitors.close();
    assert.deepEqual(watchers(), [0, 0]);
    assert.equal(monitors.ask(second), undefined);
  });

  it('watch lines that come, and let go those that have gone', () => {
    const [first, second] = [new WatchedLine('a'), new WatchedLine('b')];
    const lines = new Set([first]);
    const monitors = new Monitors(lines, new VirtualClock());
    const id = monitors.begin()?.id ?? '';
    first.pass(TESTFR_ACT);
    lines.delete(first);
    lines.add(second);
    monitors.ask(id);
    assert.deepEqual([first.watchers.size, second.watchers.size], [0, 1]);
    second.pass(TESTFR_ACT);
    assert.deepEqual(kept(monitors, id), { a: 1, b: 1 });
    monitors.close();
  });

  it('end when nobody asks them any more', () => {
    const clock = new VirtualClock();
    const line = new WatchedLine('a');
    const monitors = new Monitors([line], clock);
    const left = monitors.begin()?.id ?? '';
    const asked = monitors.begin()?.id ?? '';
    for (let i = 0; i < 4; i++) {
      clock.advance(LEASE / 2);
      assert.ok(monitors.ask(asked));
    }
    assert.equal(monitors.count, 1);
    assert.equal(monitors.ask(left), undefined);
    clock.advance(2 * LEASE);
    assert.deepEqual([monitors.count, line.watchers.size, clock.pending], [0, 0, 0]);
  });

  it('are limited in number', () => {
    const monitors = new Monitors([], new VirtualClock());
    for (let i = 0; i < MONITORS_AT_MOST; i++) assert.ok(monitors.begin());
    assert.equal(monitors.begin(), undefined);
    monitors.close();
  });
});

/** The plugin behind an admin API that lets in who has a permission, named in a header. */
function withPermissions(RED: NodeAPI): void {
  sidebar({
    ...RED,
    plugins: { ...RED.plugins, registerPlugin: () => {} },
    auth: {
      needsPermission: (permission) => (request, response, next) => {
        if (
          String(request.headers.permissions ?? '')
            .split(' ')
            .includes(permission)
        )
          next();
        else response.status(401).end();
      },
    },
  });
}

interface Frames {
  readonly frames: readonly {
    number: number;
    text: string;
    octets: string;
    remote: string;
    direction: string;
    kind: string;
  }[];
  readonly last: number;
  readonly wrong?: string;
  readonly paused: boolean;
  readonly unseen: number;
  readonly lines: readonly { id: string; kept: number; dropped: number }[];
}

describe('what the sidebar asks for', () => {
  withNodeRed();
  let port: number;
  const READ = 'telecontrol.read';
  const WRITE = 'telecontrol.write';
  const get = (path: string, permissions = READ) => helper.request().get(path).set('permissions', permissions);
  const post = (path: string, body: object = {}, permissions = READ) =>
    helper.request().post(path).set('permissions', permissions).send(body);

  before(() => {
    red.plugins = [withPermissions];
  });
  after(() => {
    red.plugins = [];
  });

  beforeEach(async () => {
    port = await freePort();
    await red.deploy([tab, line(port), station([{ ioa: 100, type: 'M_SP_NA_1' }])]);
  });

  async function monitor(): Promise<{ id: string; frames(query?: string): Promise<Frames> }> {
    const { id } = (await post('/telecontrol/monitor').expect(200)).body;
    return {
      id,
      frames: async (query = '') => (await get(`/telecontrol/monitor/${id}/frames?${query}`).expect(200)).body,
    };
  }

  it('is refused without telecontrol.read, and what acts without telecontrol.write', async () => {
    const client = await red.client(port);
    const { id } = await monitor();
    const remote = `127.0.0.1:${client.port}`;
    for (const path of [
      'lines',
      'certificates',
      'fields?octets=680407000000',
      `monitor/${id}/frames`,
      `monitor/${id}/capture`,
    ])
      await get(`/telecontrol/${path}`, 'flows.read nodes.read').expect(401);
    for (const path of ['monitor', `monitor/${id}/pause`, `monitor/${id}/clear`])
      await post(`/telecontrol/${path}`, {}, 'flows.write').expect(401);
    await helper.request().delete(`/telecontrol/monitor/${id}`).set('permissions', 'flows.write').expect(401);
    await post('/telecontrol/line/line/disconnect', { remote }, READ).expect(401);
    await post('/telecontrol/line/line/refresh', { station: 'Substation' }, READ).expect(401);
    await post('/telecontrol/line/line/switch', {}, READ).expect(401);
    await client.quiet();
    await helper.request().delete(`/telecontrol/monitor/${id}`).set('permissions', READ).expect(200);
  });

  it('shows lines, and closes a connection', async () => {
    const client = await red.client(port);
    const remote = `127.0.0.1:${client.port}`;
    const { body } = await get('/telecontrol/lines').expect(200);
    assert.equal(body.monitors, 0);
    const [shown] = body.lines;
    assert.deepEqual(
      [shown.id, shown.name, shown.host, shown.status.flags],
      ['line', 'Line', `127.0.0.1:${port}`, 'A'],
    );
    assert.equal(shown.status.connections[0].remote, remote);
    const path = '/telecontrol/line/line/disconnect';
    await post(path, { remote: 'nobody:1' }, WRITE).expect(404);
    await post(path, { remote: 5 }, WRITE).expect(400);
    await post('/telecontrol/line/gone/disconnect', { remote }, WRITE).expect(404);
    assert.deepEqual((await post(path, { remote }, WRITE).expect(200)).body, { count: 1 });
    await client.closes();
  });

  it('switches a redundant line where there is a standby connection', async () => {
    const redundant = new WatchedLine('redundant');
    list(redundant);
    try {
      const path = '/telecontrol/line/redundant/switch';
      await post(path, {}, WRITE).expect(409);
      redundant.hasStandby = true;
      await post(path, {}, WRITE).expect(200);
      await post('/telecontrol/line/gone/switch', {}, WRITE).expect(404);
    } finally {
      unlist(redundant);
    }
  });

  it('shows the processes that this runtime is an instance of', async () => {
    const name = `SIDEBAR ${port}`;
    const process = (state: string): Promise<unknown> =>
      red.nextWhere('process', ({ payload }) => (payload as { state: string }).state === state, state);
    const shown = async (): Promise<[string, number, string][]> =>
      (await get('/telecontrol/lines').expect(200)).body.processes.map((status: Record<string, unknown>) => [
        status.process,
        status.instance,
        status.state,
      ]);
    const kom: FlowNode[] = [
      { id: 'kom', type: 'kom-process', name, instance: '1' },
      { id: 'instance', type: 'kom-instance', z: 'tab', x: 1, y: 1, name: '', kom: 'kom', wires: [['process']] },
      sink('process'),
    ];
    await red.deploy([tab, ...kom], 'full');
    await process('active');
    assert.deepEqual(await shown(), [[name, 1, 'active']]);
    await red.deploy([tab], 'full');
    assert.deepEqual(await shown(), []);
  });

  it('interrogates a station only where there is somebody to interrogate', async () => {
    const path = '/telecontrol/line/line/refresh';
    await post(path, { station: 'Substation' }, WRITE).expect(409);
    await post(path, { station: 'Other' }, WRITE).expect(404);
    await post(path, {}, WRITE).expect(400);
    await post('/telecontrol/line/gone/refresh', { station: 'Substation' }, WRITE).expect(404);
  });

  it('interrogates the partners of a balanced station', async () => {
    await red.deploy([
      tab,
      line(port),
      station([{ ioa: 100, type: 'M_SP_NA_1' }], { balanced: true, parameters: 'OIC=1' }),
    ]);
    const client = await red.client(port);
    const interrogation = '64 01 06 00 01 00 00 00 00 14';
    await client.expect(interrogation);
    const { body } = await get('/telecontrol/lines').expect(200);
    assert.deepEqual(body.lines[0].status.stations, [
      { name: 'Substation', address: 1, state: 'StON', balanced: true },
    ]);
    const path = '/telecontrol/line/line/refresh';
    assert.deepEqual((await post(path, { station: 'Substation' }, WRITE).expect(200)).body, { count: 1 });
    await client.expect(interrogation);
  });

  it('says so where a balanced station asks for nothing', async () => {
    await red.deploy([tab, line(port), station([{ ioa: 100, type: 'M_SP_NA_1' }], { balanced: true })]);
    const client = await red.client(port);
    await post('/telecontrol/line/line/refresh', { station: 'Substation' }, WRITE).expect(409);
    await client.quiet();
  });

  it('shows each frame once, decoded, and what a filter lets through', async () => {
    const { id, frames } = await monitor();
    const client = await red.client(port);
    const remote = `127.0.0.1:${client.port}`;
    await client.answers('66 01 05 00 01 00 64 00 00', '01 01 05 00 01 00 64 00 00 c0');
    await client.quiet();
    const all = await frames();
    assert.deepEqual(
      all.frames.slice(0, 4).map(({ direction, kind, text }) => [direction, kind, text]),
      [
        ['received', 'U', 'U STARTDT act'],
        ['sent', 'U', 'U STARTDT con'],
        ['received', 'I', 'I N(S)=0 N(R)=0 C_RD_NA_1 (102) request OA=0 CA=1 100'],
        ['sent', 'I', 'I N(S)=0 N(R)=1 M_SP_NA_1 (1) request OA=0 CA=1 100=off IV NT'],
      ],
    );
    assert.ok(all.frames.every((frame) => frame.remote === remote));
    assert.deepEqual(all.lines, [{ id: 'line', kept: all.last, dropped: 0, oldest: 1 }]);
    assert.deepEqual((await frames(`after=${all.last}`)).frames, []);
    assert.deepEqual(
      (await frames('kind=I&direction=sent&text=request*off')).frames.map(({ number }) => number),
      [4],
    );
    const wrong = await frames('cause=because');
    assert.match(wrong.wrong ?? '', /^cause: /);
    assert.deepEqual(wrong.frames, []);
    await get(`/telecontrol/monitor/${id}/frames?after=-1`).expect(400);
    await get('/telecontrol/monitor/none/frames').expect(404);
    await get('/telecontrol/monitor/none/capture').expect(404);
    await post('/telecontrol/monitor/none/clear').expect(404);
    await post('/telecontrol/monitor/none/pause').expect(404);
    await helper.request().delete(`/telecontrol/monitor/${id}`).set('permissions', READ).expect(200);
    assert.equal((await get('/telecontrol/lines').expect(200)).body.monitors, 0);
  });

  it('describes a frame field by field', async () => {
    const { body } = await get('/telecontrol/fields?octets=680401000200').expect(200);
    assert.deepEqual(
      body.map(({ octets, name, meaning }: Record<string, string>) => [octets, name, meaning]),
      [
        ['68', 'START', 'start octet'],
        ['04', 'LENGTH', '4 octets follow'],
        ['01 00', 'S', 'supervisory function'],
        ['02 00', 'N(R)', 'acknowledges up to 1'],
      ],
    );
    const channel = await get('/telecontrol/fields?kind=B&octets=6804010002004869').expect(200);
    assert.deepEqual(channel.body, [
      { offset: 0, length: 8, octets: '68 04 01 00 02 00 48 69', name: '0', meaning: 'h.....Hi' },
    ]);
    for (const wrong of ['', '6', 'xx', '68'.repeat(1461)])
      await get(`/telecontrol/fields?octets=${wrong}`).expect(400);
  });

  it('pauses, goes on and clears', async () => {
    const { id, frames } = await monitor();
    const client = await red.client(port);
    await client.quiet();
    const before = (await frames()).last;
    assert.equal((await post(`/telecontrol/monitor/${id}/pause`, { paused: true }).expect(200)).body.paused, true);
    await client.quiet();
    const paused = await frames();
    assert.deepEqual([paused.last, paused.unseen], [before, 4]);
    await post(`/telecontrol/monitor/${id}/pause`, { paused: false }).expect(200);
    await client.quiet();
    assert.equal((await frames()).last, before + 4);
    await post(`/telecontrol/monitor/${id}/clear`).expect(200);
    assert.deepEqual((await frames()).frames, []);
    await helper.request().delete(`/telecontrol/monitor/${id}`).set('permissions', READ).expect(200);
  });

  it('goes on over a deploy that leaves the line alone', async () => {
    const { id, frames } = await monitor();
    const client = await red.client(port);
    await client.quiet();
    const before = (await frames()).last;
    await red.deploy([tab, line(port), station([{ ioa: 100, type: 'M_SP_NA_1' }])], 'full');
    await client.quiet();
    assert.equal((await frames()).last, before + 4);
    await helper.request().delete(`/telecontrol/monitor/${id}`).set('permissions', READ).expect(200);
  });

  it('saves what a filter lets through as a capture that tshark decodes', async function () {
    if (!hasTshark(this)) this.skip();
    const { id } = await monitor();
    const client = await red.client(port);
    await client.answers('66 01 05 00 01 00 64 00 00', '01 01 05 00 01 00 64 00 00 c0');
    await client.quiet();
    const answer = await get(`/telecontrol/monitor/${id}/capture?kind=I`).responseType('blob').expect(200);
    assert.match(
      answer.headers['content-disposition'] ?? '',
      /^attachment; filename="telecontrol-\d{8}T\d{6}Z\.pcapng"$/,
    );
    assert.deepEqual(
      fieldsOfCapture(answer.body, [
        'frame.interface_name',
        'ip.src',
        'tcp.srcport',
        'tcp.dstport',
        'iec60870_asdu.typeid',
      ]),
      [
        [`Line (127.0.0.1:${port})`, '127.0.0.1', String(client.port), '2404', '102'],
        [`Line (127.0.0.1:${port})`, '127.0.0.1', '2404', String(client.port), '1'],
      ],
    );
    await get(`/telecontrol/monitor/${id}/capture?ca=x`).expect(400);
    await helper.request().delete(`/telecontrol/monitor/${id}`).set('permissions', READ).expect(200);
  });
});
