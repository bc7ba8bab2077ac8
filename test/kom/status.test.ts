import assert from 'node:assert/strict';
import type { Coordinator } from '../../lib/kom/coordinator.js';
import { MemoryStore } from '../../lib/kom/coordinator-memory.js';
import { LEASE, memberKey } from '../../lib/kom/records.js';
import { instance, until } from './rig.js';

describe('the status of an instance', () => {
  it('one that was lost is there for a while, and not active where another holds the lease', async () => {
    const store = new MemoryStore();
    const coordinator: Coordinator = {
      sessions: false,
      get: async () => store.snapshot,
      cas: async (key, over, value) => store.cas(key, over?.revision ?? 0, value),
      watch: () => {},
      health: { warnings: [] },
      close: () => {},
    };
    const member = (id: string): string => JSON.stringify({ id, state: 'active', since: 1, host: 'there' });
    store.put(memberKey(1), member('lost'));
    store.put(memberKey(2), member('next'));
    store.put(LEASE, JSON.stringify({ id: 'next', instance: 2, term: 2, beat: 1, next: 0, order: '', against: '' }));
    const kom = instance(coordinator, { instance: 3 });
    try {
      await until(kom, () => kom.status.flags === 'BCD');
      assert.deepEqual(
        kom.status.members.map(({ state }) => state),
        ['passive', 'active', 'passive'],
      );
    } finally {
      await kom.stop();
    }
  });
});
