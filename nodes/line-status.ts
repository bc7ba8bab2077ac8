import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { LineStatus } from '../lib/link/status.js';
import type { LineHost } from './shared/line-host.js';
import { colourOf, placeOf } from './shared/line-summary.js';
import { useNamed } from './shared/named-host.js';
import { ThrottledStatus } from './shared/node-status.js';
import { lineId, lineOf } from './shared/reference.js';

interface Properties extends NodeDef {
  readonly line?: string;
  readonly redundantLine?: string;
}

export = (RED: NodeAPI): void => {
  function LineStatusNode(this: Node, properties: Properties): void {
    RED.nodes.createNode(this, properties);
    const status = new ThrottledStatus(this);
    const find = (): LineHost => lineOf(RED, lineId(properties));
    useNamed(RED, this, status, find, (host) =>
      host.watch({
        changed: (line) => {
          status.show({ fill: colourOf(line), shape: line.flags === '' ? 'ring' : 'dot', text: summary(line) });
          this.send({ topic: host.name, payload: line });
        },
        alarmed: (event) => this.send({ topic: host.name, payload: event }),
      }),
    );
    this.on('input', (message, send, done) => {
      try {
        const host = find();
        const mask = certificateMask(message.payload);
        if (mask !== undefined) send({ topic: host.name, payload: { certificates: host.certificates(mask) } });
        else if (fieldsOf(message.payload).status === true) send({ topic: host.name, payload: host.status });
        else act(host, message.payload);
        done();
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  /** Does what a message asks for. @throws Error saying what a line takes */
  function act(host: LineHost, payload: unknown): void {
    const stwatch = typeof payload === 'string' ? /^\s*STWATCH\s+(.+?)\s*$/i.exec(payload) : null;
    if (stwatch !== null) {
      const name = stwatch[1] as string;
      const partners = host.watchStation(name);
      if (partners === undefined) throw new Error(`line ${host.name} has no station ${name.slice(0, 60)}`);
      if (partners === 0) throw new Error(`station ${name} has no partner that could be interrogated`);
      return;
    }
    const asked = fieldsOf(payload);
    if (asked.switch === true) {
      if (!host.switchOver()) throw new Error(`line ${host.name} has no standby connection to switch to`);
      return;
    }
    const { disconnect } = asked;
    if (typeof disconnect !== 'string')
      throw new Error(
        'the payload is none that a line takes: {status: true}, {disconnect: "address:port"}, {switch: true}, ' +
          '"STWATCH station" or "CHECK CERTS [mask]"',
      );
    if (host.disconnect(disconnect) === 0)
      throw new Error(`no connection from ${disconnect.slice(0, 60)} on line ${host.name}`);
  }

  /** State, and who is connected: how many clients of a line that listens, the partner of one that connects. */
  function summary(line: LineStatus): string {
    const state = RED._(`state.${line.state}`);
    if (line.reason !== undefined) return `${state}: ${line.reason}`;
    const count = line.connections.length;
    let shown = state;
    if (line.state === 'listening' && count > 0) shown = `${RED._('clients', { count })} ${line.flags}`.trim();
    else if (line.state !== 'listening') shown = `${state} ${placeOf(line)}`.trim();
    const { warnings = [] } = line;
    return warnings.length === 0 ? shown : `${shown}, ${RED._('warnings', { count: warnings.length })}`;
  }

  RED.nodes.registerType('line-status', LineStatusNode);
};

function fieldsOf(payload: unknown): Readonly<Record<string, unknown>> {
  return typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>) : {};
}

/** What a `CHECK CERTS` asks for; undefined of anything else. */
function certificateMask(payload: unknown): string | undefined {
  const match = typeof payload === 'string' ? /^\s*CHECK\s+CERTS(?:\s+(.+?))?\s*$/i.exec(payload) : null;
  return match === null ? undefined : (match[1] ?? '');
}
