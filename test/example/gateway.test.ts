import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Outstation, type OutstationSession } from '../client/outstation.js';
import { type FlowNode, freePort, type NodeRed, start } from '../node-red/runtime.js';
import { TestClient } from '../server/client.js';

const file = join(__dirname, '..', '..', 'examples', 'Gateway from substations to control centres.json');
const example: FlowNode[] = JSON.parse(readFileSync(file, 'utf8'));
const isSimulated = ({ id, z }: FlowNode): boolean => /^simulation/.test(String(z ?? id));

/** Interrogations of a common address, their confirmations and terminations. */
const general = (ca: string) => ['06', '07', '0a'].map((cause) => `64 01 ${cause} 00 ${ca} 00 00 00 00 14`);
const counters = (ca: string) => ['06', '07', '0a'].map((cause) => `65 01 ${cause} 00 ${ca} 00 00 00 00 05`);

/** A substation answers both interrogations that begin data transfer. */
async function serve(session: OutstationSession, ca: string, ...values: string[]): Promise<void> {
  await session.started();
  for (const [[ask, confirm, end], sent] of [
    [general(ca), values],
    [counters(ca), []],
  ] as const) {
    await session.expect(ask as string);
    session.ask(confirm as string, ...sent, end as string);
  }
}

/** 31 (double point, time tag) and 36 (float, time tag) of an object, with the octets of value and quality. */
const position = (ca: string, ioa: string, diq: string, time: string, cause = '03') =>
  `1f 01 ${cause} 00 ${ca} 00 ${ioa} 00 ${diq} ${time}`;
const measured = (ca: string, ioa: string, value: string, quality: string, time: string) =>
  `24 01 03 00 ${ca} 00 ${ioa} 00 ${value} ${quality} ${time}`;
/** 13:14:15.016 on Thursday 19 November 2026. */
const TIME = 'a8 3a 0e 0d 93 0b 1a';
const VOLTAGE = '00 00 dc 42';

describe('Gateway from substations to control centres', function () {
  this.timeout(60_000);
  const userDir = mkdtempSync(join(tmpdir(), 'telecontrol-gateway-'));
  let running: NodeRed;
  let north: Outstation;
  let south: Outstation;
  let reserve: Outstation;
  let northern: OutstationSession;
  let southern: OutstationSession;
  let spare: OutstationSession;
  let centres: TestClient[];

  /** The next event of an object, at each control centre. */
  const arrives = async (ioa: string): Promise<string> => {
    const found = await Promise.all(
      centres.map(async (centre) => {
        for (;;) {
          const asdu = await centre.asdu();
          if (asdu.slice(18, 23) === ioa && /^(1f|24) 01 03/.test(asdu)) return asdu;
        }
      }),
    );
    assert.equal(found[0], found[1]);
    return found[0] as string;
  };

  before(async () => {
    [north, south, reserve] = [await Outstation.listen(), await Outstation.listen(), await Outstation.listen()];
    const port = await freePort();
    const flows = example
      .filter((node) => !isSimulated(node))
      .map((node) => {
        if (node.id === 'gateway-line-centres') return { ...node, port: String(port) };
        if (node.id === 'gateway-line-north') return { ...node, port: String(north.port) };
        if (node.type !== 'tcp-line-redundant') return node;
        return { ...node, primaryPort: String(south.port), backupPort: String(reserve.port) };
      });
    running = await start({ userDir, flows });
    [northern, southern, spare] = [await north.accept(), await south.accept(), await reserve.accept()];
    await serve(northern, '01');
    await serve(southern, '02');
    centres = [await TestClient.connect(port), await TestClient.connect(port)];
    for (const centre of centres) {
      const [ask, , end] = general('0a');
      await centre.start();
      centre.ask(ask as string);
      while ((await centre.asdu()) !== end);
    }
  });
  after(async () => {
    for (const { socket } of centres ?? []) socket.destroy();
    await running?.stop();
    for (const outstation of [north, south, reserve]) await outstation?.close();
    rmSync(userDir, { recursive: true, force: true });
  });

  it('values of both substations reach both control centres under their own addresses, with time and quality', async () => {
    northern.ask(position('01', '64 00', '02', TIME));
    assert.equal(await arrives('4c 04'), position('0a', '4c 04', '02', TIME));
    // Substituted and blocked.
    southern.ask(measured('02', '65 00', VOLTAGE, '30', TIME));
    assert.equal(await arrives('35 08'), measured('0a', '35 08', VOLTAGE, '30', TIME));
  });

  it('what the table does not name stays at the gateway', async () => {
    northern.ask(position('01', '96 00', '02', TIME), measured('01', '65 00', VOLTAGE, '00', TIME));
    assert.equal(await arrives('4d 04'), measured('0a', '4d 04', VOLTAGE, '00', TIME));
  });

  it('a command of a control centre moves the breaker of its substation, and is answered as that answers', async () => {
    const [centre] = centres as [TestClient];
    const command = (cause: string, ca: string, ioa: string) => `2e 01 ${cause} 00 ${ca} 00 ${ioa} 00 02`;
    const answered = async (...wanted: string[]) => {
      for (const answer of wanted) {
        let asdu = await centre.asdu();
        while (!asdu.startsWith('2e')) asdu = await centre.asdu();
        assert.equal(asdu, answer);
      }
    };
    centre.ask(command('06', '0a', '98 08'));
    await southern.expect(command('06', '02', 'c8 00'));
    southern.ask(command('07', '02', 'c8 00'), command('0a', '02', 'c8 00'));
    await answered(command('07', '0a', '98 08'), command('0a', '0a', '98 08'));
    centre.ask(command('06', '0a', 'b0 04'));
    await northern.expect(command('06', '01', 'c8 00'));
    northern.ask(command('47', '01', 'c8 00'));
    await answered(command('47', '0a', 'b0 04'));
  });

  it('the loss of one connection of the redundant line is none of the line', async () => {
    await south.close();
    await serve(spare, '02');
    spare.ask(position('02', '64 00', '01', TIME));
    assert.equal(await arrives('34 08'), position('0a', '34 08', '01', TIME));
  });

  it('the loss of a line marks its values not topical at both control centres, their time tags kept', async () => {
    const since = Date.now();
    await north.close();
    const lost = await arrives('4c 04');
    assert.equal(lost, position('0a', '4c 04', '42', TIME));
    assert.ok(Date.now() - since < 10_000, 'within seconds');
    assert.equal(await arrives('4d 04'), measured('0a', '4d 04', VOLTAGE, '40', TIME));
    await reserve.close();
    assert.equal(await arrives('34 08'), position('0a', '34 08', '41', TIME));
  });
});

describe('Gateway from substations to control centres, simulated', function () {
  this.timeout(60_000);

  it('runs as it is imported: the simulated substations are served, and obey', async () => {
    const userDir = mkdtempSync(join(tmpdir(), 'telecontrol-gateway-'));
    const ports = new Map<unknown, string>();
    for (const port of ['2414', '2415', '2416', '2424']) ports.set(port, String(await freePort()));
    const flows = example.map((node) =>
      Object.fromEntries(
        Object.entries(node).map(([name, value]) => [name, /port$/i.test(name) ? (ports.get(value) ?? value) : value]),
      ),
    ) as FlowNode[];
    const running = await start({ userDir, flows });
    const centre = await (await TestClient.connect(Number(ports.get('2424')))).start();
    const until = async (pattern: RegExp): Promise<void> => {
      while (!pattern.test(await centre.asdu()));
    };
    try {
      centre.ask(general('0a')[0] as string);
      await until(/^64 01 0a/);
      // Good values of both.
      await until(/^24 01 03 00 0a 00 4d 04 00 .. .. .. .. 00/);
      await until(/^24 01 03 00 0a 00 35 08 00 .. .. .. .. 00/);
      centre.ask('2e 01 06 00 0a 00 98 08 00 02');
      // The new position, and both answers, in whichever order the two ways bring them.
      const waited = new Set([/^1f 01 03 00 0a 00 34 08 00 02/, /^2e 01 07/, /^2e 01 0a/]);
      while (waited.size > 0) {
        const asdu = await centre.asdu();
        for (const pattern of waited) if (pattern.test(asdu)) waited.delete(pattern);
      }
    } finally {
      centre.socket.destroy();
      await running.stop();
      rmSync(userDir, { recursive: true, force: true });
    }
    assert.doesNotMatch(running.output, /error/i);
  });
});
