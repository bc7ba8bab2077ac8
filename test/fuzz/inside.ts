import assert from 'node:assert/strict';
import type { Session } from '../../lib/apci/session.js';
import type { ServerLine } from '../../lib/server/server-line.js';
import type { ServerParameters } from '../../lib/station/parameters.js';
import type { Peer } from './peer.js';
import type { World } from './world.js';

/** What a connection keeps, in its private fields. */
interface InsideConnection {
  readonly remote: string;
  readonly link: { readonly session: Session };
  readonly replies: readonly unknown[];
  readonly followers: readonly unknown[];
  readonly scans: {
    readonly reads: readonly unknown[];
    readonly scans: readonly unknown[];
    readonly cyclic: readonly unknown[];
  };
  readonly feed: object | undefined;
}

interface InsideGroup {
  readonly feeds: ReadonlySet<object>;
}

/** What a line keeps. An invariant that nothing outside shows has to look here. */
interface InsideLine {
  readonly stations: { readonly parameters: ServerParameters };
  readonly connections: ReadonlySet<InsideConnection>;
  readonly around: {
    readonly desk: {
      readonly selections: { readonly byPoint: ReadonlyMap<object, { readonly client: unknown }> };
      readonly pending: {
        readonly byPoint: ReadonlyMap<object, { readonly operation: { readonly client: unknown } }>;
        readonly byId: ReadonlyMap<string, unknown>;
      };
    };
  };
  readonly groups: {
    readonly groups: ReadonlyMap<string, InsideGroup>;
    readonly configured: ReadonlyMap<string, InsideGroup>;
  };
  readonly partners: { readonly dialogues: ReadonlyMap<unknown, unknown> };
  readonly journal: { readonly classes: readonly { readonly first: number; readonly end: number }[] };
}

const inside = (line: ServerLine): InsideLine => line as unknown as InsideLine;

export const parametersOf = (line: ServerLine): ServerParameters => inside(line).stations.parameters;
/** Whether events have had to give way to newer ones. */
export const hasOverflowed = (line: ServerLine): boolean => inside(line).journal.classes.some(({ first }) => first > 0);

const MAX_REPLIES = 4096;
const MAX_READS = 256;
const MAX_GROUPS = 64;
/** The backlog at which the server stops reading and sending, and what one turn may write beyond it. */
const MAX_BACKLOG = 65_536 + 65_536;

function most(what: string, count: number, limit: number): void {
  assert.ok(count <= limit, `${what}: ${count}, at most ${limit} are expected`);
}

/** What holds between any two steps: nothing grows without bound, and nothing is kept for who has gone. */
export function checkInside(world: World, peers: Iterable<Peer>): void {
  const line = inside(world.line);
  const { connections, around, groups, partners, journal, stations } = line;
  assert.deepEqual(world.errors, [], 'the line logs no error');
  const feeds = new Set<object>();
  for (const { remote, link, replies, followers, scans, feed } of connections) {
    const { state, unacknowledged } = link.session;
    assert.notEqual(state, 'closed', `${remote} is closed and still there`);
    assert.equal(feed !== undefined, state !== 'stopped', `${remote} has a feed while it is ${state}`);
    if (feed !== undefined) feeds.add(feed);
    most('answers', replies.length + followers.length, MAX_REPLIES);
    most('reads', scans.reads.length, MAX_READS);
    most('interrogations', scans.scans.length, 2 * world.stationsEver);
    most('cyclic transmissions', scans.cyclic.length, 4 * world.stationsEver);
    most('unacknowledged I-frames', unacknowledged, 32_767);
  }
  const all = [...groups.groups.values(), ...groups.configured.values()];
  most('groups', groups.groups.size, MAX_GROUPS);
  const held = all.flatMap((group) => [...group.feeds]);
  assert.equal(held.length, feeds.size, 'feeds are those of the connections');
  assert.ok(held.every((feed) => feeds.has(feed)));
  const isThere = (client: unknown): boolean => connections.has(client as InsideConnection);
  const { selections, pending } = around.desk;
  for (const { client } of selections.byPoint.values()) assert.ok(isThere(client), 'a selection of who has gone');
  for (const { operation } of pending.byPoint.values())
    assert.ok(isThere(operation.client), 'a command of who has gone');
  assert.equal(pending.byPoint.size, pending.byId.size, 'commands by point and by id');
  let awaited = 0;
  for (const station of world.stations) awaited += station?.awaited.size ?? 0;
  most('feedback that is waited for', awaited, pending.byPoint.size);
  for (const connection of partners.dialogues.keys()) assert.ok(isThere(connection), 'a dialogue with who has gone');
  for (const { first, end } of journal.classes) most('events', end - first, stations.parameters.EBS);
  most('timers', world.clock.pending, connections.size + 1);
  for (const { server } of peers) most('octets on the way', server.backlog, MAX_BACKLOG);
}

/** After the line has closed: nothing is left of its clients. */
export function checkEmpty(world: World): void {
  const { connections, around, partners } = inside(world.line);
  checkInside(world, []);
  assert.equal(connections.size, 0, 'connections');
  assert.equal(around.desk.selections.byPoint.size, 0, 'selections');
  assert.equal(around.desk.pending.byPoint.size, 0, 'commands');
  assert.equal(partners.dialogues.size, 0, 'dialogues');
  assert.equal(world.line.status.flags, '');
  assert.equal(world.clock.pending, 0, 'timers');
  assert.ok(
    world.outcomes.every((count) => count === 1),
    `each command of ours ends once: ${world.outcomes}`,
  );
}
