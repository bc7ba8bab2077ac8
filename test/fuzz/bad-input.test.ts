import assert from 'node:assert/strict';
import { MemoryClient } from '../server/memory-client.js';
import { READ, setup, word } from './bad-input.js';

describe('bad input that has hurt others: octets', () => {
  it('BAD INPUT: VSQ against payload: every number of objects, SQ 0 and 1, against one and two objects', () => {
    const { served, clock, unharmed } = setup();
    const bodies: readonly [type: string, cause: string, size: number, body: string][] = [
      ['2d', '06', 1, '2d 00 00 01'],
      ['64', '06', 1, '00 00 00 14'],
      ['01', '03', 1, '01 00 00 01'],
      ['24', '03', 12, '01 00 00 00 00 c0 3f 00 00 00 00 10 38 0b 19'],
      ['66', '05', 0, '01 00 00'],
    ];
    for (const [type, cause, size, body] of bodies)
      for (let vsq = 0; vsq < 256; vsq++)
        for (const payload of [body, `${body} ${body}`]) {
          const attacker = new MemoryClient(served, clock, '192.0.2.1:9').start();
          attacker.taken();
          const length = payload.split(' ').length;
          const count = vsq & 0x7f;
          const wanted = vsq < 128 ? count * (3 + size) : 3 + count * size;
          const isAsdu = count > 0 && length === wanted;
          const answer = attacker.ask(`${type} ${word(vsq)} ${cause} 00 01 00 ${payload}`).taken();
          assert.equal(attacker.closed, !isAsdu, `type ${type}, VSQ ${word(vsq)}, ${length} octets`);
          if (attacker.closed) assert.deepEqual(answer, []);
          attacker.cut();
        }
    unharmed();
  });

  it('BAD INPUT: reading out of bounds in 120..127 and in type 41: every length, with and without files', () => {
    for (const isServingFiles of [false, true]) {
      const { served, clock, unharmed } = setup('', isServingFiles);
      for (const type of ['29', '78', '79', '7a', '7b', '7c', '7d', '7e', '7f'])
        for (const cause of ['05', '0d', '03'])
          for (const fill of ['00', '01', 'ff'])
            for (let length = 0; length < 24; length++) {
              const attacker = new MemoryClient(served, clock, '192.0.2.1:9').start();
              attacker.ask(`${type} 01 ${cause} 00 01 00${` ${fill}`.repeat(length)}`);
              for (const asdu of attacker.asdus()) assert.ok(asdu.split(' ').length <= 249);
              attacker.cut();
            }
      // Segments whose length octet says more than there is: the file types' own length.
      for (let said = 0; said < 256; said++) {
        const attacker = new MemoryClient(served, clock, '192.0.2.1:9').start();
        attacker.ask(`7d 01 0d 00 01 00 00 00 00 01 00 01 ${word(said)} aa aa aa`);
        clock.settle();
        assert.equal(attacker.closed, said !== 3, `a segment of ${said} octets`);
        attacker.cut();
      }
      unharmed();
    }
  });

  it('BAD INPUT: short ASDUs: every known and unknown type cut off after each octet', () => {
    const { served, clock, unharmed } = setup();
    for (let type = 0; type < 256; type++)
      for (let length = 0; length < 10; length++) {
        const attacker = new MemoryClient(served, clock, '192.0.2.1:9').start();
        const whole = [word(type), '01', '06', '00', '01', '00', '00', '00', '00', '01'].slice(0, length);
        attacker.send(frame(whole));
        const answers = attacker.taken();
        if (length < 9) assert.ok(attacker.closed && answers.length === 0, `type ${type}, ${length} octets`);
        attacker.cut();
      }
    unharmed();
  });

  it('BAD INPUT: a test command with a bad pattern: 104 is unknown with any, 107 mirrors any, short ones close', () => {
    const { client, served, clock, unharmed } = setup();
    client.start();
    for (const fixed of ['aa 55', '55 aa', '00 00', 'ff ff'])
      assert.deepEqual(client.ask(`68 01 06 00 01 00 00 00 00 ${fixed}`).asdus(), [
        `68 01 6c 00 01 00 00 00 00 ${fixed}`,
      ]);
    const tag = 'ff ff ff ff ff ff ff';
    for (const counter of ['00 00', 'aa 55', 'ff ff'])
      assert.deepEqual(client.ask(`6b 01 06 00 01 00 00 00 00 ${counter} ${tag}`).asdus(), [
        `6b 01 07 00 01 00 00 00 00 ${counter} ${tag}`,
      ]);
    for (const short of ['68 01 06 00 01 00 00 00 00 aa', '6b 01 06 00 01 00 00 00 00 aa 55 00 00 00 00 00 00']) {
      const attacker = new MemoryClient(served, clock, '192.0.2.1:9').start();
      assert.deepEqual(attacker.ask(short).taken(), []);
      assert.ok(attacker.closed, short);
    }
    unharmed();
  });

  it('BAD INPUT: a read command never drops the link, whatever it asks for', () => {
    const { client, served, unharmed } = setup();
    client.start();
    served.write(1, 5);
    client.asdus();
    const asked: readonly [request: string, answer: string][] = [
      [READ, '07 01 05 00 01 00 01 00 00 05 00 00 00 00'],
      ['66 01 05 00 01 00 02 00 00', '0f 01 05 00 01 00 02 00 00 00 00 00 00 80'],
      ['66 01 05 00 01 00 2d 00 00', '66 01 6f 00 01 00 2d 00 00'],
      ['66 01 05 00 01 00 00 00 00', '66 01 6f 00 01 00 00 00 00'],
      ['66 01 05 00 01 00 ff ff ff', '66 01 6f 00 01 00 ff ff ff'],
      ['66 01 06 00 01 00 01 00 00', '66 01 6d 00 01 00 01 00 00'],
      ['66 01 05 00 09 00 01 00 00', '66 01 6e 00 09 00 01 00 00'],
      ['66 01 05 00 ff ff 01 00 00', '66 01 6e 00 ff ff 01 00 00'],
      ['66 02 05 00 01 00 01 00 00 02 00 00', '66 02 47 00 01 00 01 00 00 02 00 00'],
      ['66 ff 05 00 01 00 01 00 00', '66 ff 47 00 01 00 01 00 00'],
      ['66 01 45 00 01 00 01 00 00', '07 01 05 00 01 00 01 00 00 05 00 00 00 00'],
    ];
    for (const [request, answer] of asked) assert.deepEqual(client.ask(request).asdus(), [answer], request);
    assert.ok(!client.closed);
    unharmed();
  });

  it('BAD INPUT: invalid U-frames: none of the 256 first octets, with any rest, is answered unless it is a function', () => {
    const { served, clock, unharmed } = setup();
    const functions = [0x07, 0x0b, 0x13, 0x23, 0x43, 0x83];
    for (let control = 3; control < 256; control += 4)
      for (const rest of ['00 00 00', '01 00 00', '00 01 00', '00 00 01', '00 00 00 00', '00 00 00 68']) {
        const attacker = new MemoryClient(served, clock, '192.0.2.1:9');
        const length = 1 + rest.split(' ').length;
        attacker.send(`68 ${word(length)} ${word(control)} ${rest}`);
        clock.settle();
        const isRight = functions.includes(control) && rest === '00 00 00';
        assert.equal(attacker.closed, !isRight, `${word(control)} ${rest}`);
        if (!isRight) assert.deepEqual(attacker.frames, []);
        attacker.cut();
      }
    unharmed();
  });
});

/** An I-frame with N(S) = N(R) = 0 around octets of any number, none too. */
function frame(body: readonly string[]): string {
  return ['68', word(body.length + 4), '00 00 00 00', ...body].join(' ');
}
