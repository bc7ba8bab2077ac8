import type { NodeAPI } from 'node-red';
import type { CapturedFrame } from '../../lib/trace/capture.js';
import { type CriterionName, criterionNames, type FrameFilter, frameFilter } from '../../lib/trace/frame-filter.js';
import { describePassing, type PassingKind, passingFields, passingKind } from '../../lib/trace/passing.js';
import type { ListedLine } from '../shared/line-registry.js';
import { writeCapture } from './capture-download.js';
import type { Monitor, Monitors } from './monitors.js';

/** Frames in one answer at most. */
const FRAMES_AT_MOST = 500;
/** Octets in one piece: an APDU has 255, a byte channel more. */
const OCTETS_AT_MOST = 1460;

/** A frame as the editor gets it. */
interface ShownFrame {
  readonly number: number;
  readonly at: number;
  readonly line: string;
  readonly remote: string;
  readonly direction: 'sent' | 'received';
  readonly kind: PassingKind;
  readonly text: string;
  /** Hexadecimal digits. */
  readonly octets: string;
}

type Given = Readonly<Record<string, unknown>>;

/** The frames that pass, for as long as somebody has a monitor open. */
export function serveMonitors(RED: NodeAPI, lines: Iterable<ListedLine>, monitors: Monitors): void {
  const mayRead = RED.auth.needsPermission('telecontrol.read');
  const admin = RED.httpAdmin;
  const gone = { error: 'there is no such monitor any more' };

  admin.post('/telecontrol/monitor', mayRead, (_request, response) => {
    const monitor = monitors.begin();
    if (monitor === undefined) return void response.status(503).json({ error: 'too many monitors are open' });
    response.json({ id: monitor.id });
  });

  admin.delete('/telecontrol/monitor/:id', mayRead, (request, response) => {
    if (monitors.end(String(request.params.id))) response.json({});
    else response.status(404).json(gone);
  });

  /** `?after=<number>` and criteria: what has passed behind it, and how the capture stands. */
  admin.get('/telecontrol/monitor/:id/frames', mayRead, (request, response) => {
    const monitor = monitors.ask(String(request.params.id));
    if (monitor === undefined) return void response.status(404).json(gone);
    const after = Number(request.query.after ?? 0);
    const filter = filterOf(request.query);
    if (!Number.isSafeInteger(after) || after < 0)
      return void response.status(400).json({ error: 'after is the number of a frame' });
    response.set('Cache-Control', 'no-store');
    // What somebody is typing may be wrong for a while: no failure of the request, but an answer of its own.
    if (typeof filter === 'string')
      return void response.json({ frames: [], last: after, more: false, wrong: filter, ...stateOf(monitor) });
    const { frames, last, more } = monitor.capture.read(after, filter, FRAMES_AT_MOST);
    response.json({ frames: frames.map(shown), last, more, ...stateOf(monitor) });
  });

  admin.post('/telecontrol/monitor/:id/clear', mayRead, (request, response) => {
    const monitor = monitors.ask(String(request.params.id));
    if (monitor === undefined) return void response.status(404).json(gone);
    monitor.capture.clear();
    response.json(stateOf(monitor));
  });

  /** `{"paused": true}` or false. */
  admin.post('/telecontrol/monitor/:id/pause', mayRead, (request, response) => {
    const monitor = monitors.ask(String(request.params.id));
    if (monitor === undefined) return void response.status(404).json(gone);
    monitor.capture.isPaused = request.body?.paused === true;
    response.json(stateOf(monitor));
  });

  /** What a filter lets through, as a file for Wireshark. */
  admin.get('/telecontrol/monitor/:id/capture', mayRead, (request, response) => {
    const monitor = monitors.ask(String(request.params.id));
    if (monitor === undefined) return void response.status(404).json(gone);
    const filter = filterOf(request.query);
    if (typeof filter === 'string') return void response.status(400).json({ error: filter });
    const time = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '');
    response.attachment(`telecontrol-${time}Z.pcapng`);
    response.set('Content-Type', 'application/octet-stream');
    response.set('X-Content-Type-Options', 'nosniff');
    response.set('Cache-Control', 'no-store');
    writeCapture(response, monitor.capture, filter, lines).catch((error) => response.destroy(error));
  });

  /** `?octets=6804…&kind=I`: what has passed field by field. It needs no monitor: what is shown may have gone from it by now. */
  admin.get('/telecontrol/fields', mayRead, (request, response) => {
    const digits = request.query.octets;
    if (typeof digits !== 'string' || !/^(?:[0-9a-f]{2})+$/.test(digits) || digits.length > 2 * OCTETS_AT_MOST)
      return void response.status(400).json({ error: `octets are 1 to ${OCTETS_AT_MOST} pairs of digits 0-9, a-f` });
    const octets = Buffer.from(digits, 'hex');
    response.json(passingFields(request.query.kind === 'B' ? { octets, isOctets: true } : { octets }));
  });
}

/** The filter of a request, or what is wrong with it. */
function filterOf(query: Given): FrameFilter | string {
  const given: Partial<Record<CriterionName, string>> = {};
  for (const name of criterionNames) {
    const text = query[name];
    if (typeof text === 'string') given[name] = text;
  }
  try {
    return frameFilter(given);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function stateOf({ capture }: Monitor): object {
  const lines = [...capture.kept].map(([id, kept]) => ({ id, ...kept }));
  return { paused: capture.isPaused, unseen: capture.unseen, lines };
}

function shown(frame: CapturedFrame): ShownFrame {
  const { number, at, line, remote, direction, octets } = frame;
  const digits = Buffer.from(octets).toString('hex');
  return {
    number,
    at,
    line,
    remote,
    direction,
    kind: passingKind(frame),
    text: describePassing(frame),
    octets: digits,
  };
}
