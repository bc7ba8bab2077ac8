import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { ByteChannel } from '../../lib/bytes/byte-channel.js';
import { OctetWatch } from '../../lib/bytes/octet-watch.js';
import { type Endpoint, PeerPort } from '../../lib/bytes/peer-port.js';
import { ByteSession } from '../../lib/bytes/session.js';
import { fastClock, World } from './world.js';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const anyPort = (host = '127.0.0.1'): Endpoint => ({ host, port: 0 });

/** A peer channel whose port is open. */
async function open(
  listen: Endpoint,
  destinations: readonly Endpoint[] = [],
  multicastGroup?: string,
): Promise<{ readonly port: number; readonly channel: ByteChannel; readonly peer: PeerPort }> {
  const peer = new PeerPort(
    { listen, destinations, multicastGroup },
    world.observer.log,
    () => world.tell(),
    fastClock,
  );
  const channel = world.channel({ datagrams: true });
  channel.attach(
    new ByteSession(
      'peer',
      peer,
      0,
      { received: (session, octets) => channel.received(session, octets), closed: () => {} },
      new OctetWatch(() => {}),
    ),
  );
  world.atEnd(() => peer.close());
  peer.open();
  await world.until(() => peer.reason === undefined, 'the port');
  return { port: peer.port as number, channel, peer };
}

/** A socket that is not ours, and what it has received. */
async function stranger(address = '127.0.0.1'): Promise<{ socket: Socket; port: number; received: string[] }> {
  const socket = createSocket('udp4');
  const received: string[] = [];
  socket.on('message', (octets) => {
    received.push(octets.toString());
    world.tell();
  });
  socket.bind(0, address);
  await once(socket, 'listening');
  let isClosed = false;
  socket.on('close', () => {
    isClosed = true;
  });
  world.atEnd(() => isClosed || socket.close());
  return { socket, port: socket.address().port, received };
}

describe('peers over UDP', () => {
  it('get what is sent as one datagram each, at all destinations', async () => {
    const [one, two] = [await stranger(), await stranger()];
    const { channel } = await open(anyPort(), [
      { host: '127.0.0.1', port: one.port },
      { host: 'localhost', port: two.port },
    ]);
    channel.send(Buffer.from('first'));
    channel.send(Buffer.from('second'));
    await world.until(() => one.received.length === 2 && two.received.length === 2, 'the datagrams');
    assert.deepEqual(
      [one.received, two.received],
      [
        ['first', 'second'],
        ['first', 'second'],
      ],
    );
  });

  it('are heard whoever they are, a datagram a frame', async () => {
    const { port } = await open(anyPort());
    const { socket } = await stranger();
    socket.send('one', port, '127.0.0.1');
    socket.send('two', port, '127.0.0.1');
    await world.until(() => world.arrived.length === 2, 'the datagrams');
    assert.deepEqual(world.arrived, ['peer: one', 'peer: two']);
  });

  it('are heard by broadcast where the port is open on all addresses', async () => {
    const { port } = await open(anyPort('*'));
    const { socket } = await stranger();
    socket.setBroadcast(true);
    socket.send('to all', port, '127.255.255.255');
    await world.until(() => world.arrived.length === 1, 'the broadcast');
  });

  it('are heard in a multicast group, and beside it by unicast and broadcast', async () => {
    const { port } = await open(anyPort(), [], '239.192.0.104');
    const { socket } = await stranger();
    socket.setBroadcast(true);
    socket.setMulticastInterface('127.0.0.1');
    socket.send('group', port, '239.192.0.104');
    await world.until(() => world.arrived.length === 1, 'the multicast');
    socket.send('unicast', port, '127.0.0.1');
    await world.until(() => world.arrived.length === 2, 'the unicast');
    socket.send('broadcast', port, '127.255.255.255');
    await world.until(() => world.arrived.length === 3, 'the broadcast');
    assert.deepEqual(world.arrived, ['peer: group', 'peer: unicast', 'peer: broadcast']);
  });

  it('of one group hear each other, and not themselves', async () => {
    const group = '239.192.0.105';
    const { port } = await stranger();
    const listen = { host: '127.0.0.1', port: port + 1 };
    const destinations = [{ host: group, port: port + 1 }];
    const one = await open(listen, destinations, group);
    one.channel.send(Buffer.from('hello'));
    const other = await stranger();
    other.socket.send('end', port + 1, '127.0.0.1');
    await world.until(() => world.arrived.includes('peer: end'), 'the end');
    assert.deepEqual(world.arrived, ['peer: end']);
  });

  it('say that their port is taken, and get it when it is free', async () => {
    const { socket, port } = await stranger();
    const peer = new PeerPort(
      { listen: { host: '127.0.0.1', port }, destinations: [], multicastGroup: undefined },
      world.observer.log,
      () => world.tell(),
      fastClock,
    );
    world.atEnd(() => peer.close());
    peer.open();
    await world.until(() => /EADDRINUSE/.test(peer.reason ?? ''), 'the error');
    assert.equal(world.log.filter((text) => /EADDRINUSE/.test(text)).length, 1);
    socket.close();
    await world.until(() => peer.reason === undefined, 'the port');
  });

  it('that cannot be reached cost no more than the datagram', async () => {
    const { channel, peer } = await open(anyPort(), [{ host: 'nowhere.invalid', port: 9 }]);
    channel.send(Buffer.from('lost'));
    await world.until(() => peer.dropped === 1, 'the failure');
    assert.ok(world.log.some((text) => /cannot send to nowhere\.invalid:9/.test(text)));
  });
});
