import type { Node, NodeAPI, NodeDef, NodeStatus } from 'node-red';
import type { KomStatus } from '../lib/kom/kom.js';
import { readTell } from '../lib/kom/tell.js';
import type { KomHost } from './shared/kom-host.js';
import { useNamed } from './shared/named-host.js';
import { ThrottledStatus } from './shared/node-status.js';
import { komOf } from './shared/reference.js';
import { whenStarted } from './shared/runtime-events.js';
import { type TellReport, tell } from './shared/tell-report.js';

interface Properties extends NodeDef {
  readonly kom?: string;
}

export = (RED: NodeAPI): void => {
  function KomInstance(this: Node, properties: Properties): void {
    RED.nodes.createNode(this, properties);
    const status = new ThrottledStatus(this);
    const find = (): KomHost => komOf(RED, properties.kom);
    useNamed(RED, this, status, find, (host, hasStarted) => {
      const show = (): void => {
        status.show(summary(host.kom.status));
        this.send({ topic: host.name, payload: host.kom.status });
      };
      const unfollow = host.follow({ changed: show });
      // When all nodes are there: what a node sends while it is made goes nowhere.
      const giveUp = hasStarted ? show() : whenStarted(RED, show);
      return () => {
        giveUp?.();
        unfollow();
      };
    });
    this.on('input', (message, send, done) => {
      try {
        const host = find();
        if (typeof message.payload !== 'string') throw new Error('the payload is no TELL command: a text is needed');
        tell(readTell(message.payload), host.kom).then((payload: TellReport) => {
          send({ ...message, topic: host.name, payload });
          done();
        }, done);
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  /** Who is active, and since when. */
  function summary({ state, reason, members, instance, coordinator }: KomStatus): NodeStatus {
    const active = members.filter((member) => member.state === 'active');
    const own = active.find((member) => member.instance === instance);
    const since = (ms: number): string =>
      new Date(ms).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'medium' });
    const [first] = active;
    const parts = [RED._(`state.${state}`)];
    if (own !== undefined) parts.push(RED._('since', { time: since(own.since) }));
    else if (first !== undefined) parts.push(RED._('active', { instance: first.instance, time: since(first.since) }));
    if (active.length > 1)
      parts.push(RED._('several', { instances: active.map((member) => member.instance).join(', ') }));
    if (reason !== undefined) parts.push(RED._(`reason.${reason}`));
    const [warning] = coordinator.warnings;
    if (warning !== undefined) parts.push(warning);
    const isWell = (reason === undefined || reason === 'starting') && warning === undefined;
    const fill = state === 'down' ? 'red' : !isWell ? 'yellow' : state === 'active' ? 'green' : 'grey';
    return { fill, shape: state === 'active' ? 'dot' : 'ring', text: parts.join(', ') };
  }

  RED.nodes.registerType('kom-instance', KomInstance);
};
