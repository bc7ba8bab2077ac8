import assert from 'node:assert/strict';
import { EventFeed } from '../../lib/redundancy/feed.js';
import { ClientGroup } from '../../lib/redundancy/groups.js';
import { Connection } from '../../lib/server/connection.js';
import type { ServerLine } from '../../lib/server/server-line.js';
import { EventJournal } from '../../lib/station/journal.js';
import type { ServerParameters } from '../../lib/station/parameters.js';
import { PointSet } from '../../lib/station/point-set.js';
import { PointTable } from '../../lib/station/points.js';
import type { Peer } from './peer.js';
import type { World } from './world.js';

export const parametersOf = (line: ServerLine): ServerParameters => line.stations.parameters;

/**
 * What can be reached from a line through fields, lists, maps and sets: whatever holds on to a client shows here, however
 * it is called. Points are left out, which there are as many of as were configured.
 */
class Reachable {
  readonly connections: Connection[] = [];
  readonly feeds: EventFeed[] = [];
  readonly groups: ClientGroup[] = [];
  readonly journals: EventJournal[] = [];
  /** The list, map or set with the most in it. */
  longest = 0;
  private readonly seen = new Set<object>();

  constructor(from: object) {
    const queue: object[] = [from];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (this.seen.has(at) || ArrayBuffer.isView(at) || at instanceof PointTable || at instanceof PointSet) continue;
      this.seen.add(at);
      this.note(at);
      // Its lists are as long as the buffer has become.
      if (at instanceof EventJournal) continue;
      for (const next of contents(at)) if (typeof next === 'object' && next !== null) queue.push(next);
    }
  }

  private note(at: object): void {
    if (at instanceof Connection) this.connections.push(at);
    else if (at instanceof EventFeed) this.feeds.push(at);
    else if (at instanceof ClientGroup) this.groups.push(at);
    else if (at instanceof EventJournal) this.journals.push(at);
    else if (at instanceof Map || at instanceof Set) this.longest = Math.max(this.longest, at.size);
    else if (Array.isArray(at)) this.longest = Math.max(this.longest, at.length);
  }
}

function contents(at: object): Iterable<unknown> {
  if (at instanceof Map) return [...at.keys(), ...at.values()];
  return at instanceof Set || Array.isArray(at) ? at : Object.values(at);
}

/** Answers that may wait for a client: the longest list that there may be. */
const MAX_REPLIES = 4096;
/** Groups of one address, and the one of the parameters. */
const MAX_GROUPS = 64 + 1;
/** The backlog at which the server stops reading and sending, and what one turn may write beyond it. */
const MAX_BACKLOG = 65_536 + 65_536;

function most(what: string, count: number, limit: number): void {
  assert.ok(count <= limit, `${what}: ${count}, at most ${limit} are expected`);
}

/** Whether events have had to give way to newer ones. */
export const hasOverflowed = (line: ServerLine): boolean => new Reachable(line).journals.some(({ first }) => first > 0);

/** What holds between any two steps: nothing grows without bound, and nothing is kept for who has gone. */
export function checkInside({ line, clock, stations, errors }: World, peers: Iterable<Peer>): void {
  assert.deepEqual(errors, [], 'the line logs no error');
  const { connections, feeds, groups, journals, longest } = new Reachable(line);
  assert.equal(connections.length, line.status.connections.length, 'only those that are connected are known');
  for (const { state, remote } of connections) assert.notEqual(state, 'closed', `${remote} is closed and still there`);
  const withTransfer = connections.filter(({ state }) => state !== 'stopped').length;
  assert.equal(feeds.length, withTransfer, 'each connection with data transfer has a feed, and nobody else');
  most('groups', groups.length, MAX_GROUPS);
  most('a list', longest, MAX_REPLIES);
  assert.equal(journals.length, 2);
  for (const { first, end } of journals) most('events', end - first, parametersOf(line).EBS);
  for (const station of stations) most('feedback that is waited for', station?.awaited.size ?? 0, 2);
  most('timers', clock.pending, connections.length + 1);
  for (const { server } of peers) most('octets on the way', server.backlog, MAX_BACKLOG);
}

/** After the line has closed: nothing is left of its clients. */
export function checkEmpty(world: World): void {
  const { line, clock, stations, outcomes } = world;
  checkInside(world, []);
  assert.equal(new Reachable(line).connections.length, 0, 'connections');
  for (const station of stations) assert.equal(station?.awaited.size ?? 0, 0, 'feedback');
  assert.equal(line.status.flags, '');
  assert.equal(clock.pending, 0, 'timers');
  assert.ok(
    outcomes.every((count) => count === 1),
    `each command of ours ends once: ${outcomes}`,
  );
}
