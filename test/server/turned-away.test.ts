import assert from 'node:assert/strict';
import { TurnedAway } from '../../lib/server/turned-away.js';

const MINUTE = 60_000;

function rig() {
  const told: string[] = [];
  const log: string[] = [];
  let time = 0;
  let changes = 0;
  const observer = {
    changed: () => {
      changes++;
    },
    log: (_: string, text: string) => log.push(text),
    security: (code: string) => told.push(code),
  };
  return {
    away: new TurnedAway(observer, () => time),
    told,
    log,
    count: (code: string) => told.filter((other) => other === code).length,
    changes: () => changes,
    pass: (ms: number) => {
      time += ms;
    },
  };
}

describe('clients that are turned away', () => {
  it('are all counted, by their reason', () => {
    const { away } = rig();
    for (let i = 0; i < 100; i++) away.add('expired', 'it has expired', '192.0.2.1:1');
    away.add('MC', '1 clients are connected (MC)', '192.0.2.1:1');
    assert.deepEqual(away.counts, { expired: 100, MC: 1 });
  });

  it('are told as security events 60 a minute for each code: none hides another', () => {
    const { away, count, pass, log } = rig();
    for (let i = 0; i < 100; i++) away.add('handshake-failed', 'it does not speak TLS', '192.0.2.1:1');
    away.add('revoked', 'its certificate is revoked', '192.0.2.2:1');
    assert.deepEqual([count('handshake-failed'), count('revoked')], [60, 1]);
    pass(MINUTE);
    away.add('handshake-failed', 'it does not speak TLS', '192.0.2.1:1');
    assert.equal(count('handshake-failed'), 61);
    assert.ok(log.includes('40 more were turned away (handshake-failed) that no flow was told of'), log.join('\n'));
  });

  it('for MC and MCA change the status, and are no security events', () => {
    const { away, told, changes } = rig();
    away.add('MC', '1 clients are connected (MC)', '192.0.2.1:1');
    away.add('MCA', '1 clients of this address are connected (MCA)', '192.0.2.1:1');
    assert.deepEqual([told, changes()], [[], 2]);
  });
});
