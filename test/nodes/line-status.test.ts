import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { catchAll, freePort, line, lineStatus, sink, station, tab } from './flow.js';
import { type Message, red, withNodeRed } from './runtime.js';
import { interrogate } from './wire.js';

const point = { ioa: 100, type: 'M_SP_NA_1' };
const unwritten = '01 01 14 00 01 00 64 00 00 c0';

interface Status {
  readonly state: string;
  readonly reason?: string;
  readonly flags: string;
  readonly connections: readonly (Message & { readonly remote: string })[];
  readonly lastClose?: { readonly remote: string; readonly reason: string };
}

const statusOf = ({ payload }: Message): Status => payload as unknown as Status;

/** The next message whose status is as wanted. */
async function status(wanted: (status: Status) => boolean, what: string, at = 'states'): Promise<Status> {
  return statusOf(await red.nextWhere(at, (message) => wanted(statusOf(message)), what));
}

describe('line-status', () => {
  withNodeRed();

  let port: number;
  let other: Server | undefined;

  beforeEach(async () => {
    port = await freePort();
  });

  afterEach(async () => {
    const { setTimeout } = savedTimers;
    globalThis.setTimeout = setTimeout;
    await new Promise<void>((done) => (other?.listening ? other.close(() => done()) : done()));
    other = undefined;
  });

  const flow = () => [tab, line(port), station([point]), lineStatus(), ...catchAll, sink('states')];

  it('emits at deploy', async () => {
    await red.deploy(flow());
    const message = await red.nextWhere('states', (m) => statusOf(m).state === 'listening', 'listening');
    assert.equal(message.topic, 'Line');
    assert.deepEqual(message.payload, {
      state: 'listening',
      flags: '',
      connections: [],
      stations: [{ name: 'Substation', address: 1, state: 'StON' }],
      lost: 0,
      closes: {},
      refused: {},
    });
  });

  it('emits at a deploy that changes nothing of the line', async () => {
    await red.deploy(flow());
    await status(({ state }) => state === 'listening', 'listening');
    await red.deploy([...flow(), lineStatus({ id: 'new', wires: [['new-states']] }), sink('new-states')]);
    await status(({ state }) => state === 'listening', 'listening again', 'new-states');
  });

  it('a line without stations is closed', async () => {
    await red.deploy([tab, line(port), lineStatus(), sink('states')]);
    assert.equal((await status(() => true, 'a state')).state, 'closed');
  });

  it('emits at each change: connected, started with flag A, a second client with B, stopped, closed', async () => {
    await red.deploy(flow());
    const first = await red.connect(port);
    const connected = await status(({ connections }) => connections.length === 1, 'the connection');
    const { since, ...rest } = connected.connections[0] as Message;
    assert.ok(Math.abs(Date.now() - (since as number)) < 60_000);
    assert.deepEqual(rest, {
      remote: `127.0.0.1:${first.port}`,
      state: 'connected',
      framesSent: 0,
      framesReceived: 0,
      sent: 0,
      received: 0,
      unacknowledged: 0,
      unacknowledgedReceived: 0,
      k: 12,
      w: 8,
      buffered: 0,
      lost: 0,
    });
    assert.equal(connected.flags, '');

    await first.start();
    const started = await status(({ flags }) => flags === 'A', 'flag A');
    assert.equal(started.connections[0]?.state, 'started');
    assert.equal(started.connections[0]?.flag, 'A');

    const second = await red.client(port);
    const both = await status(({ flags }) => flags === 'AB', 'flags A and B');
    assert.deepEqual(
      both.connections.map(({ remote, flag }) => [remote, flag]),
      [
        [`127.0.0.1:${first.port}`, 'A'],
        [`127.0.0.1:${second.port}`, 'B'],
      ],
    );

    await first.stop();
    const stopped = await status(({ flags }) => flags === 'B', 'flag B alone');
    assert.equal(stopped.connections[0]?.state, 'connected');

    await second.cut();
    const closed = await status(({ connections }) => connections.length === 1, 'one connection');
    assert.deepEqual(closed.lastClose, { remote: `127.0.0.1:${second.port}`, reason: 'peer' });
    assert.equal(closed.flags, '');
  });

  it('names the reason why a connection was closed for what the client sent', async () => {
    await red.deploy(flow());
    const client = await red.client(port);
    client.send('68 04 ff 00 00 00');
    await client.closes();
    const { lastClose } = await status((s) => s.lastClose !== undefined, 'the close');
    assert.equal(lastClose?.remote, `127.0.0.1:${client.port}`);
    assert.notEqual(lastClose?.reason, 'peer');
    assert.match(red.warnings('line').join(), /68 04 ff 00 00 00/);
  });

  it('emits nothing while nothing changes', async () => {
    await red.deploy(flow());
    const client = await red.client(port);
    await status(({ flags }) => flags === 'A', 'flag A');
    await interrogate(client);
    await client.quiet();
    await red.turns();
    assert.deepEqual(red.messages('states'), []);
  });

  it('takes {status: true}: what is counted as it is now', async () => {
    await red.deploy(flow());
    const client = await red.client(port);
    await status(({ flags }) => flags === 'A', 'started');
    client.acknowledges = false;
    await interrogate(client);
    await red.turns();
    assert.deepEqual(red.messages('states'), [], 'an interrogation is no change of the line');
    red.inject('status', { payload: { status: true }, other: 'kept out' });
    const message = await red.next('states');
    assert.deepEqual(Object.keys(message).sort(), ['_msgid', 'payload', 'topic']);
    const [connection] = statusOf(message).connections;
    assert.deepEqual(
      [connection?.sent, connection?.received, connection?.framesSent, connection?.unacknowledged],
      [1, 1, 4, 3],
    );
    red.inject('status', { payload: { status: 1 } });
    const { error } = (await red.next('caught')) as { error: { message: string } };
    assert.match(error.message, /status: true/);
  });

  it('takes {disconnect: remote}', async () => {
    await red.deploy(flow());
    const [first, second] = [await red.client(port), await red.client(port)];
    red.inject('status', { payload: { disconnect: `127.0.0.1:${first.port}` } });
    await first.closes();
    const { lastClose } = await status((s) => s.lastClose !== undefined, 'the close');
    assert.deepEqual(lastClose, { remote: `127.0.0.1:${first.port}`, reason: 'local' });
    assert.deepEqual(await interrogate(second), [unwritten]);
    assert.deepEqual(red.messages('caught'), []);
  });

  it('anything else is an error that says what is taken', async () => {
    await red.deploy(flow());
    const client = await red.client(port);
    const wrong = [undefined, null, 5, 'x', {}, [], { disconnect: 5 }, { disconnect: null }, Symbol('s'), 5n];
    for (const payload of wrong) {
      red.inject('status', { payload });
      const { error } = (await red.next('caught')) as { error: { message: string } };
      assert.match(error.message, /disconnect/);
    }
    red.inject('status', { payload: { disconnect: '127.0.0.1:1' } });
    const { error } = (await red.next('caught')) as { error: { message: string } };
    assert.match(error.message, /127\.0\.0\.1:1.*Line/);
    assert.deepEqual(await interrogate(client), [unwritten]);
  });

  it('shows what the line does', async () => {
    await red.deploy(flow());
    await status(({ state }) => state === 'listening', 'listening');
    await red.client(port);
    await red.until(() => red.statuses('status').at(-1)?.fill === 'green', 'green');
  });

  it('a port in use: an error with the reason, tried again, and other lines work', async () => {
    const elsewhere = await freePort();
    other = createServer().listen(port, '127.0.0.1');
    await new Promise((done) => other?.once('listening', done));
    // The pause between two attempts is the one thing here that would have to be waited for.
    globalThis.setTimeout = Object.assign(
      (call: () => void, ms?: number, ...rest: never[]) => savedTimers.setTimeout(call, ms === 5000 ? 1 : ms, ...rest),
      savedTimers.setTimeout,
    ) as typeof setTimeout;
    await red.deploy([
      ...flow(),
      line(elsewhere, { id: 'line2', name: 'Second' }),
      station([point], { id: 'station2', line: 'line2' }),
    ]);
    const failed = await status(({ state }) => state === 'error', 'the error');
    assert.equal(failed.reason, `port ${port} at 127.0.0.1 is in use by another program or line`);
    assert.match(red.errors('line').join(), new RegExp(`port ${port} at 127\\.0\\.0\\.1 is in use`));
    await red.until(() => red.statuses('status').at(-1)?.fill === 'red', 'red');
    assert.deepEqual(await interrogate(await red.client(elsewhere)), [unwritten]);

    await new Promise<void>((done) => other?.close(() => done()));
    await status(({ state }) => state === 'listening', 'listening');
    assert.equal(red.errors('line').length, 1, 'one error for many attempts');
    assert.deepEqual(await interrogate(await red.client(port)), [unwritten]);
  });

  it('two lines on one port: one is served, the other says so', async () => {
    await red.deploy([
      ...flow(),
      line(port, { id: 'line2', name: 'Second' }),
      station([point], { id: 'station2', line: 'line2' }),
      lineStatus({ id: 'status2', line: 'line2', wires: [['states']] }),
    ]);
    await status(({ state }) => state === 'error', 'the error');
    assert.equal([...red.errors('line'), ...red.errors('line2')].length, 1);
    assert.deepEqual(await interrogate(await red.client(port)), [unwritten]);
  });
});

const savedTimers = { setTimeout: globalThis.setTimeout };
