import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { systemClock } from '../../lib/link/clock.js';
import { LineLog } from '../../lib/link/line-log.js';
import { Entrance } from '../../lib/server/entrance.js';
import { Hasty } from '../line/hasty.js';
import { TestClient } from './client.js';

describe('the entrance of a line', () => {
  let entrance: Entrance;
  afterEach(() => entrance?.close());

  it('a fault of ours with one client closes that client, is logged, and the next one comes in', async () => {
    const log: string[] = [];
    const entered: string[] = [];
    let wake = (): void => {};
    const woken = () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      });
    const observer = {
      changed: () => wake(),
      log: (level: string, text: string) => log.push(`${level}: ${text}`),
    };
    const operator = { takes: () => undefined, operate: () => {} };
    const options = { name: 'Line', host: '127.0.0.1', port: 0, lineNumber: 0, operator, observer };
    entrance = new Entrance(options, new LineLog(observer.log, systemClock.now), systemClock, new Set(), (channel) => {
      entered.push(channel.remote);
      if (entered.length === 1) throw new Error('a fault');
      channel.destroy();
      wake();
    });
    const listening = woken();
    entrance.open();
    await listening;
    const first = await TestClient.connect(entrance.port as number);
    await first.closes();
    assert.match(log.join('\n'), new RegExp(`error: 127.0.0.1:${first.port}: internal error: Error: a fault`));
    const taken = woken();
    const second = await TestClient.connect(entrance.port as number);
    await taken;
    assert.deepEqual(entered, [`127.0.0.1:${first.port}`, `127.0.0.1:${second.port}`]);
  });

  it('a port in use is logged once however often it is tried, and shown until it is free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const log: string[] = [];
    let changes = 0;
    let wake = (): void => {};
    const observer = {
      changed: () => {
        changes++;
        wake();
      },
      log: (level: string, text: string) => log.push(`${level}: ${text}`),
    };
    const operator = { takes: () => undefined, operate: () => {} };
    const options = { name: 'Line', host: '127.0.0.1', port, lineNumber: 0, operator, observer };
    entrance = new Entrance(options, new LineLog(observer.log, systemClock.now), systemClock, new Set(), () => {});
    const hasty = new Hasty(5000);
    try {
      entrance.open();
      await hasty.pauses(20);
      const reason = `port ${port} at 127.0.0.1 is in use by another program or line`;
      assert.deepEqual(log, [`error: cannot listen: ${reason} (EADDRINUSE); tried again, at least every 5 s`]);
      assert.deepEqual([entrance.state, entrance.reason, changes], ['error', reason, 1]);
      const listening = new Promise<void>((resolve) => {
        wake = resolve;
      });
      other.close();
      await listening;
      assert.deepEqual([entrance.state, entrance.reason], ['listening', undefined]);
      assert.equal(log.at(-1), `info: listening on 127.0.0.1:${port}`);
    } finally {
      hasty.end();
      other.close();
    }
  });
});
