import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { TcpChannel } from '../../lib/line/tcp.js';

/** A socket as far as a channel asks it, which keeps what it is given. */
class HeldSocket extends EventEmitter {
  remoteAddress: string | undefined;
  remotePort = 40112;
  destroyed = false;
  writableLength = 0;
  readonly kept: Uint8Array[] = [];
  /** Whether the operating system takes what is written at once. */
  takes = true;

  setNoDelay(): void {}

  write(octets: Uint8Array): void {
    this.kept.push(octets);
    if (!this.takes) this.writableLength += octets.length;
  }

  destroy(): void {
    this.destroyed = true;
  }
}

function channelOf(address: string | undefined): { readonly socket: HeldSocket; readonly channel: TcpChannel } {
  const socket = new HeldSocket();
  socket.remoteAddress = address;
  return { socket, channel: new TcpChannel(socket as unknown as Socket) };
}

describe('a TCP channel', () => {
  it('says that memory is free only when the operating system has taken all of it', () => {
    const { socket, channel } = channelOf('192.0.2.7');
    assert.equal(channel.write(Uint8Array.of(1, 2)), true);
    socket.takes = false;
    assert.equal(channel.write(Uint8Array.of(3, 4)), false, 'it lies in the queue of the socket');
    socket.takes = true;
    assert.equal(channel.write(Uint8Array.of(5)), false, 'and so does what comes behind it');
    socket.writableLength = 0;
    assert.equal(channel.write(Uint8Array.of(6)), true);
  });

  it('writes nothing to a socket that has gone', () => {
    const { socket, channel } = channelOf('192.0.2.7');
    channel.destroy();
    assert.equal(channel.write(Uint8Array.of(1)), true);
    assert.deepEqual(socket.kept, []);
  });

  it('names the peer, an IPv4 one of a double socket too', () => {
    assert.equal(channelOf('192.0.2.7').channel.remote, '192.0.2.7:40112');
    assert.equal(channelOf('::ffff:192.0.2.7').channel.address, '192.0.2.7');
    assert.equal(channelOf('2001:db8::7').channel.remote, '[2001:db8::7]:40112');
  });

  it('tells why it closed, and closes when the peer has ended', () => {
    const { socket, channel } = channelOf('192.0.2.7');
    const closed: (string | undefined)[] = [];
    channel.attach({ data: () => {}, drained: () => {}, closed: (code) => closed.push(code) });
    socket.emit('end');
    assert.equal(socket.destroyed, true);
    socket.emit('error', Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    socket.emit('close');
    assert.deepEqual(closed, ['ECONNRESET']);
  });
});
