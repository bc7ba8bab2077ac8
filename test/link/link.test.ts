import assert from 'node:assert/strict';
import { type CloseReason, NOTHING, type SessionSettings, standardSettings } from '../../lib/apci/session.js';
import { type MemoryChannel, memoryPair } from '../../lib/line/memory.js';
import { Link, type LinkHandler } from '../../lib/link/link.js';
import { hex } from '../../lib/octets/octets.js';
import { digits, octets, STARTDT_ACT, STARTDT_CON, TESTFR_ACT, TESTFR_CON, Wire } from '../server/wire.js';
import { VirtualClock } from './virtual-clock.js';

/** A link with a channel in memory, and all that its handler was told. */
class LinkRig {
  readonly clock = new VirtualClock();
  readonly near: MemoryChannel;
  readonly far: MemoryChannel;
  readonly link: Link;
  readonly wire = new Wire();
  readonly log: string[] = [];
  /** What arrived at the far end: one entry for each piece. */
  readonly pieces: string[] = [];
  /** ASDUs to send. */
  readonly waiting: string[] = [];
  mayAct = true;
  onDeliver: () => void = () => {};
  onNext: () => void = () => {};
  private ticket = 0;

  constructor(settings: Partial<SessionSettings> = {}) {
    [this.near, this.far] = memoryPair({ later: this.clock.soon });
    this.far.attach({
      data: (data) => this.pieces.push(digits(data)),
      drained: () => {},
      closed: (code) => this.log.push(`far closed ${code}`),
    });
    const handler: LinkHandler = {
      next: (to) => {
        this.onNext();
        const asdu = this.waiting.shift();
        if (asdu === undefined) return NOTHING;
        to.bytes(octets(asdu));
        return this.ticket++;
      },
      deliver: (asdu, mark) => {
        this.log.push(`deliver ${hex(asdu)}${mark ? ' marked' : ''}`);
        this.onDeliver();
      },
      confirmed: (ticket) => this.log.push(`confirmed ${ticket}`),
      stateChanged: (state) => this.log.push(`state ${state}`),
      closed: (reason: CloseReason, received) => this.log.push(`closed ${reason} ${hex(received)}`.trim()),
      failed: (error) => this.log.push(`failed ${String(error)}`),
    };
    this.link = new Link(this.near, { ...standardSettings, ...settings }, this.clock, handler, () => this.mayAct);
  }

  send(...literal: string[]): this {
    this.far.write(Buffer.concat(literal.map(octets)));
    this.clock.settle();
    return this;
  }

  start(): this {
    this.send(STARTDT_ACT);
    assert.deepEqual(this.took(), [STARTDT_CON]);
    return this;
  }

  took(): string[] {
    this.clock.settle();
    return this.pieces.splice(0);
  }
}

describe('a link', () => {
  it('passes octets to the session and what it writes to the channel', () => {
    const rig = new LinkRig().start();
    rig.waiting.push('01', '02');
    rig.link.pump();
    assert.deepEqual(rig.took(), ['68 05 00 00 00 00 01 68 05 02 00 00 00 02']);
    rig.send('68 04 01 00 02 00', '68 05 00 00 05 00 aa');
    assert.deepEqual(rig.log, ['state started', 'confirmed 0', 'confirmed 1', 'deliver aa marked']);
  });

  it('writes once in a turn, whatever has happened in it', () => {
    const rig = new LinkRig().start();
    const before = rig.near.writes;
    rig.waiting.push('01', '02', '03');
    rig.send(TESTFR_ACT, '68 05 00 00 00 00 aa', TESTFR_ACT);
    assert.equal(rig.near.writes, before + 1);
    assert.deepEqual(rig.took(), [
      `${TESTFR_CON} 68 05 00 00 02 00 01 68 05 02 00 02 00 02 68 05 04 00 02 00 03 ${TESTFR_CON}`,
    ]);
  });

  it('cuts what is more than its buffer into several writes, and loses nothing', () => {
    const rig = new LinkRig({ k: 32767, w: 1 }).start();
    const asdu = new Array<string>(249).fill('ab').join(' ');
    for (let i = 0; i < 1000; i++) rig.waiting.push(asdu);
    rig.link.pump();
    const frames = rig.took().flatMap((piece) => rig.wire.cut(octets(piece)));
    assert.equal(frames.length, 1000);
    for (const frame of frames) assert.equal(rig.wire.asduOf(frame), asdu);
  });

  it('has no timer but the earliest, and sets another only when that has become earlier', () => {
    const rig = new LinkRig({ t3: 20_000 }).start();
    assert.equal(rig.clock.pending, 1);
    const before = rig.clock.timersSet;
    for (let i = 0; i < 1000; i++) {
      rig.clock.advance(10);
      rig.send(TESTFR_ACT);
    }
    assert.ok(rig.clock.timersSet <= before + 2, 'traffic sets no timers');
    assert.equal(rig.clock.pending, 1);
    rig.took();
    rig.clock.advance(19_999);
    assert.deepEqual(rig.took(), [], 't3 runs from the last frame');
    rig.clock.advance(1);
    assert.deepEqual(rig.took(), [TESTFR_ACT]);
    rig.clock.advance(14_999);
    assert.ok(!rig.log.includes('closed t1-testfr'));
    rig.clock.advance(1);
    assert.deepEqual(rig.log.at(-2), 'closed t1-testfr');
    assert.equal(rig.clock.pending, 0, 'nothing is left behind');
  });

  it('sets an earlier timer when one comes up', () => {
    const rig = new LinkRig({ t3: 20_000, t2: 10_000 }).start();
    rig.send('68 05 00 00 00 00 aa');
    rig.clock.advance(9_999);
    assert.deepEqual(rig.took(), []);
    rig.clock.advance(1);
    assert.deepEqual(rig.took(), ['68 04 01 00 02 00']);
  });

  it('stops reading and sending at the backlog, and goes on when it has gone', () => {
    const rig = new LinkRig({ k: 32767, w: 1 }).start();
    rig.far.pause();
    const asdu = new Array<string>(249).fill('ab').join(' ');
    for (let i = 0; i < 2000; i++) rig.waiting.push(asdu);
    rig.link.pump();
    rig.clock.settle();
    assert.ok(rig.near.backlog >= 65_536 && rig.near.backlog <= 2 * 65_536 + 255, `${rig.near.backlog}`);
    assert.ok(rig.near.isPaused, 'who does not read is not read either');
    assert.equal(rig.link.stalls, 1);
    const left = rig.waiting.length;
    rig.link.pump();
    assert.equal(rig.waiting.length, left);
    rig.far.resume();
    const frames = rig.took().flatMap((piece) => rig.wire.cut(octets(piece)));
    assert.equal(frames.length, 2000);
    assert.equal(rig.near.isPaused, false);
  });

  it('reads on when neither its holder nor the backlog is in the way any more, whichever goes first', () => {
    for (const isReleasedFirst of [true, false]) {
      const rig = new LinkRig({ k: 32767, t1: 1e9, t3: 1e9 }).start();
      rig.far.pause();
      rig.waiting.push(...Array<string>(300).fill('aa '.repeat(249).trim()));
      rig.link.pump();
      rig.clock.settle();
      assert.ok(rig.near.isPaused, 'the backlog');
      rig.link.hold();
      const ways = [() => rig.link.release(), () => rig.far.resume()];
      const [first, last] = isReleasedFirst ? ways : ways.reverse();
      first?.();
      rig.clock.settle();
      assert.ok(rig.near.isPaused, isReleasedFirst ? 'still the backlog' : 'still its holder');
      last?.();
      rig.clock.settle();
      assert.equal(rig.near.isPaused, false);
    }
  });

  it('sends nothing while the guard says no, and goes on with the next turn', () => {
    const rig = new LinkRig().start();
    rig.mayAct = false;
    rig.waiting.push('01');
    rig.link.pump();
    assert.deepEqual(rig.took(), []);
    rig.mayAct = true;
    rig.link.pump();
    assert.deepEqual(rig.took(), ['68 05 00 00 00 00 01']);
  });

  it('an exception of its handler costs this link, and is told', () => {
    for (const when of ['onDeliver', 'onNext'] as const) {
      const rig = new LinkRig().start();
      rig.log.length = 0;
      rig[when] = () => {
        throw new Error('broken');
      };
      rig.send('68 05 00 00 00 00 aa');
      assert.deepEqual(
        rig.log.filter((line) => !line.startsWith('deliver')),
        ['failed Error: broken', 'closed internal', 'far closed undefined'],
      );
      assert.equal(rig.clock.pending, 0);
    }
  });

  it('octets of one link never reach the peer of another, even if one closes another in its turn', () => {
    const [one, other] = [new LinkRig().start(), new LinkRig().start()];
    one.onDeliver = () => other.link.close();
    // The confirmation of the test frame is written when the command arrives, and not handed over yet.
    one.send(TESTFR_ACT, '68 05 00 00 00 00 aa');
    assert.deepEqual(other.took(), []);
    assert.deepEqual(one.took(), [TESTFR_CON]);
    assert.equal(other.log.at(-2), 'closed local');
  });

  it('a link that sends within the turn of another takes none of its octets along', () => {
    const [one, other] = [new LinkRig().start(), new LinkRig().start()];
    one.onDeliver = () => {
      other.waiting.push('02');
      other.link.pump();
      one.waiting.push('01');
    };
    one.send(TESTFR_ACT, '68 05 00 00 00 00 aa');
    assert.deepEqual(other.took(), ['68 05 00 00 00 00 02']);
    assert.deepEqual(one.took(), [TESTFR_CON, '68 05 00 00 02 00 01']);
  });

  it('a link made within the turn of another takes none of its octets', () => {
    const one = new LinkRig().start();
    let other: LinkRig | undefined;
    one.onDeliver = () => {
      other = new LinkRig();
    };
    one.send(TESTFR_ACT, '68 05 00 00 00 00 aa');
    assert.deepEqual(other?.took(), []);
    assert.deepEqual(one.took(), [TESTFR_CON]);
  });

  it('tells why it closed, with the octets where they were the reason', () => {
    const wrong = new LinkRig().send('67 04 43 00 00 00');
    assert.deepEqual(wrong.log, ['closed start-octet 67 04 43 00 00 00', 'far closed undefined']);
    const gone = new LinkRig().start();
    gone.far.end();
    gone.clock.settle();
    assert.ok(gone.log.includes('closed peer'));
    const cut = new LinkRig().start();
    cut.far.cut('ECONNRESET');
    cut.clock.settle();
    assert.ok(cut.log.includes('closed socket'));
    const ours = new LinkRig().start();
    ours.link.close();
    ours.clock.settle();
    assert.deepEqual(ours.log.slice(1), ['closed local', 'far closed undefined']);
    ours.link.close();
    ours.link.pump();
    assert.equal(ours.log.length, 3, 'closed is told once');
  });

  it('what was written before the end still goes out', () => {
    const rig = new LinkRig().start();
    rig.waiting.push('01');
    rig.link.pump();
    rig.link.close();
    assert.deepEqual(rig.took(), ['68 05 00 00 00 00 01']);
    assert.ok(rig.near.isClosed);
  });

  it('closes by itself without STARTDT in time', () => {
    const rig = new LinkRig({ waitStart: 5000, t3: 0 });
    rig.clock.advance(4999);
    assert.deepEqual(rig.log, []);
    rig.clock.advance(1);
    assert.equal(rig.log[0], 'closed no-startdt');
  });
});
