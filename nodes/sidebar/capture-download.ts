import type { Writable } from 'node:stream';
import type { Capture, CapturedFrame } from '../../lib/trace/capture.js';
import type { FrameFilter } from '../../lib/trace/frame-filter.js';
import { type CapturePacket, type Endpoint, PcapWriter } from '../../lib/trace/pcap.js';
import type { ListedLine } from '../shared/line-registry.js';

/** The port by which Wireshark knows the protocol. */
const STATION_PORT = 2404;
const FRAMES_AT_A_TIME = 1000;

/**
 * Writes the frames that a filter lets through as a capture file, a stretch at a time: lines go on meanwhile, and a slow
 * reader is waited for.
 */
export async function writeCapture(
  to: Writable,
  capture: Capture,
  filter: FrameFilter,
  lines: Iterable<ListedLine>,
): Promise<void> {
  const known = new Map([...lines].map((line) => [line.id, line]));
  const writer = new PcapWriter();
  const end = capture.newest;
  to.write(writer.begin('node-red-contrib-telecontrol'));
  for (let after = 0, more = true; more && after < end && !to.destroyed; ) {
    const reading = capture.read(after, filter, FRAMES_AT_A_TIME);
    const pieces = reading.frames
      .filter(({ number }) => number <= end)
      .map((frame) => writer.packet(packetOf(frame, known.get(frame.line))));
    const isTaken = to.write(Buffer.concat(pieces));
    after = reading.last;
    more = reading.more;
    await (isTaken ? new Promise((next) => setImmediate(next)) : drained(to));
  }
  to.end();
}

function packetOf(frame: CapturedFrame, line: ListedLine | undefined): CapturePacket {
  const { at, direction, octets, isOctets } = frame;
  const local = endpointOf(frame.local ?? '');
  const remote = endpointOf(frame.remote);
  const station = line?.ports.includes(local.port) ? local : remote;
  // Under another port Wireshark would show octets alone; which one it was stands in the name of the interface.
  const shown = (end: Endpoint): Endpoint => (end === station && !isOctets ? { ...end, port: STATION_PORT } : end);
  const [from, to] = direction === 'sent' ? [shown(local), shown(remote)] : [shown(remote), shown(local)];
  return { at, direction, octets, from, to, line: line === undefined ? frame.line : `${line.name} (${line.host})` };
}

/** An end written as `address:port`, an IPv6 address in brackets. */
function endpointOf(text: string): Endpoint {
  const at = text.lastIndexOf(':');
  return { address: text.slice(0, Math.max(0, at)).replace(/^\[(.*)\]$/, '$1'), port: Number(text.slice(at + 1)) || 0 };
}

/** It takes more, or nobody reads it any more. */
function drained(to: Writable): Promise<void> {
  return new Promise((next) => {
    const done = (): void => {
      to.off('drain', done);
      to.off('close', done);
      next();
    };
    to.on('drain', done);
    to.on('close', done);
  });
}
