import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Node, NodeAPI, NodeDef, NodeInitializer } from 'node-red';
import helper from 'node-red-node-test-helper';
import channel from '../../nodes/channel.js';
import channelIn from '../../nodes/channel-in.js';
import channelOut from '../../nodes/channel-out.js';
import clientIn from '../../nodes/iec104-client-in.js';
import clientOut from '../../nodes/iec104-client-out.js';
import clientStation from '../../nodes/iec104-client-station.js';
import commandIn from '../../nodes/iec104-command-in.js';
import serverOut from '../../nodes/iec104-server-out.js';
import serverStation from '../../nodes/iec104-server-station.js';
import komInstance from '../../nodes/kom-instance.js';
import komProcess from '../../nodes/kom-process.js';
import lineStatus from '../../nodes/line-status.js';
import { listenerCounts } from '../../nodes/shared/runtime-events.js';
import tcpLine from '../../nodes/tcp-line.js';
import redundantLine from '../../nodes/tcp-line-redundant.js';
import { Outstation } from '../client/outstation.js';
import { TestClient } from '../server/client.js';
import type { FlowNode } from './flow.js';

/** How long anything may take before a test gives up; nothing ever waits that long for its own sake. */
const PATIENCE = 20_000;

export type Message = Record<string, unknown>;
export type DeployType = 'full' | 'flows' | 'nodes';

interface LogEntry {
  readonly level: number;
  readonly id?: string;
  readonly msg: unknown;
}

interface StatusEvent {
  readonly id: string;
  readonly status: { readonly fill?: string; readonly shape?: string; readonly text?: string };
}

/** What the helper keeps to itself, and a test of deploys needs. */
interface Internals {
  readonly _redNodes: { setFlows(flow: readonly FlowNode[], credentials: object, type: DeployType): Promise<unknown> };
  readonly _events: EventEmitter;
  readonly _log: { addHandler(handler: EventEmitter): void; readonly ERROR: number; readonly WARN: number };
}

const internals = helper as unknown as Internals;

/**
 * The `sink` of flow.ts, since the helper's own node gets its listeners too late for what is sent while it starts; and
 * a node of another package that has a host of its own.
 */
function others(RED: NodeAPI): void {
  RED.nodes.registerType('sink', function (this: Node, definition: NodeDef) {
    RED.nodes.createNode(this, definition);
    this.on('input', (message, _send, done) => {
      red.take(this.id, message as Message);
      done();
    });
  });
  RED.nodes.registerType('stranger', function (this: Node, definition: NodeDef) {
    RED.nodes.createNode(this, definition);
    Object.assign(this, { host: '127.0.0.1' });
  });
}

/** Node-RED's own node of certificates and keys, of the version that runs. */
function tlsConfig(RED: NodeAPI): void {
  const from = resolve(process.env.TELECONTROL_NODE_RED ?? 'node_modules/node-red');
  require(require.resolve('@node-red/nodes/core/network/05-tls.js', { paths: [from] }))(RED);
}

const initializers = [
  others,
  tlsConfig,
  komProcess,
  komInstance,
  tcpLine,
  redundantLine,
  serverStation,
  serverOut,
  commandIn,
  clientStation,
  clientIn,
  clientOut,
  channel,
  channelIn,
  channelOut,
  lineStatus,
] as unknown as NodeInitializer[];

/** Everything that Node-RED says of a flow, and who waits for it. */
class Runtime {
  /** The user directory, where points files lie. */
  userDir = '';
  /** Initializers of plugins beside those of the nodes. */
  plugins: readonly ((RED: NodeAPI) => void)[] = [];
  private log: LogEntry[] = [];
  private shown: StatusEvent[] = [];
  private readonly received = new Map<string, Message[]>();
  private readonly clients: TestClient[] = [];
  private readonly outstations: Outstation[] = [];
  private readonly told = new EventEmitter().setMaxListeners(0);
  private loaded = false;

  /**
   * Deploys a flow: the first time as Node-RED starts with it, later as the editor does.
   * @param credentials by the id of their node, for the first time; later they stand in the nodes, as the editor sends them
   */
  async deploy(flow: readonly FlowNode[], type: DeployType = 'nodes', credentials: object = {}): Promise<void> {
    // Node-RED works on what it is given, and what it did not change must be found unchanged at the next deploy.
    const copy = structuredClone(flow) as FlowNode[];
    if (this.loaded) {
      const started = new Promise<void>((done) => internals._events.once('flows:started', () => done()));
      await internals._redNodes.setFlows(copy, {}, type);
      await started;
    } else {
      this.loaded = true;
      await helper.load(
        [...initializers, ...(this.plugins as unknown as NodeInitializer[])],
        copy as never,
        credentials as never,
      );
    }
  }

  /** Hands a message to a node, as a wire does. */
  inject(id: string, message: Message): void {
    this.node(id).receive(message);
  }

  node(id: string): Node {
    const node = helper.getNode(id);
    assert.ok(node !== null && node !== undefined, `node ${id} does not run`);
    return node;
  }

  take(id: string, message: Message): void {
    this.messages(id).push(message);
    this.told.emit('change');
  }

  /** What a sink has received and nobody has taken. */
  messages(id: string): Message[] {
    let found = this.received.get(id);
    if (found === undefined) {
      found = [];
      this.received.set(id, found);
    }
    return found;
  }

  /** Takes the next message of a sink. */
  async next(id: string): Promise<Message> {
    const queue = this.messages(id);
    await this.until(() => queue.length > 0, `a message at ${id}`);
    return queue.shift() as Message;
  }

  /** Takes messages of a sink until one is as wanted. */
  async nextWhere(id: string, wanted: (message: Message) => boolean, what: string): Promise<Message> {
    const queue = this.messages(id);
    await this.until(() => queue.some(wanted), `${what} at ${id}`);
    for (;;) {
      const message = queue.shift() as Message;
      if (wanted(message)) return message;
    }
  }

  /** Texts of the errors that a node has raised, in the log. */
  errors(id: string): string[] {
    return this.logged(internals._log.ERROR, id);
  }

  warnings(id: string): string[] {
    return this.logged(internals._log.WARN, id);
  }

  /** All errors, whoever raised them. */
  get allErrors(): string[] {
    return this.logged(internals._log.ERROR);
  }

  /** What a node has shown under itself. */
  statuses(id: string): StatusEvent['status'][] {
    return this.shown.filter((event) => event.id === id).map((event) => event.status);
  }

  forget(): void {
    this.log = [];
    this.shown = [];
    for (const queue of this.received.values()) queue.length = 0;
  }

  /** Something that comes true as messages, errors and states come. */
  async until(ready: () => boolean, what: string): Promise<void> {
    if (ready()) return;
    await new Promise<void>((done, fail) => {
      const end = (): void => {
        clearTimeout(timer);
        this.told.off('change', look);
      };
      const timer = setTimeout(() => {
        end();
        fail(new Error(`waited in vain for ${what}; errors: ${JSON.stringify(this.allErrors.slice(0, 5))}`));
      }, PATIENCE);
      const look = (): void => {
        if (!ready()) return;
        end();
        done();
      };
      this.told.on('change', look);
    });
  }

  /** All that was on its way through Node-RED has arrived: wires take a turn each. */
  async turns(count = 20): Promise<void> {
    for (let i = 0; i < count; i++) await new Promise((done) => setImmediate(done));
  }

  /** A client before STARTDT. */
  async connect(port: number): Promise<TestClient> {
    const client = await TestClient.connect(port);
    this.clients.push(client);
    return client;
  }

  /** A client with data transfer. */
  async client(port: number): Promise<TestClient> {
    return (await this.connect(port)).start();
  }

  /** A controlled station that listens, until the test ends. */
  async outstation(port: number, host?: string): Promise<Outstation> {
    const outstation = await Outstation.listen(port, host);
    this.outstations.push(outstation);
    return outstation;
  }

  /** Listeners of the runtime's events: what a node forgets to take away shows here. */
  get listeners(): Record<string, number> {
    const events = internals._events;
    const counts = Object.fromEntries(events.eventNames().map((name) => [String(name), events.listenerCount(name)]));
    return { ...counts, ...listenerCounts(events) };
  }

  async begin(): Promise<void> {
    await new Promise<void>((done) => {
      helper.startServer(done);
    });
    const handler = new EventEmitter();
    handler.on('log', (entry: LogEntry) => {
      this.log.push(entry);
      this.told.emit('change');
    });
    internals._log.addHandler(handler);
    internals._events.on('node-status', this.onStatus);
    this.userDir = mkdtempSync(join(tmpdir(), 'telecontrol-nodes-'));
    helper.settings({ userDir: this.userDir } as never);
  }

  async end(): Promise<void> {
    internals._events.off('node-status', this.onStatus);
    rmSync(this.userDir, { recursive: true, force: true });
    await new Promise<void>((done) => {
      helper.stopServer(done);
    });
  }

  /** After each test: no port and no socket outlives it. */
  async clear(): Promise<void> {
    for (const { socket } of this.clients.splice(0)) socket.destroy();
    if (this.loaded) await helper.unload();
    for (const outstation of this.outstations.splice(0)) await outstation.close();
    this.loaded = false;
    this.forget();
    this.received.clear();
  }

  private readonly onStatus = (event: StatusEvent): void => {
    this.shown.push(event);
    this.told.emit('change');
  };

  private logged(level: number, id?: string): string[] {
    return this.log
      .filter((entry) => entry.level === level && (id === undefined || entry.id === id))
      .map(({ msg }) => (msg instanceof Error ? msg.message : String(msg)));
  }
}

export const red = new Runtime();

/** For the `describe` of each file: Node-RED runs while its tests do. */
export function withNodeRed(): void {
  before(async () => {
    helper.init(require.resolve(resolve(process.env.TELECONTROL_NODE_RED ?? 'node_modules/node-red')));
    await red.begin();
  });
  after(() => red.end());
  afterEach(() => red.clear());
}
