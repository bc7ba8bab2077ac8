import assert from 'node:assert/strict';
import { VirtualClock } from '../link/virtual-clock.js';
import { CHANGED_TAG, checksum, MemoryFiles, pattern } from '../procedures/memory-files.js';
import type { TestClient } from './client.js';
import { MemoryClient } from './memory-client.js';
import { closeAll, Served, serve } from './served.js';
import { digits, octets, TESTFR_ACT, TESTFR_CON } from './wire.js';

const points = [
  { ioa: 100, type: 'M_SP_NA_1' },
  { ioa: 5000, type: 'C_SC_NA_1' },
];

/** The octets `123456` as file 7; their sum is 309 = 256 + 53 (35). */
const six = (): MemoryFiles => new MemoryFiles({ 7: octets('31 32 33 34 35 36') });

const SELECT = '7a 01 0d 00 01 00 00 00 00 07 00 00 01';
const CALL_FILE = '7a 01 0d 00 01 00 00 00 00 07 00 00 02';
const CALL_SECTION = '7a 01 0d 00 01 00 00 00 00 07 00 01 06';
const FILE_READY = '78 01 0d 00 01 00 00 00 00 07 00 06 00 00 00';
const SECTION_READY = '79 01 0d 00 01 00 00 00 00 07 00 01 06 00 00 00';
const SEGMENT = '7d 01 0d 00 01 00 00 00 00 07 00 01 06 31 32 33 34 35 36';
const LAST_SEGMENT = '7b 01 0d 00 01 00 00 00 00 07 00 01 03 35';
const LAST_SECTION = '7b 01 0d 00 01 00 00 00 00 07 00 01 01 35';
const ACK_SECTION = '7c 01 0d 00 01 00 00 00 00 07 00 01 03';
const ACK_FILE = '7c 01 0d 00 01 00 00 00 00 07 00 01 01';
const DIRECTORY = '7a 01 05 00 01 00 00 00 00 00 00 00 00';

/** Fetches file 7 as a master does. @returns its octets, every checksum held against them */
async function fetch(client: TestClient): Promise<Buffer> {
  const file: Buffer[] = [];
  client.ask(SELECT);
  const ready = octets(await client.asdu());
  assert.equal(ready[0], 0x78);
  assert.equal(ready[14], 0);
  await client.answers(CALL_FILE);
  for (let section = 1; ; section++) {
    const offered = octets(await client.asdu());
    if (offered[0] === 0x7b) {
      const whole = Buffer.concat(file);
      assert.deepEqual(
        [...offered.subarray(12)],
        [1, checksum(whole)],
        'the last section, with the checksum of the file',
      );
      assert.equal(whole.length, ready.readUIntLE(11, 3));
      client.ask(ACK_FILE);
      return whole;
    }
    const nos = digits(Buffer.of(section));
    assert.equal(digits(offered.subarray(0, 12)), `79 01 0d 00 01 00 00 00 00 07 00 ${nos}`);
    client.ask(`7a 01 0d 00 01 00 00 00 00 07 00 ${nos} 06`);
    const parts: Buffer[] = [];
    let asdu = octets(await client.asdu());
    for (; asdu[0] === 0x7d; asdu = octets(await client.asdu())) parts.push(asdu.subarray(13));
    const whole = Buffer.concat(parts);
    assert.equal(whole.length, offered.readUIntLE(12, 3));
    assert.deepEqual([...asdu.subarray(0, 1), ...asdu.subarray(11)], [0x7b, section, 3, checksum(whole)]);
    file.push(whole);
    client.ask(`7c 01 0d 00 01 00 00 00 00 07 00 ${nos} 03`);
  }
}

describe('files over a socket', () => {
  afterEach(closeAll);

  it('a file is transferred with the octets of the standard, from directory to acknowledgement', async () => {
    const client = await (await serve([{ points, files: six() }])).client();
    await client.answers(DIRECTORY, `7e 81 05 00 01 00 07 00 00 07 00 06 00 00 20 ${CHANGED_TAG}`);
    await client.answers(SELECT, FILE_READY);
    await client.answers(CALL_FILE, SECTION_READY);
    await client.answers(CALL_SECTION, SEGMENT, LAST_SEGMENT);
    await client.answers(ACK_SECTION, LAST_SECTION);
    client.ask(ACK_FILE);
    await client.quiet();
  });

  it('a file of three sections takes its turn with k: no more than 12 segments without an acknowledgement', async function () {
    this.timeout(60_000);
    const content = pattern(150_000);
    const client = await (await serve([{ points, files: new MemoryFiles({ 7: content }) }])).client();
    await client.answers(SELECT, '78 01 0d 00 01 00 00 00 00 07 00 f0 49 02 00');
    await client.answers(CALL_FILE, '79 01 0d 00 01 00 00 00 00 07 00 01 00 fa 00 00');
    client.acknowledges = false;
    client.ask(CALL_SECTION);
    const first = (await client.asdus(12)).map(octets);
    assert.ok(first.every((asdu) => asdu.length === 249));
    await client.quiet();
    client.acknowledges = true;
    client.acknowledge();
    await client.asdus(272 + 1 - 12);
    client.ask('7a 01 0d 00 01 00 00 00 00 07 00 00 03');
    await client.asdu();
    assert.deepEqual(await fetch(client), Buffer.from(content));
    await client.quiet();
  });

  it('commands and events overtake a file, which does not stand still either', async () => {
    const served = await serve([{ parameters: 'SAI=False', points, files: new MemoryFiles({ 7: pattern(60_000) }) }]);
    const client = await served.client();
    await client.answers(SELECT, '78 01 0d 00 01 00 00 00 00 07 00 60 ea 00 00');
    await client.answers(CALL_FILE, '79 01 0d 00 01 00 00 00 00 07 00 01 60 ea 00 00');
    client.acknowledges = false;
    client.ask(CALL_SECTION);
    await client.asdus(12);
    for (let i = 0; i < 100; i++) served.write(100, i % 2 === 0);
    client.ask('2d 01 06 00 01 00 88 13 00 01');
    client.acknowledges = true;
    const then = await client.asdus(2 + 100 + 33);
    const types = then.map((asdu) => asdu.slice(0, 2));
    assert.deepEqual(types.slice(0, 2), ['2d', '2d'], 'confirmation and termination at once');
    assert.equal(types.filter((type) => type === '01').length, 100);
    const segments = types.slice(0, types.lastIndexOf('01')).filter((type) => type === '7d').length;
    assert.ok(segments >= 32 && segments <= 34, `a quarter of the frames is the file's, not ${segments}`);
  });

  it('an interrogation and a file go on at the same time', async () => {
    const many = Array.from({ length: 100 }, (_, i) => ({ ioa: i + 1, type: 'M_SP_NA_1' }));
    const files = new MemoryFiles({ 7: pattern(60_000) });
    const client = await (await serve([{ points: many, files }])).client();
    await client.answers(SELECT, '78 01 0d 00 01 00 00 00 00 07 00 60 ea 00 00');
    await client.answers(CALL_FILE, '79 01 0d 00 01 00 00 00 00 07 00 01 60 ea 00 00');
    client.ask('64 01 06 00 01 00 00 00 00 14', CALL_SECTION);
    const types = (await client.asdus(256)).map((asdu) => asdu.slice(0, 2));
    assert.equal(types[0], '64', 'confirmation');
    assert.ok(types.indexOf('7d') < 20, 'the file begins');
    const end = types.lastIndexOf('64');
    assert.ok(end > 100 && end < 220, `the termination is not kept back, it comes at ${end}`);
    assert.equal(types.filter((type) => type === '01').length, 100);
  });

  it('two clients read the same file at once, each at its own pace', async () => {
    const content = pattern(70_000);
    const served = await serve([{ points, files: new MemoryFiles({ 7: content }) }]);
    const [slow, quick] = [await served.client(), await served.client()];
    await slow.answers(SELECT, '78 01 0d 00 01 00 00 00 00 07 00 70 11 01 00');
    await slow.answers(CALL_FILE, '79 01 0d 00 01 00 00 00 00 07 00 01 00 fa 00 00');
    slow.acknowledges = false;
    slow.ask(CALL_SECTION);
    await slow.asdus(12);
    assert.deepEqual(await fetch(quick), Buffer.from(content));
    slow.acknowledges = true;
    slow.acknowledge();
    await slow.asdus(272 + 1 - 12);
    await slow.answers(ACK_SECTION, '79 01 0d 00 01 00 00 00 00 07 00 02 70 17 00 00');
    await slow.quiet();
  });

  it('a transfer ends with STOPDT', async () => {
    const client = await (await serve([{ points, files: six() }])).client();
    await client.answers(SELECT, FILE_READY);
    await client.answers(CALL_FILE, SECTION_READY);
    await client.stop();
    await client.start();
    await client.answers(CALL_SECTION, '79 01 0d 00 01 00 00 00 00 07 00 01 00 00 00 80');
    await client.answers(SELECT, FILE_READY);
  });

  it('a transfer ends with its connection, and costs no other client anything', async () => {
    const served = await serve([{ points, files: six() }]);
    const gone = await served.client();
    await gone.answers(SELECT, FILE_READY);
    await gone.cut();
    const client = await served.client();
    await client.answers(CALL_FILE, '78 01 0d 00 01 00 00 00 00 07 00 00 00 00 80');
    await client.answers(SELECT, FILE_READY);
  });

  it('a transfer that the master leaves lying is given up after 60 s, with LSQ 2', () => {
    const clock = new VirtualClock();
    const served = new Served([{ points, files: six() }], { clock });
    const client = new MemoryClient(served, clock).start();
    assert.deepEqual(client.ask(SELECT, CALL_FILE).asdus(), [FILE_READY, SECTION_READY]);
    const found: string[] = [];
    for (let second = 0; second < 90; second++) {
      clock.advance(1000);
      for (const frame of client.frames.splice(0)) {
        const asdu = frame === TESTFR_ACT ? undefined : client.wire.asduOf(frame);
        if (asdu !== undefined) found.push(`${second >= 59} ${asdu}`);
        else if (frame === TESTFR_ACT) client.send(TESTFR_CON);
      }
    }
    assert.deepEqual(found, ['true 7b 01 0d 00 01 00 00 00 00 07 00 01 02 00']);
  });
});

describe('file types and what is wrong with them', () => {
  afterEach(closeAll);

  const all = [
    ['120', '78 01 0d 00 01 00 00 00 00 07 00 06 00 00 00'],
    ['121', '79 01 0d 00 01 00 00 00 00 07 00 01 06 00 00 00'],
    ['122', SELECT],
    ['123', LAST_SEGMENT],
    ['124', ACK_FILE],
    ['125', SEGMENT],
    ['126', `7e 01 0d 00 01 00 00 00 00 07 00 06 00 00 20 ${CHANGED_TAG}`],
    ['127', `7f 01 0d 00 01 00 00 00 00 07 00 ${CHANGED_TAG} ${CHANGED_TAG}`],
  ] as const;
  /** Mirrored with another third octet: P/N = 1 and the cause. */
  const because = (asdu: string, cause: string): string => `${asdu.slice(0, 6)}${cause}${asdu.slice(8)}`;

  it('a station without files knows none of these types: 44', async () => {
    const client = await (await serve([{ points }])).client();
    for (const [, asdu] of all) await client.answers(asdu, because(asdu, '6c'));
    await client.quiet();
  });

  it('a station with files refuses a file that is sent to it; directory and query log are unknown to it', async () => {
    const client = await (await serve([{ points, files: six() }])).client();
    for (const [type, asdu] of all)
      if (type !== '122') await client.answers(asdu, because(asdu, Number(type) > 125 ? '6c' : '4d'));
    await client.quiet();
  });

  it('another cause is 45', async () => {
    const client = await (await serve([{ points, files: six() }])).client();
    for (const [, asdu] of all.slice(0, 6)) await client.answers(because(asdu, '06'), because(asdu, '6d'));
    await client.answers(because(ACK_FILE, '05'), because(ACK_FILE, '6d'));
    await client.answers(because(SELECT, '03'), because(SELECT, '6d'));
  });

  it('an unknown common address is 46 where a station of the line has files, and broadcast is none', async () => {
    const client = await (await serve([{ points }, { ca: 2, points, files: six() }])).client();
    await client.answers('7a 01 0d 00 03 00 00 00 00 07 00 00 01', '7a 01 6e 00 03 00 00 00 00 07 00 00 01');
    await client.answers('7a 01 0d 00 ff ff 00 00 00 07 00 00 01', '7a 01 6e 00 ff ff 00 00 00 07 00 00 01');
    await client.answers(SELECT, because(SELECT, '6c'));
    await client.answers('7a 01 0d 00 02 00 00 00 00 07 00 00 01', '78 01 0d 00 02 00 00 00 00 07 00 06 00 00 00');
  });

  it('an object address that no file has is 47', async () => {
    const client = await (await serve([{ points, files: six() }])).client();
    await client.answers('7a 01 0d 00 01 00 64 00 00 07 00 00 01', '7a 01 6f 00 01 00 64 00 00 07 00 00 01');
  });

  for (const [what, asdu] of [
    ['two calls in one', '7a 02 0d 00 01 00 00 00 00 07 00 00 01 00 00 00 07 00 00 02'],
    ['a call with SQ = 1', '7a 81 0d 00 01 00 00 00 00 07 00 00 01'],
  ] as const)
    it(`${what}: mirrored with its own cause and P/N = 1`, async () => {
      const client = await (await serve([{ points, files: six() }])).client();
      await client.answers(asdu, because(asdu, '4d'));
      await client.answers(CALL_FILE, '78 01 0d 00 01 00 00 00 00 07 00 00 00 00 80');
    });

  for (const [what, asdu] of [
    ['a segment of more octets than there are', '7d 01 0d 00 01 00 00 00 00 07 00 01 ff 31 32'],
    ['a segment of fewer octets than there are', '7d 01 0d 00 01 00 00 00 00 07 00 01 01 31 32'],
    ['a segment without its length', '7d 01 0d 00 01 00 00 00 00 07 00 01'],
    ['127 segments of which one is there', '7d 7f 0d 00 01 00 00 00 00 07 00 01 01 31'],
    ['a call without qualifier', '7a 01 0d 00 01 00 00 00 00 07 00 00'],
    ['a call of 17 objects in the octets of one', '7a 11 0d 00 01 00 00 00 00 07 00 00 01'],
    ['a directory with half an entry', '7e 81 05 00 01 00 00 00 00 07 00 06 00 00 20 85 1a 05 04'],
    ['a file ready of two octets of length', '78 01 0d 00 01 00 00 00 00 07 00 06 00 00'],
    ['a query log with one time', `7f 01 0d 00 01 00 00 00 00 07 00 ${CHANGED_TAG}`],
  ] as const)
    it(`${what} closes the connection, and no other, with files and without`, async () => {
      for (const files of [undefined, six()]) {
        const served = await serve([{ points, ...(files === undefined ? {} : { files }) }]);
        const [bad, good] = [await served.client(), await served.client()];
        bad.ask(asdu);
        await bad.closes();
        await good.answers('64 01 06 00 01 00 00 00 00 63', '64 01 47 00 01 00 00 00 00 63');
      }
    });

  it('many selections at once open one file at a time, and each is answered', async () => {
    const client = await (await serve([{ points, files: six() }])).client();
    client.ask(...Array.from({ length: 1000 }, () => SELECT), CALL_FILE);
    const answers = await client.asdus(1001);
    assert.ok(answers.slice(0, 1000).every((asdu) => asdu === FILE_READY));
    assert.equal(answers[1000], SECTION_READY);
  });

  it('many calls of the directory at once are answered one at a time, the others refused', async () => {
    const files = new MemoryFiles(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [i + 1, octets('aa')])));
    const client = await (await serve([{ points, files }])).client();
    client.ask(...Array.from({ length: 500 }, () => DIRECTORY));
    const answers = await client.asdus(499 + 56);
    assert.equal(answers.filter((asdu) => asdu.startsWith('7e 92')).length, 55);
    assert.equal(answers.filter((asdu) => asdu === because(DIRECTORY, '45')).length, 499);
    assert.equal(files.lists, 1);
    await client.quiet();
  });
});
