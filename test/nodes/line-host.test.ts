import assert from 'node:assert/strict';
import type { LineStatus } from '../../lib/link/status.js';
import { FrameWatch } from '../../lib/trace/frame-watch.js';
import { LineHost } from '../../nodes/shared/line-host.js';
import { lines } from '../../nodes/shared/line-registry.js';
import type { LineKind, LineMember, LineService, LineSurroundings } from '../../nodes/shared/line-service.js';

/** Engines of a kind, which write down what is done with them. */
class FakeKind implements LineKind {
  readonly calls: string[] = [];
  readonly watches: FrameWatch[] = [];
  surroundings: LineSurroundings | undefined;
  wrong: string | undefined;

  readonly connects: boolean;

  constructor(readonly name: string) {
    this.connects = name === 'client station';
  }

  create(line: LineSurroundings): LineService {
    if (this.wrong !== undefined) throw new Error(this.wrong);
    this.surroundings = line;
    const { calls } = this;
    let state: LineStatus['state'] = 'closed';
    const frames = new FrameWatch(
      () => undefined,
      () => 0,
      () => undefined,
    );
    this.watches.push(frames);
    calls.push('create');
    return {
      kind: this,
      patience: 1000,
      engine: {
        frames,
        get status(): LineStatus {
          return { state, flags: '', connections: [], stations: [], lost: 0, closes: {} };
        },
        open: () => {
          state = 'connecting';
          calls.push('open');
        },
        close: async () => {
          state = 'closed';
          calls.push('close');
        },
        hold: () => undefined,
        wake: () => calls.push('wake'),
        disconnect: () => 1,
        certificates: () => [],
      },
      add: ({ name }) => calls.push(`add ${name}`),
      replace: (old, member) => calls.push(`replace ${old.name} by ${member.name}`),
      remove: ({ name }) => calls.push(`remove ${name}`),
      watchStation: () => undefined,
    };
  }
}

interface FakeMember extends LineMember {
  refusals: string[];
}

function member(kind: LineKind, id: string, address = 1): FakeMember {
  const refusals: string[] = [];
  return {
    id,
    kind,
    name: id,
    address,
    refusals,
    follow: () => undefined,
    joined: () => undefined,
    refused: (why) => refusals.push(why),
  };
}

describe('LineHost', () => {
  let server: FakeKind;
  let client: FakeKind;
  let host: LineHost;
  let log: string[];

  beforeEach(() => {
    server = new FakeKind('server station');
    client = new FakeKind('client station');
    log = [];
    host = new LineHost(
      { id: 'l', name: 'Line', paths: [{ host: '192.0.2.1', port: 2404 }], lineNumber: 0, tls: undefined },
      (_level, text) => log.push(text),
      undefined,
    );
  });

  afterEach(() => host.close());

  it('gets the engine of what joins first, and refuses the other kind, naming both', async () => {
    const first = member(client, 'first');
    const other = member(server, 'other', 2);
    host.join(first);
    host.join(other);
    await host.settle();
    assert.deepEqual(client.calls, ['create', 'add first', 'open']);
    assert.deepEqual(server.calls, []);
    assert.deepEqual(first.refusals, []);
    assert.deepEqual(other.refusals, [
      'line Line has the client station first, and cannot have the server station other as well: a line listens, ' +
        'connects or carries a channel',
    ]);
  });

  it('has no engine and is closed while it has no members', async () => {
    await host.settle();
    assert.equal(host.status.state, 'closed');
    assert.equal(host.disconnect('x'), 0);
  });

  it('changes its engine when all members have gone in a deploy and others have come', async () => {
    const before = member(server, 'before');
    host.join(before);
    await host.settle();
    host.leave(before, false);
    // Of the same address, and yet it cannot go on with what the other has left.
    host.join(member(client, 'after'));
    await host.settle();
    assert.deepEqual(server.calls, ['create', 'add before', 'open', 'remove before', 'close']);
    assert.deepEqual(client.calls, ['create', 'add after', 'open']);
    assert.equal(host.status.state, 'connecting');
  });

  it('keeps its engine over a deploy that leaves members of its kind', async () => {
    const old = member(client, 'a');
    host.join(old);
    await host.settle();
    host.leave(old, false);
    host.join(member(client, 'a'));
    host.join(member(server, 'b', 2));
    await host.settle();
    assert.deepEqual(client.calls, ['create', 'add a', 'open', 'replace a by a', 'open']);
    assert.deepEqual(server.calls, []);
  });

  it('puts a member that goes on with what its node has left in its place before another of the same address', async () => {
    const old = member(server, 'a');
    host.join(old);
    await host.settle();
    host.leave(old, false);
    host.join(member(server, 'copy'));
    host.join(member(server, 'a'));
    await host.settle();
    assert.deepEqual(server.calls.slice(3), ['replace a by a', 'add copy', 'open']);
  });

  it('is in error while its properties are not fit for what joined, and recovers when others come', async () => {
    client.wrong = 'host: "*" is no address or name to connect to';
    const one = member(client, 'one');
    const two = member(client, 'two', 2);
    host.join(one);
    host.join(two);
    await host.settle();
    assert.equal(host.status.state, 'error');
    assert.equal(host.status.reason, client.wrong);
    assert.deepEqual(log, [client.wrong]);
    assert.deepEqual(two.refusals, [`the configuration of line Line is wrong: ${client.wrong}`]);
    host.leave(one, true);
    host.leave(two, true);
    host.join(member(server, 'three'));
    await host.settle();
    assert.equal(host.status.state, 'connecting');
  });

  it('shows frames to who watches before there is an engine, and to nobody after the end', async () => {
    const seen: unknown[] = [];
    const end = host.watchFrames((frame) => seen.push(frame.remote));
    host.join(member(client, 'a'));
    await host.settle();
    const [frames] = client.watches;
    const connection = { remote: '192.0.2.1:2404' };
    frames?.observer(connection)?.received(Uint8Array.of(0x68, 4, 0x43, 0, 0, 0));
    assert.deepEqual(seen, ['192.0.2.1:2404']);
    end();
    assert.equal(frames?.observer(connection), undefined);
  });

  it('asks the guard that it has now', async () => {
    host.join(member(client, 'a'));
    await host.settle();
    assert.equal(client.surroundings?.guard(), true);
    host.guard = () => false;
    host.wake();
    assert.equal(client.surroundings?.guard(), false);
    assert.equal(client.calls.at(-1), 'wake');
  });

  it('is listed as long as it stands', async () => {
    assert.ok([...lines].includes(host));
    assert.equal(host.host, '192.0.2.1:2404');
    await host.close();
    assert.ok(![...lines].includes(host));
  });
});
