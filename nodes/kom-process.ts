import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { Coordinator } from '../lib/kom/coordinator.js';
import { EtcdCoordinator } from '../lib/kom/coordinator-etcd.js';
import type { EtcdTls } from '../lib/kom/coordinator-etcd-call.js';
import { LocalCoordinator } from '../lib/kom/coordinator-local.js';
import type { LogLevel } from '../lib/link/line-log.js';
import type { KomNode } from './shared/contract.js';
import { isEnding, onEnding } from './shared/ending.js';
import { KomHost, type KomProperties } from './shared/kom-host.js';
import { Parking } from './shared/parking.js';
import { fingerprint, knownText, oneOf, PropertyError, text, wholeNumber } from './shared/property.js';

interface Properties extends NodeDef {
  readonly instance?: unknown;
  readonly preferred?: unknown;
  readonly preferredDelay?: unknown;
  readonly mode?: unknown;
  readonly coordinator?: unknown;
  readonly endpoints?: unknown;
  readonly onQuorumLoss?: unknown;
  readonly tls?: unknown;
}

interface Credentials {
  readonly user?: unknown;
  readonly password?: unknown;
}

/** What we use of Node-RED's own `tls-config`. */
interface TlsConfigNode extends Node {
  readonly valid?: boolean;
  addTLSOptions?(options: object): {
    readonly ca?: string | Buffer;
    readonly cert?: string | Buffer;
    readonly key?: string | Buffer;
    readonly passphrase?: string;
    readonly rejectUnauthorized?: boolean;
    readonly servername?: string;
  };
}

const parked = new Parking<KomHost>();

export = (RED: NodeAPI): void => {
  function KomProcess(this: KomNode & { readonly credentials?: Credentials }, properties: Properties): void {
    RED.nodes.createNode(this, properties);
    let same: string;
    try {
      const configuration = configurationOf(properties);
      const way = wayOf(properties, this.credentials ?? {});
      same = fingerprint([configuration, way]);
      this.host = hostOf(this, configuration, way, same);
    } catch (error) {
      this.error(error instanceof Error ? error.message : String(error));
      parked.adopt(this.id, '');
      return;
    }
    const { host } = this;
    const stay = onEnding(() => void host.close());
    this.on('close', (removed: boolean, done: () => void) => {
      stay();
      if (removed || isEnding()) host.close().then(done, done);
      else {
        parked.park(RED, this.id, same, host);
        done();
      }
    });
  }

  /** @throws PropertyError */
  function configurationOf(properties: Properties): KomProperties {
    return {
      process: knownText('name', properties.name, 'KOM'),
      instance: wholeNumber('instance', properties.instance, 0, 0, 15),
      preferred: wholeNumber('preferred', properties.preferred, 0, 0, 15),
      preferredDelay: wholeNumber('preferredDelay', properties.preferredDelay, 0, 0, 86_400) * 1000,
      mode: oneOf('mode', properties.mode, 'active-passive', ['active-passive', 'active-active']),
      onQuorumLoss: oneOf('onQuorumLoss', properties.onQuorumLoss, 'stop', ['stop', 'hold']),
    };
  }

  /** How the instances find each other. @throws PropertyError */
  function wayOf(properties: Properties, { user, password }: Credentials) {
    const coordinator = oneOf('coordinator', properties.coordinator, 'local', ['local', 'etcd']);
    const secret = password === undefined || password === null ? '' : String(password);
    if (coordinator === 'local') return { coordinator, password: secret };
    const endpoints = knownText('endpoints', properties.endpoints, '');
    return { coordinator, endpoints, user: text(user), password: secret, tls: tlsOf(text(properties.tls)) };
  }

  /** @throws PropertyError */
  function tlsOf(id: string): EtcdTls {
    if (id === '') return {};
    const node = RED.nodes.getNode(id) as TlsConfigNode | null;
    if (node?.type !== 'tls-config' || node.addTLSOptions === undefined)
      throw new PropertyError(`tls: ${id} is no tls-config node, or it is disabled`);
    if (node.valid === false)
      throw new PropertyError(`tls: tls-config ${node.name || id} is not valid; its own error says why`);
    const { ca, cert, key, passphrase, rejectUnauthorized, servername } = node.addTLSOptions({});
    return {
      ...(ca ? { ca } : {}),
      ...(cert ? { cert } : {}),
      ...(key ? { key } : {}),
      ...(passphrase ? { passphrase } : {}),
      ...(servername ? { servername } : {}),
      verify: rejectUnauthorized !== false,
    };
  }

  /** The instance that the node before has left, if it is the same; otherwise a new one. */
  function hostOf(node: KomNode, configuration: KomProperties, way: ReturnType<typeof wayOf>, same: string): KomHost {
    const log = (level: LogLevel, message: string): void => {
      if (level === 'error') node.error(message);
      else if (level === 'warn') node.warn(message);
      else node.log(message);
    };
    const { process } = configuration;
    // First, so that what is wrong with it costs nothing that stands.
    const coordinator: Coordinator =
      way.coordinator === 'local'
        ? new LocalCoordinator({ process, ...way })
        : new EtcdCoordinator({ process, ...way });
    const left = parked.adopt(node.id, same);
    if (left.host === undefined) return new KomHost(configuration, coordinator, log, left.free);
    coordinator.close();
    left.host.log = log;
    return left.host;
  }

  RED.nodes.registerType('kom-process', KomProcess, {
    credentials: { user: { type: 'text' }, password: { type: 'password' } },
  });
};
