import assert from 'node:assert/strict';
import { OctetWriter } from '../../lib/octets/octets.js';
import { ClientFiles } from '../../lib/procedures/files/client-files.js';
import { Request } from '../../lib/procedures/request.js';
import { compilePoints } from '../../lib/station/points.js';
import { Station } from '../../lib/station/station.js';
import { digits, octets } from '../server/wire.js';
import { CHANGED_TAG, checksum, MemoryFiles, pattern } from './memory-files.js';

const { table } = compilePoints([]);

/** One client's view of station 1, in a time that passes when a test says so. */
class Rig {
  now = 1000;
  readonly replies: string[] = [];
  readonly client = new ClientFiles((asdu) => this.replies.push(digits(asdu)));
  readonly station: Station;

  constructor(readonly files: MemoryFiles) {
    this.station = new Station({ name: 'Station', commonAddress: 1, points: table, files });
  }

  /** Asks, and gives the answers. */
  ask(asdu: string, station = this.station): string[] {
    this.client.handle(new Request(octets(asdu)), station, this.now);
    return this.replies.splice(0);
  }

  /** The next ASDU that the connection would pull. */
  pull(): string | undefined {
    const to = new OctetWriter(new Uint8Array(249));
    if (!this.client.isBusy || !this.client.write(to, this.now)) return undefined;
    return digits(to.octets.subarray(0, to.at));
  }

  pullAll(): string[] {
    const found: string[] = [];
    for (let asdu = this.pull(); asdu !== undefined; asdu = this.pull()) found.push(asdu);
    return found;
  }

  /** Brings the transfer of file 7 so far that section 1 is ready. */
  called(): this {
    this.ask(SELECT);
    this.ask(CALL_FILE);
    return this;
  }
}

/** The six octets `123456`, of which the sum is 309 = 1 * 256 + 53 (35). */
const six = (): Rig => new Rig(new MemoryFiles({ 7: octets('31 32 33 34 35 36') }));

// File 7 of object 0, station 1, cause 13: type | count | cause, originator | station | object | file | section | qualifier
const SELECT = '7a 01 0d 00 01 00 00 00 00 07 00 00 01';
const CALL_FILE = '7a 01 0d 00 01 00 00 00 00 07 00 00 02';
const DEACTIVATE_FILE = '7a 01 0d 00 01 00 00 00 00 07 00 00 03';
const DELETE_FILE = '7a 01 0d 00 01 00 00 00 00 07 00 00 04';
const SELECT_SECTION = '7a 01 0d 00 01 00 00 00 00 07 00 01 05';
const CALL_SECTION = '7a 01 0d 00 01 00 00 00 00 07 00 01 06';
const DEACTIVATE_SECTION = '7a 01 0d 00 01 00 00 00 00 07 00 01 07';
const FILE_READY = '78 01 0d 00 01 00 00 00 00 07 00 06 00 00 00';
const FILE_REFUSED = '78 01 0d 00 01 00 00 00 00 07 00 00 00 00 80';
const SECTION_READY = '79 01 0d 00 01 00 00 00 00 07 00 01 06 00 00 00';
const SECTION_REFUSED = '79 01 0d 00 01 00 00 00 00 07 00 01 00 00 00 80';
const SEGMENT = '7d 01 0d 00 01 00 00 00 00 07 00 01 06 31 32 33 34 35 36';
const LAST_SEGMENT = '7b 01 0d 00 01 00 00 00 00 07 00 01 03 35';
const LAST_SECTION = '7b 01 0d 00 01 00 00 00 00 07 00 01 01 35';
const ACK_FILE = '7c 01 0d 00 01 00 00 00 00 07 00 01 01';
const NACK_FILE = '7c 01 0d 00 01 00 00 00 00 07 00 01 22';
const ACK_SECTION = '7c 01 0d 00 01 00 00 00 00 07 00 01 03';
const NACK_SECTION = '7c 01 0d 00 01 00 00 00 00 07 00 01 24';
const ABORTED = '7b 01 0d 00 01 00 00 00 00 07 00 01 02';
const DIRECTORY = '7a 01 05 00 01 00 00 00 00 00 00 00 00';

/** The same ASDU with P/N = 1 and its own cause. */
const mirrored = (asdu: string): string => {
  const all = octets(asdu);
  all[2] = (all[2] as number) | 0x40;
  return digits(all);
};

describe('file transfer to a client', () => {
  it('a file is selected, called by section, sent in segments, acknowledged by section and as a whole', () => {
    const rig = six();
    assert.deepEqual(rig.ask(SELECT), [FILE_READY]);
    assert.deepEqual(rig.ask(CALL_FILE), [SECTION_READY]);
    assert.equal(rig.pull(), undefined);
    assert.deepEqual(rig.ask(CALL_SECTION), []);
    assert.deepEqual(rig.pullAll(), [SEGMENT, LAST_SEGMENT]);
    assert.deepEqual(rig.ask(ACK_SECTION), [LAST_SECTION]);
    assert.deepEqual(rig.ask(ACK_FILE), []);
    assert.equal(rig.client.isBusy, false);
    assert.deepEqual(rig.ask(SELECT), [FILE_READY], 'and may be had again');
  });

  it('answers keep originator, T bit and object address', () => {
    const rig = six();
    assert.deepEqual(rig.ask('7a 01 8d 2a 01 00 07 00 00 07 00 00 01'), [
      '78 01 8d 2a 01 00 07 00 00 07 00 06 00 00 00',
    ]);
    assert.deepEqual(rig.ask('7a 01 8d 2a 01 00 07 00 00 07 00 00 02'), [
      '79 01 8d 2a 01 00 07 00 00 07 00 01 06 00 00 00',
    ]);
    rig.ask('7a 01 8d 2a 01 00 07 00 00 07 00 01 06');
    assert.deepEqual(rig.pullAll(), [
      '7d 01 8d 2a 01 00 07 00 00 07 00 01 06 31 32 33 34 35 36',
      '7b 01 8d 2a 01 00 07 00 00 07 00 01 03 35',
    ]);
  });

  it('an empty file has one empty section', () => {
    const rig = new Rig(new MemoryFiles({ 7: new Uint8Array(0) }));
    assert.deepEqual(rig.ask(SELECT), ['78 01 0d 00 01 00 00 00 00 07 00 00 00 00 00']);
    assert.deepEqual(rig.ask(CALL_FILE), ['79 01 0d 00 01 00 00 00 00 07 00 01 00 00 00 00']);
    rig.ask(CALL_SECTION);
    assert.deepEqual(rig.pullAll(), ['7b 01 0d 00 01 00 00 00 00 07 00 01 03 00']);
    assert.deepEqual(rig.ask(ACK_SECTION), ['7b 01 0d 00 01 00 00 00 00 07 00 01 01 00']);
    rig.ask(ACK_FILE);
    assert.equal(rig.client.isBusy, false);
  });

  for (const [length, segments] of [
    [235, [235]],
    [236, [236]],
    [237, [236, 1]],
    [472, [236, 236]],
  ] as const)
    it(`a segment has 236 octets at most, an ASDU of 249: a file of ${length} has ${segments.length}`, () => {
      const content = pattern(length);
      const rig = new Rig(new MemoryFiles({ 7: content })).called();
      rig.ask(CALL_SECTION);
      const sent = rig.pullAll().map(octets);
      assert.deepEqual(
        sent.slice(0, -1).map((asdu) => [asdu.length, asdu[12]]),
        segments.map((count) => [13 + count, count]),
      );
      assert.deepEqual(Buffer.concat(sent.slice(0, -1).map((asdu) => asdu.subarray(13))), Buffer.from(content));
      assert.equal(sent.at(-1)?.[13], checksum(content));
    });

  it('a file of more than 64,000 octets has several sections, each with its checksum, and the file has one', () => {
    const content = pattern(64_001);
    const rig = new Rig(new MemoryFiles({ 7: content }));
    assert.deepEqual(rig.ask(SELECT), ['78 01 0d 00 01 00 00 00 00 07 00 01 fa 00 00']);
    assert.deepEqual(rig.ask(CALL_FILE), ['79 01 0d 00 01 00 00 00 00 07 00 01 00 fa 00 00']);
    rig.ask(CALL_SECTION);
    const first = rig.pullAll();
    assert.equal(first.length, 272 + 1, '271 segments of 236 octets, one of 44');
    const one = digits(Buffer.of(checksum(content.subarray(0, 64_000))));
    assert.equal(first.at(-1), `7b 01 0d 00 01 00 00 00 00 07 00 01 03 ${one}`);
    assert.deepEqual(rig.ask(ACK_SECTION), ['79 01 0d 00 01 00 00 00 00 07 00 02 01 00 00 00']);
    rig.ask('7a 01 0d 00 01 00 00 00 00 07 00 02 06');
    const octet = digits(content.subarray(64_000));
    assert.deepEqual(rig.pullAll(), [
      `7d 01 0d 00 01 00 00 00 00 07 00 02 01 ${octet}`,
      `7b 01 0d 00 01 00 00 00 00 07 00 02 03 ${octet}`,
    ]);
    const all = digits(Buffer.of(checksum(content)));
    assert.deepEqual(rig.ask('7c 01 0d 00 01 00 00 00 00 07 00 02 03'), [
      `7b 01 0d 00 01 00 00 00 00 07 00 02 01 ${all}`,
    ]);
  });

  it('a file of 16777215 octets has 255 sections, of 65,793 octets each; one more octet is refused', () => {
    const rig = new Rig(new MemoryFiles({ 7: new Uint8Array(16_777_215), 8: new Uint8Array(16_777_216) }));
    assert.deepEqual(rig.ask(SELECT), ['78 01 0d 00 01 00 00 00 00 07 00 ff ff ff 00']);
    assert.deepEqual(rig.ask(CALL_FILE), ['79 01 0d 00 01 00 00 00 00 07 00 01 01 01 01 00']);
    assert.deepEqual(rig.ask('7a 01 0d 00 01 00 00 00 00 07 00 ff 05'), [
      '79 01 0d 00 01 00 00 00 00 07 00 ff 01 01 01 00',
    ]);
    rig.ask(DEACTIVATE_FILE);
    assert.deepEqual(rig.ask('7a 01 0d 00 01 00 00 00 00 08 00 00 01'), [
      '78 01 0d 00 01 00 00 00 00 08 00 00 00 00 80',
    ]);
  });

  it('a section that is not accepted is offered again, three times; then the transfer is given up', () => {
    const rig = six().called();
    for (let i = 0; i < 3; i++) {
      rig.ask(CALL_SECTION);
      assert.deepEqual(rig.pullAll(), [SEGMENT, LAST_SEGMENT]);
      assert.deepEqual(rig.ask(NACK_SECTION), [SECTION_READY]);
    }
    rig.ask(CALL_SECTION);
    rig.pullAll();
    assert.deepEqual(rig.ask(NACK_SECTION), [`${ABORTED} 35`]);
    assert.equal(rig.client.isBusy, false);
  });

  it('a file that is not accepted is not repeated by itself', () => {
    const rig = six().called();
    rig.ask(CALL_SECTION);
    rig.pullAll();
    rig.ask(ACK_SECTION);
    assert.deepEqual(rig.ask(NACK_FILE), []);
    assert.equal(rig.client.isBusy, false);
  });

  it('a negative acknowledgement of the file before its end gives the transfer up', () => {
    const rig = six().called();
    assert.deepEqual(rig.ask(NACK_FILE), [`${ABORTED} 00`]);
    assert.equal(rig.client.isBusy, false);
  });

  it('a deactivated file ends: file ready while it is selected, last section with deactivation later', () => {
    const rig = six();
    rig.ask(SELECT);
    assert.deepEqual(rig.ask(DEACTIVATE_FILE), [FILE_READY]);
    assert.deepEqual(rig.ask(CALL_FILE), [FILE_REFUSED]);
    rig.called().ask(CALL_SECTION);
    assert.equal(rig.pull(), SEGMENT);
    assert.deepEqual(rig.ask(DEACTIVATE_FILE), [`${ABORTED} 35`]);
    assert.equal(rig.pull(), undefined);
  });

  it('a deactivated section ends with LSQ 4 and the sum of what was sent, and may be called again', () => {
    const rig = six().called();
    rig.ask(CALL_SECTION);
    assert.equal(rig.pull(), SEGMENT);
    assert.deepEqual(rig.ask(DEACTIVATE_SECTION), ['7b 01 0d 00 01 00 00 00 00 07 00 01 04 35']);
    assert.equal(rig.pull(), undefined);
    rig.ask(CALL_SECTION);
    assert.deepEqual(rig.pullAll(), [SEGMENT, LAST_SEGMENT]);
  });

  it('a section may be selected out of order, and the checksum of the file is that of what was acknowledged', () => {
    const content = pattern(128_001);
    const rig = new Rig(new MemoryFiles({ 7: content })).called();
    assert.deepEqual(rig.ask('7a 01 0d 00 01 00 00 00 00 07 00 03 05'), [
      '79 01 0d 00 01 00 00 00 00 07 00 03 01 00 00 00',
    ]);
    rig.ask('7a 01 0d 00 01 00 00 00 00 07 00 03 06');
    assert.equal(rig.pullAll().length, 2);
    const octet = digits(content.subarray(128_000));
    assert.deepEqual(rig.ask('7c 01 0d 00 01 00 00 00 00 07 00 03 03'), [
      `7b 01 0d 00 01 00 00 00 00 07 00 03 01 ${octet}`,
    ]);
  });
});

describe('calls of files that are wrong or out of turn', () => {
  const states: Record<string, (rig: Rig) => void> = {
    'nothing is selected': () => {},
    'the file is selected': (rig) => void rig.ask(SELECT),
    'a section is ready': (rig) => void rig.called(),
    'segments are sent': (rig) => void rig.called().ask(CALL_SECTION),
    'the section is sent': (rig) => {
      rig.called().ask(CALL_SECTION);
      rig.pullAll();
    },
    'the file is sent': (rig) => {
      rig.called().ask(CALL_SECTION);
      rig.pullAll();
      rig.ask(ACK_SECTION);
    },
  };
  const calls = {
    SELECT: [SELECT, FILE_REFUSED],
    CALL_FILE: [CALL_FILE, FILE_REFUSED],
    DELETE_FILE: [DELETE_FILE, FILE_REFUSED],
    SELECT_SECTION: [SELECT_SECTION, SECTION_REFUSED],
    CALL_SECTION: [CALL_SECTION, SECTION_REFUSED],
    DEACTIVATE_SECTION: [DEACTIVATE_SECTION, SECTION_REFUSED],
    ACK_SECTION: [ACK_SECTION, mirrored(ACK_SECTION)],
    NACK_SECTION: [NACK_SECTION, mirrored(NACK_SECTION)],
    ACK_FILE: [ACK_FILE, mirrored(ACK_FILE)],
  } as const;
  const allowed: Record<string, readonly (keyof typeof calls)[]> = {
    'nothing is selected': ['SELECT'],
    'the file is selected': ['SELECT', 'CALL_FILE'],
    'a section is ready': ['SELECT_SECTION', 'CALL_SECTION'],
    'segments are sent': ['DEACTIVATE_SECTION'],
    'the section is sent': ['DEACTIVATE_SECTION', 'ACK_SECTION', 'NACK_SECTION'],
    'the file is sent': ['ACK_FILE'],
  };

  for (const [when, reach] of Object.entries(states))
    for (const [name, [asdu, answer]] of Object.entries(calls)) {
      if (allowed[when]?.includes(name as keyof typeof calls)) continue;
      it(`${name} is refused when ${when}, and changes nothing`, () => {
        const rig = six();
        reach(rig);
        assert.deepEqual(rig.ask(asdu), [answer]);
        const untouched = six();
        reach(untouched);
        assert.deepEqual(rig.pullAll(), untouched.pullAll());
        for (const next of [CALL_FILE, CALL_SECTION, ACK_SECTION]) {
          assert.deepEqual(rig.ask(next), untouched.ask(next));
          assert.deepEqual(rig.pullAll(), untouched.pullAll());
        }
      });
    }

  for (const nos of ['00', '02', 'ff'])
    it(`section ${nos} of a file of one section is not ready`, () => {
      const rig = six().called();
      for (const scq of ['05', '06', '07'])
        assert.deepEqual(rig.ask(`7a 01 0d 00 01 00 00 00 00 07 00 ${nos} ${scq}`), [
          `79 01 0d 00 01 00 00 00 00 07 00 ${nos} 00 00 00 80`,
        ]);
      rig.ask(CALL_SECTION);
      rig.pullAll();
      const wrong = `7c 01 0d 00 01 00 00 00 00 07 00 ${nos} 03`;
      assert.deepEqual(rig.ask(wrong), [mirrored(wrong)]);
      assert.deepEqual(rig.ask(ACK_SECTION), [LAST_SECTION]);
    });

  it('a file that does not exist is refused: file ready with the negative bit and no length', () => {
    const rig = six();
    assert.deepEqual(rig.ask('7a 01 0d 00 01 00 00 00 00 08 00 00 01'), [
      '78 01 0d 00 01 00 00 00 00 08 00 00 00 00 80',
    ]);
    assert.deepEqual(rig.ask('7a 01 0d 00 01 00 00 00 00 00 00 00 01'), [
      '78 01 0d 00 01 00 00 00 00 00 00 00 00 00 80',
    ]);
  });

  it('another file than the selected one is refused, and the transfer goes on', () => {
    const rig = six();
    rig.files.files.set(8, octets('ff'));
    rig.called();
    assert.deepEqual(rig.ask('7a 01 0d 00 01 00 00 00 00 08 00 01 06'), [
      '79 01 0d 00 01 00 00 00 00 08 00 01 00 00 00 80',
    ]);
    assert.deepEqual(rig.ask('7a 01 0d 00 01 00 00 00 00 08 00 00 01'), [
      '78 01 0d 00 01 00 00 00 00 08 00 00 00 00 80',
    ]);
    assert.deepEqual(rig.ask('7a 01 0d 00 01 00 00 00 00 08 00 00 03'), [
      '78 01 0d 00 01 00 00 00 00 08 00 00 00 00 80',
    ]);
    rig.ask(CALL_SECTION);
    rig.pullAll();
    const foreign = '7c 01 0d 00 01 00 00 00 00 08 00 01 03';
    assert.deepEqual(rig.ask(foreign), [mirrored(foreign)]);
    assert.deepEqual(rig.ask(ACK_SECTION), [LAST_SECTION]);
  });

  it('a selection that was not followed gives way to another', () => {
    const rig = six();
    rig.files.files.set(8, octets('ff'));
    rig.ask(SELECT);
    assert.deepEqual(rig.ask('7a 01 0d 00 01 00 00 00 00 08 00 00 01'), [
      '78 01 0d 00 01 00 00 00 00 08 00 01 00 00 00',
    ]);
    assert.deepEqual(rig.ask(CALL_FILE), [FILE_REFUSED]);
  });

  it('the same file of another station is not the selected one', () => {
    const rig = six().called();
    const other = new Station({ name: 'Other', commonAddress: 2, points: table, files: rig.files });
    assert.deepEqual(rig.ask('7a 01 0d 00 02 00 00 00 00 07 00 01 06', other), [
      '79 01 0d 00 02 00 00 00 00 07 00 01 00 00 00 80',
    ]);
  });

  it('an object address that no file has is 47; 0 and the name of any file will do', () => {
    const rig = six();
    rig.files.files.set(300, octets('ff'));
    assert.deepEqual(rig.ask('7a 01 0d 00 01 00 08 00 00 07 00 00 01'), ['7a 01 6f 00 01 00 08 00 00 07 00 00 01']);
    assert.deepEqual(rig.ask('7c 01 0d 00 01 00 ff ff ff 07 00 01 01'), ['7c 01 6f 00 01 00 ff ff ff 07 00 01 01']);
    assert.deepEqual(rig.ask('7a 01 0d 00 01 00 2c 01 00 07 00 00 01'), [
      '78 01 0d 00 01 00 2c 01 00 07 00 06 00 00 00',
    ]);
    assert.deepEqual(rig.ask('7a 01 0d 00 01 00 07 00 00 07 00 00 01'), [
      '78 01 0d 00 01 00 07 00 00 07 00 06 00 00 00',
    ]);
  });

  for (const scq of ['00', '08', '0f'])
    it(`call qualifier ${scq} means nothing with cause 13: mirrored with P/N = 1`, () => {
      const asdu = `7a 01 0d 00 01 00 00 00 00 07 00 00 ${scq}`;
      assert.deepEqual(six().ask(asdu), [mirrored(asdu)]);
      assert.deepEqual(six().called().ask(asdu), [mirrored(asdu)]);
    });

  it('the reason of a call, in the upper half of its qualifier, does not matter', () => {
    const rig = six().called();
    assert.deepEqual(rig.ask('7a 01 0d 00 01 00 00 00 00 07 00 00 23'), [`${ABORTED} 00`]);
  });

  for (const [what, asdu] of [
    ['file ready', '78 01 0d 00 01 00 00 00 00 07 00 06 00 00 00'],
    ['section ready', '79 01 0d 00 01 00 00 00 00 07 00 01 06 00 00 00'],
    ['a segment', '7d 01 0d 00 01 00 00 00 00 07 00 01 02 aa bb'],
    ['the last segment', '7b 01 0d 00 01 00 00 00 00 07 00 01 03 65'],
  ] as const)
    it(`${what} from the master is refused, since files are only read`, () => {
      const rig = six();
      assert.deepEqual(rig.ask(asdu), [mirrored(asdu)]);
      assert.deepEqual(rig.called().ask(asdu), [mirrored(asdu)]);
      assert.deepEqual(rig.ask(SELECT_SECTION), [SECTION_READY]);
      assert.deepEqual([...(rig.files.files.get(7) ?? [])], [...octets('31 32 33 34 35 36')]);
    });

  it('an acknowledgement with a qualifier that means nothing is mirrored with P/N = 1', () => {
    for (const afq of ['00', '05', 'ff']) {
      const asdu = `7c 01 0d 00 01 00 00 00 00 07 00 01 ${afq}`;
      const rig = six().called();
      assert.deepEqual(rig.ask(asdu), [mirrored(asdu)]);
    }
  });
});

describe('files that change, and masters that go away', () => {
  it('a file that vanishes after it was selected is sent as it was', () => {
    const rig = six();
    rig.ask(SELECT);
    rig.files.files.clear();
    rig.ask(CALL_FILE);
    rig.ask(CALL_SECTION);
    assert.deepEqual(rig.pullAll(), [SEGMENT, LAST_SEGMENT]);
    assert.deepEqual(rig.ask(ACK_SECTION), [LAST_SECTION]);
  });

  for (const [what, readable] of [
    ['nothing more', 0],
    ['less than a segment', 300],
  ] as const)
    it(`a file of which ${what} can be read ends with LSQ 2`, () => {
      const rig = new Rig(new MemoryFiles({ 7: pattern(1000) })).called();
      rig.ask(CALL_SECTION);
      rig.files.readable = readable;
      const sent = rig.pullAll();
      const sum = digits(Buffer.of(checksum(pattern(readable === 0 ? 0 : 236))));
      assert.equal(sent.length, readable === 0 ? 1 : 2);
      assert.equal(sent.at(-1), `${ABORTED} ${sum}`);
      assert.equal(rig.client.isBusy, false);
    });

  it('a transfer without a request for 60 s is given up, which the master is told', () => {
    const rig = six().called();
    rig.now += 59_999;
    assert.equal(rig.pull(), undefined);
    rig.now += 1;
    assert.equal(rig.pull(), `${ABORTED} 00`);
    assert.equal(rig.client.isBusy, false);
    assert.deepEqual(rig.ask(CALL_SECTION), [SECTION_REFUSED]);
  });

  it('a request that comes after 60 s finds nothing, and may select anew', () => {
    const rig = six().called();
    rig.now += 60_000;
    assert.deepEqual(rig.ask(CALL_SECTION), [SECTION_REFUSED]);
    assert.deepEqual(rig.ask(SELECT), [FILE_READY]);
  });

  it('a transfer whose segments are taken slowly goes on', () => {
    const rig = new Rig(new MemoryFiles({ 7: pattern(236 * 4) })).called();
    rig.ask(CALL_SECTION);
    for (let i = 0; i < 5; i++) {
      rig.now += 50_000;
      assert.ok(rig.pull());
    }
    rig.now += 50_000;
    assert.equal(rig.ask(ACK_SECTION).length, 1);
  });

  it('the end of data transfer ends the transfer and the directory', () => {
    const rig = six().called();
    rig.ask(CALL_SECTION);
    rig.ask(DIRECTORY);
    rig.client.end();
    assert.equal(rig.client.isBusy, false);
    assert.deepEqual(rig.ask(ACK_SECTION), [mirrored(ACK_SECTION)]);
  });
});

describe('the directory of files', () => {
  it('lists all files as a sequence, the last one marked, with length and time of change', () => {
    const rig = new Rig(new MemoryFiles({ 2: octets('aa bb'), 1: pattern(64_001) }));
    assert.deepEqual(rig.ask(DIRECTORY), []);
    assert.deepEqual(rig.pullAll(), [
      `7e 82 05 00 01 00 01 00 00 01 00 01 fa 00 00 ${CHANGED_TAG} 02 00 02 00 00 20 ${CHANGED_TAG}`,
    ]);
    assert.equal(rig.client.isBusy, false);
  });

  it('a name that is left out begins another sequence, since a file has its name as object address', () => {
    const rig = new Rig(new MemoryFiles({ 65535: octets('aa'), 3: octets('bb') }));
    rig.ask(DIRECTORY);
    assert.deepEqual(rig.pullAll(), [
      `7e 81 05 00 01 00 03 00 00 03 00 01 00 00 00 ${CHANGED_TAG}`,
      `7e 81 05 00 01 00 ff ff 00 ff ff 01 00 00 20 ${CHANGED_TAG}`,
    ]);
  });

  it('an ASDU holds 18 files, and of 1000 only the last is marked', () => {
    const files = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [i + 1, octets('aa')]));
    const rig = new Rig(new MemoryFiles(files));
    rig.ask(DIRECTORY);
    const sent = rig.pullAll().map(octets);
    assert.equal(sent.length, 56);
    assert.ok(sent.every((asdu, i) => asdu.length === 9 + 13 * (i < 55 ? 18 : 10)));
    const files13 = sent.flatMap((asdu) =>
      Array.from({ length: (asdu.length - 9) / 13 }, (_, i) => asdu.subarray(9 + i * 13, 22 + i * 13)),
    );
    assert.deepEqual(
      files13.map((file) => [file.readUInt16LE(0), file[5]]),
      Array.from({ length: 1000 }, (_, i) => [i + 1, i === 999 ? 0x20 : 0]),
    );
  });

  it('the file that is transferred to the client is marked active', () => {
    const rig = six().called();
    rig.ask(DIRECTORY);
    assert.deepEqual(rig.pullAll(), [`7e 81 05 00 01 00 07 00 00 07 00 06 00 00 a0 ${CHANGED_TAG}`]);
  });

  it('a time of change that a time tag cannot name is invalid', () => {
    const rig = six();
    rig.files.changed = -1;
    rig.ask(DIRECTORY);
    // 1970-01-01 00:00, a Thursday
    assert.deepEqual(rig.pullAll(), ['7e 81 05 00 01 00 07 00 00 07 00 06 00 00 20 00 00 80 00 81 01 46']);
  });

  it('without files it is refused, since there is no empty ASDU', () => {
    assert.deepEqual(new Rig(new MemoryFiles()).ask(DIRECTORY), [mirrored(DIRECTORY)]);
  });

  it('one is sent at a time: a second call meanwhile is refused, and files are not looked for', () => {
    const rig = six();
    rig.ask(DIRECTORY);
    assert.deepEqual(rig.ask(DIRECTORY), [mirrored(DIRECTORY)]);
    assert.equal(rig.files.lists, 1);
    assert.equal(rig.pullAll().length, 1);
    assert.deepEqual(rig.ask(DIRECTORY), []);
  });

  it('a segment and the directory go out in turns', () => {
    const files = { 1: octets('aa'), 3: octets('aa'), 5: octets('aa'), 7: pattern(236 * 2) };
    const rig = new Rig(new MemoryFiles(files)).called();
    rig.ask(CALL_SECTION);
    rig.ask(DIRECTORY);
    const types = rig.pullAll().map((asdu) => asdu.slice(0, 2));
    assert.deepEqual(types.slice(0, 6).sort(), ['7b', '7d', '7d', '7e', '7e', '7e']);
    assert.notEqual(types[0], types[1]);
    assert.notEqual(types[1], types[2]);
  });

  for (const [what, asdu] of [
    ['a file', '7a 01 05 00 01 00 00 00 00 07 00 00 00'],
    ['a section', '7a 01 05 00 01 00 00 00 00 00 00 01 00'],
    ['a selection', '7a 01 05 00 01 00 00 00 00 07 00 00 01'],
  ] as const)
    it(`a call that names ${what} with cause 5 is mirrored with P/N = 1`, () => {
      assert.deepEqual(six().ask(asdu), [mirrored(asdu)]);
    });

  it('an object address other than 0 is 47', () => {
    assert.deepEqual(six().ask('7a 01 05 00 01 00 07 00 00 00 00 00 00'), ['7a 01 6f 00 01 00 07 00 00 00 00 00 00']);
  });
});
