import assert from 'node:assert/strict';
import type { TestClient } from '../server/client.js';
import { catchAll, type FlowNode, freePort, line, serverOut, station, tab } from './flow.js';
import { type DeployType, red, withNodeRed } from './runtime.js';
import { interrogate } from './wire.js';

const points = [{ ioa: 100, tag: 'Q0', type: 'M_SP_NA_1' }];
const ON = '01 01 03 00 01 00 64 00 00 01';
const OFF = '01 01 03 00 01 00 64 00 00 00';

describe('a station that was copied with its common address', () => {
  withNodeRed();

  const original = station(points);
  const copy = station(points, { id: 'copy', name: 'Copy' });
  const other = serverOut({ id: 'out2', station: 'copy' });
  let port: number;
  let client: TestClient;

  const flow = (...stations: readonly FlowNode[]): FlowNode[] => {
    const outs = stations.includes(copy) ? [serverOut(), other] : [serverOut()];
    return [tab, line(port), ...stations, ...outs, ...catchAll];
  };

  beforeEach(async () => {
    port = await freePort();
    await red.deploy(flow(original));
    client = await red.client(port);
    await interrogate(client);
    red.inject('out', { topic: 'Q0', payload: true });
    await client.expect(ON);
  });

  /** The original sends, over the connection that it had from the first deploy. */
  async function sends(payload: boolean): Promise<void> {
    red.inject('out', { topic: 'Q0', payload });
    await client.expect(payload ? ON : OFF);
    assert.equal(client.closed, false);
  }

  for (const type of ['full', 'nodes'] as const satisfies readonly DeployType[])
    for (const [order, ...stations] of [
      ['behind the original', original, copy],
      ['before the original', copy, original],
    ] as const)
      it(`a deploy (${type}) with the copy ${order}: the original goes on, the copy is refused with both named`, async () => {
        await red.deploy(flow(...stations), type);
        await sends(false);
        assert.deepEqual(red.errors('copy'), [
          'common address 1 stands twice on line Line: stations Substation and Copy',
        ]);
        assert.deepEqual(red.errors('station'), []);
        red.inject('out2', { topic: 'Q0', payload: true });
        const { error } = await red.next('caught');
        assert.match(
          (error as { message: string }).message,
          /station Copy is not served: common address 1 stands twice/,
        );
        await client.quiet();

        await red.deploy(flow(...stations), type);
        await sends(true);
        red.forget();
        await red.deploy(flow(original), type);
        await sends(false);
        assert.deepEqual(red.allErrors, []);
        assert.deepEqual((await interrogate(client)).at(-1), '01 01 14 00 01 00 64 00 00 00');
      });

  it('the original is removed: the copy has its place with the next deploy, on the same connection', async () => {
    await red.deploy(flow(original, copy), 'full');
    await sends(false);
    await red.deploy(flow(copy), 'full');
    red.forget();
    red.inject('out2', { topic: 'Q0', payload: true });
    await client.expect(ON);
    assert.deepEqual(red.allErrors, []);
  });
});
