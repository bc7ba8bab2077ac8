import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { EtcdCoordinator } from '../../lib/kom/coordinator-etcd.js';
import { EtcdEndpoint } from '../../lib/kom/coordinator-etcd-call.js';
import { instance, until } from './rig.js';

describe('a member of etcd that is none, or dies as it answers', () => {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  const listen = async (server: Server): Promise<string> => {
    servers.push(server.on('connection', (socket) => sockets.add(socket)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  });

  const begin = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a":';
  for (const [what, text, end, words] of [
    ['cut off in the middle', begin, true, /cut off/],
    ['begun and not ended', begin, false, /no answer within 300 ms/],
    ['not begun', '', false, /no answer within 300 ms/],
    ['not begun, and hung up', '', true, /hang up/],
    ['no HTTP', 'x\r\n', false, /Parse Error/],
  ] as const)
    it(`an answer that is ${what} fails`, async () => {
      const url = await listen(
        createServer((socket) => {
          socket.on('error', () => {});
          socket.once('data', () => socket.write(text, () => end && setImmediate(() => socket.destroy())));
        }),
      );
      const endpoint = new EtcdEndpoint(url);
      await assert.rejects(endpoint.call('/v3/kv/range', {}, undefined, 300), words);
      endpoint.close();
    });

  it('an answer that has come while the process was busy counts', async () => {
    const url = await listen(
      createHttpServer((_request, response) => {
        response.end('{"a":1}');
        for (const until = performance.now() + 400; performance.now() < until; );
      }),
    );
    const endpoint = new EtcdEndpoint(url);
    assert.deepEqual(await endpoint.call('/v3/kv/range', {}, undefined, 300), { a: 1 });
    endpoint.close();
  });

  const odd = { toString: 1, valueOf: 1 };
  const values: readonly unknown[] = [odd, [odd], null, [null], 1, 'x', {}, []];
  const answers = values.flatMap((value) => [
    value,
    { kvs: value },
    { kvs: [{ key: value, mod_revision: value, value }] },
    { error: value },
    { message: value },
    { token: value },
    { header: value },
    { result: value },
    { result: { events: value } },
    { result: { events: [{ kv: value }] } },
    { result: { events: [{ kv: { key: value, mod_revision: value, value } }] } },
  ]);
  for (const status of [200, 500])
    it(`answers of odd shapes disturb nothing (HTTP ${status})`, async () => {
      let asked = 0;
      const url = await listen(
        createHttpServer((_request, response) => {
          response.statusCode = status;
          response.end(JSON.stringify(answers[asked++ % answers.length]));
        }),
      );
      const coordinator = new EtcdCoordinator({ process: 'odd', endpoints: url, user: 'u', password: 'p' });
      for (const _ of answers) {
        await coordinator.get().catch(() => {});
        await coordinator.cas('lease', undefined, '{}').catch(() => {});
      }
      assert.ok(asked >= 2 * answers.length);
      coordinator.close();
    });

  it('news of odd shapes disturb nothing, and what follows them is heard', async () => {
    const key = Buffer.from('telecontrol/kom/odd/settings').toString('base64');
    const value = Buffer.from('{"preferred":3}').toString('base64');
    const last = { result: { events: [{ kv: { key, mod_revision: '7', value } }] } };
    const url = await listen(
      createHttpServer((request, response) => {
        if (request.url !== '/v3/watch') response.destroy();
        else response.write([...answers, last].map((answer) => `${JSON.stringify(answer)}\n`).join(''));
      }),
    );
    const kom = instance(new EtcdCoordinator({ process: 'odd', endpoints: url }), { process: 'odd' });
    await until(kom, () => kom.status.preferred === 3);
    await kom.stop();
  });
});
