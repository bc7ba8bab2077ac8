import type { Node, NodeAPI } from 'node-red';
import type { LineService } from './line-service.js';
import type { MemberHost } from './member-host.js';
import { isThere } from './reference.js';
import { listen } from './runtime-events.js';

/** A node that stands for a member of a line; without a host its configuration is wrong. */
interface MemberNode<H> extends Node {
  host?: H;
}

/** Gives a node its host, and lets that join and leave its line as the node comes and goes. @param line the id of the line */
export function attachMember<H extends MemberHost<LineService>>(
  RED: NodeAPI,
  node: MemberNode<H>,
  line: unknown,
  hostOf: () => H,
): void {
  let host: H;
  try {
    host = hostOf();
  } catch (error) {
    node.error(error instanceof Error ? error.message : String(error));
    return;
  }
  node.host = host;
  joinLine(RED, node, line, host);
}

/** Lets a member join and leave its line as its node comes and goes. @param line the id of the line */
export function joinLine(RED: NodeAPI, node: Node, line: unknown, member: MemberHost<LineService>): void {
  if (isThere(RED, line)) member.join(false);
  const unlook = listen(RED, 'flows:started', () => member.look());
  node.on('close', (removed: boolean, done: () => void) => {
    unlook();
    member.leave(removed);
    done();
  });
}
