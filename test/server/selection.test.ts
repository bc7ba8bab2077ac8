import assert from 'node:assert/strict';
import { Virtual } from './virtual.js';

const TAG = '85 1a 05 04 43 02 1a';
const points = [
  { ioa: 1, type: 'M_SP_NA_1' },
  { ioa: 45, type: 'C_SC_NA_1', sbo: true, feedback: 1 },
  { ioa: 46, type: 'C_DC_NA_1', sbo: true },
  { ioa: 47, type: 'C_RC_NA_1', sbo: true },
  { ioa: 48, type: 'C_SE_NA_1', sbo: true },
  { ioa: 49, type: 'C_SE_NB_1', sbo: true },
  { ioa: 50, type: 'C_SE_NC_1', sbo: true },
  { ioa: 66, type: 'C_SC_NA_1' },
];

/** Type, contents of execute and of select; the object address is the type's number. */
const selectable = [
  ['2e', '2e', '02', '82'],
  ['2f', '2f', '0d', '8d'],
  ['30', '30', '00 40 00', '00 40 80'],
  ['31', '31', '9c ff 00', '9c ff 80'],
  ['32', '32', '00 00 c0 3f 00', '00 00 c0 3f 80'],
  ['3b', '2e', `02 ${TAG}`, `82 ${TAG}`],
  ['3c', '2f', `0d ${TAG}`, `8d ${TAG}`],
  ['3d', '30', `00 40 00 ${TAG}`, `00 40 80 ${TAG}`],
  ['3e', '31', `9c ff 00 ${TAG}`, `9c ff 80 ${TAG}`],
  ['3f', '32', `00 00 c0 3f 00 ${TAG}`, `00 00 c0 3f 80 ${TAG}`],
] as const;

/** A command to the point 66, which takes direct ones too, with this cause octet. */
const direct = (cot: string, content = '01', originator = '00'): string =>
  `2d 01 ${cot} ${originator} 01 00 42 00 00 ${content}`;
/** A command to the point 45, which has to be selected. */
const sbo = (cot: string, content = '01', originator = '00'): string =>
  `2d 01 ${cot} ${originator} 01 00 2d 00 00 ${content}`;

describe('select before operate, in full', () => {
  for (const [type, ioa, execute, select] of selectable)
    it(`PROTOCOL 27: type ${Number.parseInt(type, 16)}: select 7, execute 7 and 10; alone it is refused`, () => {
      const client = new Virtual([{ points }]).client();
      const asdu = (cot: string, content: string): string => `${type} 01 ${cot} 2a 01 00 ${ioa} 00 00 ${content}`;
      assert.deepEqual(client.ask(asdu('06', execute)).asdus(), [asdu('47', execute)]);
      assert.deepEqual(client.ask(asdu('06', select)).asdus(), [asdu('07', select)]);
      assert.deepEqual(client.ask(asdu('06', execute)).asdus(), [asdu('07', execute), asdu('0a', execute)]);
      assert.deepEqual(client.ask(asdu('06', select), asdu('08', select), asdu('06', execute)).asdus(), [
        asdu('07', select),
        asdu('09', select),
        asdu('47', execute),
      ]);
    });

  it('PROTOCOL 27: a cancellation with SQ = 1 or several objects: 9 with P/N = 1, and the selection stays', () => {
    const client = new Virtual([{ points }]).client();
    client.ask(sbo('06', '81')).asdus();
    assert.deepEqual(client.ask('2d 81 08 00 01 00 2d 00 00 81').asdus(), ['2d 81 49 00 01 00 2d 00 00 81']);
    const two = '00 01 00 2d 00 00 81 42 00 00 81';
    assert.deepEqual(client.ask(`2d 02 08 ${two}`).asdus(), [`2d 02 49 ${two}`]);
    assert.deepEqual(client.ask(sbo('06')).asdus(), [sbo('07')]);
  });

  it('PROTOCOL 27: select 7, execute 7, return information 11, 10', () => {
    const rig = new Virtual([{ parameters: 'SAI=False', points }]);
    const client = rig.client();
    assert.deepEqual(client.ask(sbo('06', '81'), sbo('06')).asdus(), [sbo('07', '81'), sbo('07')]);
    rig.served.write(1, true);
    assert.deepEqual(client.asdus(), ['01 01 0b 00 01 00 01 00 00 01', sbo('0a')]);
  });

  for (const [what, other, refused] of [
    ['another value', sbo('06', '00'), sbo('47', '00')],
    ['another qualifier', sbo('06', '05'), sbo('47', '05')],
    ['the type with time tag', `3a 01 06 00 01 00 2d 00 00 01 ${TAG}`, `3a 01 47 00 01 00 2d 00 00 01 ${TAG}`],
    ['the T bit', sbo('86'), sbo('c7')],
    ['another originator', sbo('06', '01', '07'), sbo('47', '01', '07')],
  ] as const)
    it(`PROTOCOL 27: an execute with ${what} than the select had is refused and not operated`, () => {
      const rig = new Virtual([{ points }]);
      const client = rig.client();
      assert.deepEqual(client.ask(sbo('06', '81'), other).asdus(), [sbo('07', '81'), refused]);
      assert.deepEqual(
        rig.served.operations.map(({ select }) => select),
        [true],
      );
    });

  it('PROTOCOL 27: a selection with the T bit allows the command with the T bit, and nothing real', () => {
    const client = new Virtual([{ points }]).client();
    assert.deepEqual(client.ask(sbo('86', '81'), sbo('86')).asdus(), [sbo('87', '81'), sbo('87'), sbo('8a')]);
    assert.deepEqual(client.ask(sbo('86', '81'), sbo('06')).asdus(), [sbo('87', '81'), sbo('47')]);
  });

  it('PROTOCOL 27: a second select renews the time, and what it names counts', () => {
    const rig = new Virtual([{ parameters: 'SBOT=5000', points }]);
    const client = rig.client();
    client.ask(sbo('06', '81')).asdus();
    rig.clock.advance(4000);
    assert.deepEqual(client.ask(sbo('06', '80')).asdus(), [sbo('07', '80')]);
    rig.clock.advance(4000);
    assert.deepEqual(client.ask(sbo('06', '00')).asdus(), [sbo('07', '00')]);
  });

  it('PROTOCOL 27: a point that takes direct commands is not operated directly while it is selected by another', () => {
    const rig = new Virtual([{ parameters: 'SBOT=5000', points }]);
    const [one, other] = [rig.client(), rig.client()];
    one.ask(direct('06', '81')).asdus();
    assert.deepEqual(other.ask(direct('06')).asdus(), [direct('47')]);
    assert.deepEqual(one.ask(direct('06', '01', '07')).asdus(), [direct('47', '01', '07')]);
    rig.clock.advance(5000);
    assert.deepEqual(other.ask(direct('06')).asdus(), [direct('07'), direct('0a')]);
  });

  it('PROTOCOL 27: a cancel of another connection or originator is refused, and the selection stands', () => {
    const rig = new Virtual([{ points }]);
    const [one, other] = [rig.client(), rig.client()];
    one.ask(direct('06', '81')).asdus();
    assert.deepEqual(other.ask(direct('08', '81')).asdus(), [direct('49', '81')]);
    assert.deepEqual(one.ask(direct('08', '81', '07')).asdus(), [direct('49', '81', '07')]);
    assert.deepEqual(one.ask(direct('06')).asdus(), [direct('07'), direct('0a')]);
  });

  it('PROTOCOL 27: a cancel of more than one object is refused, and the selection stands', () => {
    const client = new Virtual([{ points }]).client();
    client.ask(direct('06', '81')).asdus();
    const [answer = ''] = client.ask('2d 02 08 00 01 00 42 00 00 81 2d 00 00 81').asdus();
    assert.equal(Number.parseInt(answer.slice(6, 8), 16) & 0x40, 0x40);
    assert.deepEqual(client.ask(direct('06')).asdus(), [direct('07'), direct('0a')]);
  });

  it('PROTOCOL 27: a select of an object that is unknown, or whose value is none, selects nothing', () => {
    const rig = new Virtual([{ points }]);
    const client = rig.client();
    assert.deepEqual(client.ask('2d 01 06 00 01 00 e7 03 00 81').asdus(), ['2d 01 6f 00 01 00 e7 03 00 81']);
    assert.deepEqual(client.ask('2e 01 06 00 01 00 2e 00 00 83').asdus(), ['2e 01 47 00 01 00 2e 00 00 83']);
    assert.deepEqual(client.ask('2e 01 06 00 01 00 2e 00 00 02').asdus(), ['2e 01 47 00 01 00 2e 00 00 02']);
    assert.deepEqual(rig.served.operations, []);
  });

  it('PROTOCOL 27: an execute that is refused uses the selection up', () => {
    const client = new Virtual([{ points }]).client();
    client.ask(sbo('06', '81'), sbo('06', '00')).asdus();
    assert.deepEqual(client.ask(sbo('06')).asdus(), [sbo('47')]);
  });

  for (const [cmdc, select, cancel] of [
    [0, [], []],
    [1, [direct('07', '81')], [direct('09', '81')]],
    [2, [direct('07', '81')], [direct('09', '81')]],
    [3, [direct('07', '81')], [direct('09', '81')]],
  ] as const)
    it(`PROTOCOL 27: CMDC = ${cmdc}: a select has no termination, so all but 0 confirm it and its cancel`, () => {
      const client = new Virtual([{ parameters: `CMDC=${cmdc}`, points }]).client();
      assert.deepEqual(client.ask(direct('06', '81')).asdus(), select);
      assert.deepEqual(client.ask(direct('08', '81')).asdus(), cancel);
      assert.deepEqual(client.ask(direct('08', '81')).asdus(), [direct('49', '81')], 'a refusal always');
    });
});
