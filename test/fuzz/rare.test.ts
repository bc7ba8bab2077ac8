import assert from 'node:assert/strict';
import { writeIControl } from '../../lib/apci/frame.js';
import { instant, timeInvalid, utc } from '../../lib/asdu/time.js';
import { types } from '../../lib/asdu/types.js';
import { accept, allowedValues, present, type ValueInput } from '../../lib/asdu/value.js';
import { TelecontrolError } from '../../lib/octets/error.js';
import { reversedAssignment } from '../../lib/procedures/assignments.js';
import { Request } from '../../lib/procedures/request.js';
import { VirtualClock } from '../link/virtual-clock.js';
import { MemoryFiles, pattern } from '../procedures/memory-files.js';
import { MemoryClient } from '../server/memory-client.js';
import { Served } from '../server/served.js';
import { octets } from '../server/wire.js';

/** Lines that neither octets nor flows reach, or only in a moment that hardly ever comes. */
describe('what hardly ever happens', () => {
  const refused = (code: string, call: () => unknown): void => {
    assert.throws(call, (error) => error instanceof TelecontrolError && error.code === code);
  };

  it('an ASDU too long for an APDU is a fault of the program, and no frame', () => {
    const room = new Uint8Array(300);
    writeIControl(room, 0, 255, 0, 0, false);
    assert.equal(room[1], 253);
    assert.throws(() => writeIControl(room, 0, 256, 0, 0, false), /ASDU of 250 octets is too long/);
  });

  it('a time tag without octets is one of zeros', () => {
    assert.equal(timeInvalid(new Uint8Array(0)), false);
    assert.equal(instant(new Uint8Array(7), utc, 0), undefined, 'day 0 of month 0');
    assert.equal(instant(new Uint8Array(0), utc, 3_600_000), 3_600_000, 'minute 0 of the hour');
  });

  it('a type without a value takes none', () => {
    refused('type', () => accept(types.C_IC_NA_1, { value: 20 }));
    refused('type', () => accept(types.C_RD_NA_1, { value: 20 }));
    assert.equal(allowedValues(types.C_IC_NA_1), 'no value');
    assert.equal(allowedValues(types.C_RD_NA_1), 'no value');
  });

  it('a set point is not put at the limit of its type: it is refused, by value and by raw integer', () => {
    refused('value', () => accept(types.C_SE_NB_1, { value: 32_768 }));
    refused('value', () => accept(types.C_SE_NA_1, { value: 1.5 }));
    refused('value', () => accept(types.C_SE_NA_1, { raw: 32_768 }));
    refused('value', () => accept(types.C_SE_NC_1, { value: 1e39 }));
  });

  it('a time of protection equipment has 16 bits', () => {
    for (const elapsedMs of [-1, 65_536, 1.5, '1', null])
      if (elapsedMs !== null) refused('value', () => accept(types.M_EP_TA_1, { value: { event: 1, elapsedMs } }));
    assert.equal(accept(types.M_EP_TA_1, { value: { event: 1, elapsedMs: null } }).extra, 0);
  });

  it('what stands beside a value is not coerced, and nothing is passed over', () => {
    const bad = [
      { quality: { bogus: true } },
      { quality: { invalid: 1 } },
      { quality: 'invalid' },
      { transient: 'false' },
      { carry: 0 },
      { adjusted: null },
    ];
    for (const beside of bad) refused('value', () => accept(types.M_IT_NA_1, { value: 1, ...beside } as ValueInput));
  });

  it('an interrogation of more than a thousand points that all have events on the way waits for them', () => {
    const clock = new VirtualClock();
    const points = Array.from({ length: 1200 }, (_, i) => ({ ioa: i + 1, type: 'M_ME_NB_1' }));
    const served = new Served([{ parameters: 'SAI=False;IGO=True;K=1', points }], { clock });
    const client = new MemoryClient(served, clock).start();
    assert.equal(client.ask('64 01 06 00 01 00 00 00 00 14').taken().length, 1, 'the confirmation fills the window');
    // From behind, so that the walk begins with those whose events go last.
    for (const { ioa } of points.toReversed()) served.write(ioa, ioa);
    client.acknowledge();
    const asdus = client.asdus().map(octets);
    const events = new Set<number>();
    let values = 0;
    for (const asdu of asdus) {
      const cause = asdu[2];
      for (let i = 0, at = 6; cause !== 10 && i < (asdu[1] as number); i++, at += 6) {
        const ioa = asdu.readUIntLE(at, 3);
        assert.equal(asdu.readInt16LE(at + 3), ioa, 'the value that was written');
        if (cause === 3) events.add(ioa);
        else assert.ok(events.has(ioa) && ++values > 0, 'no value before its event');
      }
    }
    assert.deepEqual([events.size, values, asdus.at(-1)?.[2]], [1200, 1200, 10]);
  });

  it('an object without the fields of its type shows as zeros', () => {
    assert.deepEqual(present(types.M_ST_NA_1, {}), { payload: 0, beside: { transient: false } });
    assert.deepEqual(present(types.M_EP_TA_1, {}).payload, { event: 0, elapsedMs: 0 });
    assert.deepEqual(present(types.M_EP_TC_1, {}).payload, {
      output: { general: false, l1: false, l2: false, l3: false },
      operatingMs: 0,
    });
  });

  it('an ASDU of unknown type has no object, and is about object address 0', () => {
    const request = new Request(octets('fa 01 06 00 01 00 01 02 03'));
    assert.deepEqual(request.object, { ioa: 0 });
  });

  it('what a station neither asks nor takes in the reversed direction has no cause', () => {
    for (const label of ['C_RD_NA_1', 'C_TS_TA_1', 'P_AC_NA_1', 'F_SC_NA_1', 'M_EI_NA_1'] as const)
      assert.deepEqual(reversedAssignment(types[label]), { taken: [], sent: [] });
  });

  it('a file that is only selected cannot be refused: nothing has been sent of it', () => {
    const clock = new VirtualClock();
    const files = new MemoryFiles({ 1: pattern(10) });
    const client = new MemoryClient(new Served([{ points: [], files }], { clock }), clock).start();
    assert.deepEqual(client.ask('7a 01 0d 00 01 00 01 00 00 01 00 00 01').asdus(), [
      '78 01 0d 00 01 00 01 00 00 01 00 0a 00 00 00',
    ]);
    assert.deepEqual(client.ask('7c 01 0d 00 01 00 01 00 00 01 00 00 02').asdus(), [
      '7c 01 4d 00 01 00 01 00 00 01 00 00 02',
    ]);
    // It is selected still.
    assert.deepEqual(client.ask('7a 01 0d 00 01 00 01 00 00 01 00 00 02').asdus(), [
      '79 01 0d 00 01 00 01 00 00 01 00 01 0a 00 00 00',
    ]);
  });
});
