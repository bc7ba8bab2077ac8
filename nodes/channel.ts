import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { ByteChannelOptions } from '../lib/bytes/byte-channel.js';
import { parseEndpoints, parseGroup } from '../lib/bytes/endpoints.js';
import type { PeerSettings } from '../lib/bytes/peer-port.js';
import { parities, SerialDevice } from '../lib/bytes/serial-device.js';
import type { LogLevel } from '../lib/link/line-log.js';
import { sharingModes } from '../lib/sharing/modes.js';
import { ChannelHost, type ChannelLine } from './shared/channel-host.js';
import { channelClientKind, channelServerKind } from './shared/channel-service.js';
import type { ChannelNode } from './shared/contract.js';
import { knownText, oneOf, PropertyError, text, wholeNumber } from './shared/property.js';
import { isThere, lineId, lineOf } from './shared/reference.js';
import { serialPackage } from './shared/serial-package.js';
import { joinLine } from './shared/station-node.js';

type Property =
  | 'mode'
  | 'line'
  | 'secondaryLine'
  | 'redundantLine'
  | 'sharing'
  | 'slotTimeout'
  | 'listen'
  | 'destinations'
  | 'multicastGroup'
  | 'separator'
  | 'maxFrame'
  | 'maxDelay'
  | 'downstream'
  | 'serialPort'
  | 'baudRate'
  | 'dataBits'
  | 'parity'
  | 'stopBits';

type Properties = NodeDef & { readonly [property in Property]?: unknown };

type Mode = 'server' | 'client' | 'peer';

const dataBits = { '5': 5, '6': 6, '7': 7, '8': 8 } as const;
const stopBits = { '1': 1, '1.5': 1.5, '2': 2 } as const;

export = (RED: NodeAPI): void => {
  function Channel(this: ChannelNode, properties: Properties): void {
    RED.nodes.createNode(this, properties);
    const log = (level: LogLevel, message: string): void => {
      if (level === 'error') this.error(message);
      else if (level === 'warn') this.warn(message);
      else this.log(message);
    };
    let host: ChannelHost;
    let ids: readonly string[];
    try {
      const mode = oneOf<Mode>('mode', properties.mode, 'server', ['server', 'client', 'peer']);
      ids = lineIds(mode, properties);
      const peers = mode === 'peer' ? peersOf(properties) : undefined;
      host = new ChannelHost(this.id, optionsOf(properties, mode, log), linesOf(mode, ids), peers, log);
    } catch (error) {
      this.error(error instanceof Error ? error.message : String(error));
      return;
    }
    this.host = host;
    const { members } = host;
    host.open();
    this.on('close', (_removed: boolean, done: () => void) => {
      host.close().then(done, done);
    });
    for (const [index, member] of members.entries()) joinLine(RED, this, ids[index], member);
  }

  /** The lines that the mode has, those that are named and are there already looked at. @throws PropertyError */
  function lineIds(mode: Mode, properties: Properties): readonly string[] {
    switch (mode) {
      case 'server': {
        const primary = text(properties.line);
        const secondary = text(properties.secondaryLine);
        if (primary === secondary && primary !== '')
          throw new PropertyError('secondaryLine: is the same line; each session has a port of its own');
        const ids = secondary === '' ? [primary] : [primary, secondary];
        for (const id of ids) if (isThere(RED, id)) lineOf(RED, id, ['tcp-line']);
        return ids;
      }
      case 'client': {
        const id = lineId(properties);
        if (isThere(RED, id)) lineOf(RED, id);
        return [id];
      }
      case 'peer':
        return [];
    }
  }

  function linesOf(mode: Mode, ids: readonly string[]): ChannelLine[] {
    return ids.map((id, index) => ({
      kind: mode === 'server' ? channelServerKind : channelClientKind,
      seat: index === 0 ? 'primary' : 'secondary',
      find: () => (mode === 'server' ? lineOf(RED, id, ['tcp-line']) : lineOf(RED, id)),
    }));
  }

  /** @throws PropertyError naming the property and what is allowed */
  function optionsOf(
    properties: Properties,
    mode: Mode,
    log: (level: LogLevel, message: string) => void,
  ): ByteChannelOptions {
    const separator = text(properties.separator);
    const downstream = oneOf('downstream', properties.downstream, 'flow', ['flow', 'serial']);
    return {
      name: text(properties.name, `channel ${mode}`),
      sharing: oneOf('sharing', properties.sharing, 'slotted', sharingModes),
      slotTimeout: wholeNumber('slotTimeout', properties.slotTimeout, 600, 50, 65_535),
      packing: {
        separator: separator === '' ? undefined : wholeNumber('separator', separator, 0, 0, 255),
        maxFrame: wholeNumber('maxFrame', properties.maxFrame, 1460, 1, 1460),
        maxDelay: wholeNumber('maxDelay', properties.maxDelay, 10, 1, 2550),
      },
      datagrams: mode === 'peer',
      device: downstream === 'serial' ? serialOf(properties, log) : undefined,
    };
  }

  function serialOf(properties: Properties, log: (level: LogLevel, message: string) => void): SerialDevice {
    const path = knownText('serialPort', properties.serialPort, '');
    if (path === '') throw new PropertyError('serialPort: is empty; name a port, such as /dev/ttyUSB0 or COM3');
    const userDir = String(RED.settings.userDir ?? process.cwd());
    return new SerialDevice(
      {
        path,
        baudRate: wholeNumber('baudRate', properties.baudRate, 9600, 50, 4_000_000),
        dataBits: dataBits[oneOf('dataBits', properties.dataBits, '8', ['5', '6', '7', '8'])],
        parity: oneOf('parity', properties.parity, 'none', parities),
        stopBits: stopBits[oneOf('stopBits', properties.stopBits, '1', ['1', '1.5', '2'])],
      },
      () => serialPackage([userDir, __dirname]),
      log,
    );
  }

  RED.nodes.registerType('channel', Channel as (this: Node, properties: Properties) => void);
};

/** @throws TelecontrolError naming the property and what is allowed */
function peersOf(properties: Properties): PeerSettings {
  const [listen, ...more] = parseEndpoints('listen', knownText('listen', properties.listen, ''));
  if (listen === undefined || more.length > 0)
    throw new PropertyError('listen: is one address and port, such as *:9000 or 192.0.2.1:9000');
  const multicastGroup = parseGroup(knownText('multicastGroup', properties.multicastGroup, ''));
  if (multicastGroup !== undefined && listen.host.includes(':'))
    throw new PropertyError('multicastGroup: is one of IPv4, and listen an address of IPv6');
  return {
    listen,
    destinations: parseEndpoints('destinations', knownText('destinations', properties.destinations, '')),
    multicastGroup,
  };
}
