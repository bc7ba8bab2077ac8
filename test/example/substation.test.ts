import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort, type NodeRed, node, start } from '../node-red/runtime.js';
import { exampleOn, ioa, points } from './flow.js';
import { Master, type Received } from './master.js';

const hasProc = existsSync('/proc/net/dev');
const INVALID = 0x80;
const NOT_TOPICAL = 0x40;
/** Objects of commands: address, then SCO, or R32 and QOS. */
const RUN = 'e80300';
const ON = `${RUN}01`;
const OFF = `${RUN}00`;
const setPeriod = (seconds: string) => `e90300${seconds}00`;

describe('This computer as a substation', function () {
  this.timeout(60_000);
  const userDir = mkdtempSync(join(os.tmpdir(), 'telecontrol-example-'));
  let running: NodeRed;
  let port = 0;
  let master: Master;

  const answer = (typeId: number, cause: number) => (object: Received) =>
    object.typeId === typeId && object.cause === cause;
  const point = (tag: string, value: number) => (object: Received) =>
    object.ioa === ioa(tag) && object.value === value && object.cause === 11;
  /** Sends a command and waits for its confirmation and termination, both positive. */
  const operate = async (typeId: number, object: string) => {
    master.send(typeId, object);
    assert.equal((await master.next('confirmation', answer(typeId, 7))).negative, false);
    assert.equal((await master.next('termination', answer(typeId, 10))).negative, false);
  };

  before(async () => {
    port = await freePort();
    running = await start({ userDir, flows: exampleOn(port) });
    // The first measurement follows the start; before it all values are invalid.
    const first = await Master.connect(port);
    await first.interrogate(100);
    await first.next('first measurement', (object) => object.ioa === ioa('network.link') && object.quality === 0);
    first.close();
  });
  after(async () => {
    await running?.stop();
    rmSync(userDir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    master = await Master.connect(port);
    // Events from before are not what a test waits for.
    await master.interrogate(100);
  });
  afterEach(() => master.close());

  it('tells an interrogation all values, as this computer has them', async () => {
    const values = await master.interrogate(100);
    const wanted = points.filter(({ type }) => type.startsWith('M_') && type !== 'M_IT_TB_1').map((point) => point.ioa);
    assert.deepEqual([...values.keys()].sort(), wanted.sort());
    const value = (tag: string) => {
      const object = values.get(ioa(tag));
      assert.ok(object !== undefined && (object.quality & (INVALID | NOT_TOPICAL)) === 0, `${tag} is good`);
      return object.value;
    };
    const near = (tag: string, expected: number, tolerance: number) =>
      assert.ok(Math.abs(value(tag) - expected) <= tolerance, `${tag} is ${value(tag)}, not near ${expected}`);

    const MiB = 1024 * 1024;
    assert.equal(value('measurement.running'), 1);
    assert.equal(value('measurement.period'), 5);
    near('uptime', os.uptime(), 30);
    near('memory.total', os.totalmem() / MiB, 0.01);
    near('memory.used', (os.totalmem() - os.freemem()) / MiB, (os.totalmem() / MiB) * 0.2);
    assert.equal(value('processors'), os.cpus().length);
    assert.ok(value('disk.used') >= 0 && value('disk.used') <= 100);
    assert.ok([1, 2].includes(value('network.link')));
    if (os.platform() !== 'win32') near('load.15min', os.loadavg()[2] as number, 1);
    if (hasProc) assert.ok(value('processes') >= 1);
    else assert.equal(values.get(ioa('processes'))?.quality, INVALID);
  });

  it('tells a counter interrogation the octets of the network', async () => {
    const values = await master.interrogate(101);
    assert.deepEqual([...values.keys()].sort(), [ioa('network.received'), ioa('network.sent')].sort());
    for (const { quality, value } of values.values()) {
      assert.equal((quality & INVALID) === 0, hasProc);
      assert.ok(value >= 0);
    }
  });

  it('stops and goes on by a single command: the point moves, the values are no longer topical', async () => {
    await operate(45, OFF);
    const moved = await master.next('measurement off', point('measurement.running', 0));
    assert.equal(moved.typeId, 30);
    assert.equal(moved.quality, 0);
    assert.ok(Math.abs((moved.time ?? 0) - Date.now()) < 10_000, `time tag ${moved.time}`);
    const stale = await master.next('uptime', (object) => object.ioa === ioa('uptime'));
    assert.equal(stale.quality, NOT_TOPICAL);

    await operate(45, ON);
    await master.next('measurement on', point('measurement.running', 1));
    const fresh = await master.next('uptime', (object) => object.ioa === ioa('uptime'));
    assert.equal(fresh.quality, 0);
    assert.ok(fresh.value >= stale.value);
  });

  it('does not stop when that is only selected', async () => {
    master.send(45, `${RUN}80`);
    await master.next('confirmation', answer(45, 7));
    // What a selection would have moved would have been told by now: a second command is answered after it.
    await operate(50, setPeriod('00004040'));
    await master.next('period 3 s', point('measurement.period', 3));
    assert.equal((await master.interrogate(100)).get(ioa('measurement.running'))?.value, 1);
  });

  it('measures in the period of a set point, which it holds within limits', async () => {
    await operate(50, setPeriod('00409c45')); // 5000
    await master.next('the longest period', point('measurement.period', 3600));
    await operate(50, setPeriod('000080bf')); // -1
    await master.next('the shortest period', point('measurement.period', 1));
    // Every second now: the uptime, read with 102, goes on faster than every five.
    const uptime = async () => {
      master.send(102, 'cd0000', 5);
      return (await master.next('uptime', (object) => object.ioa === ioa('uptime') && object.cause === 5)).value;
    };
    const seen = new Set<number>();
    const began = Date.now();
    while (seen.size < 4) {
      seen.add(await uptime());
      await setTimeout(50);
    }
    // 3 s on a machine with nothing else to do; it would be 15 s with the period from before.
    assert.ok(Date.now() - began < 12_000, `${Date.now() - began} ms for three measurements`);
  });

  it('is stopped and started at the substation too', async () => {
    await running.inject('substation-stop');
    const local = (value: number) => (object: Received) =>
      object.ioa === ioa('measurement.running') && object.value === value && object.cause === 12;
    await master.next('measurement off', local(0));
    await running.inject('substation-start');
    await master.next('measurement on', local(1));
  });

  it('is shown by npm run master', async () => {
    const script = join(__dirname, '..', '..', 'scripts', 'master.mjs');
    const child = spawn(node, [script, '--once', `127.0.0.1:${port}`, '1'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    await once(child, 'close');
    assert.equal(child.exitCode, 0, output);
    for (const { ioa, tag, type } of points.filter(({ type }) => type.startsWith('M_')))
      assert.match(output, new RegExp(`^.*${type.slice(0, 5)}\\w+ +${ioa} +${tag.replace('.', '\\.')} +\\S+`, 'm'));
  });
});
