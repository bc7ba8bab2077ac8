import { createServer } from 'node:net';

/** A node as it stands in a flow file. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

type Properties = Readonly<Record<string, unknown>>;

/** What has coordinates is a node of a tab, what has none is a configuration node: so Node-RED tells them apart. */
const onTab = { z: 'tab', x: 100, y: 100 };

export const tab: FlowNode = { id: 'tab', type: 'tab', label: 'Flow' };

export const line = (port: number | string, properties: Properties = {}): FlowNode => ({
  id: 'line',
  type: 'tcp-line',
  name: 'Line',
  host: '127.0.0.1',
  port: String(port),
  lineNumber: '0',
  ...properties,
});

export const station = (points: unknown, properties: Properties = {}): FlowNode => ({
  id: 'station',
  type: 'iec104-server-station',
  name: 'Substation',
  line: 'line',
  address: '1',
  parameters: 'IGO=True',
  points,
  ...properties,
});

export const serverOut = (properties: Properties = {}): FlowNode => ({
  ...onTab,
  id: 'out',
  type: 'iec104-server-out',
  name: '',
  station: 'station',
  ioa: '',
  wires: [[]],
  ...properties,
});

export const commandIn = (properties: Properties = {}): FlowNode => ({
  ...onTab,
  id: 'in',
  type: 'iec104-command-in',
  name: '',
  station: 'station',
  ioa: '',
  confirm: 'auto',
  wires: [['commands']],
  ...properties,
});

export const lineStatus = (properties: Properties = {}): FlowNode => ({
  ...onTab,
  id: 'status',
  type: 'line-status',
  name: '',
  line: 'line',
  wires: [['states']],
  ...properties,
});

export const redundantLine = (
  primary: number | string,
  backup: number | string,
  properties: Properties = {},
): FlowNode => ({
  id: 'line',
  type: 'tcp-line-redundant',
  name: 'Line',
  primaryHost: '127.0.0.1',
  primaryPort: String(primary),
  useBackup: true,
  backupHost: '127.0.0.1',
  backupPort: String(backup),
  lineNumber: '0',
  ...properties,
});

export const clientStation = (points: unknown, properties: Properties = {}): FlowNode => ({
  id: 'station',
  type: 'iec104-client-station',
  name: 'Substation',
  line: 'line',
  redundantLine: '',
  address: '1',
  parameters: '',
  points,
  ...properties,
});

export const clientIn = (properties: Properties = {}): FlowNode => ({
  ...onTab,
  id: 'in',
  type: 'iec104-client-in',
  name: '',
  station: 'station',
  ioa: '',
  wires: [['values']],
  ...properties,
});

export const clientOut = (properties: Properties = {}): FlowNode => ({
  ...onTab,
  id: 'out',
  type: 'iec104-client-out',
  name: '',
  station: 'station',
  wires: [['outcomes']],
  ...properties,
});

// A configuration node whose id is the name of its type would wait for itself.
export const channel = (properties: Properties = {}): FlowNode => ({
  id: 'bytes',
  type: 'channel',
  name: 'Channel',
  mode: 'server',
  line: 'line',
  secondaryLine: '',
  redundantLine: '',
  sharing: 'slotted',
  slotTimeout: '600',
  listen: '',
  destinations: '',
  multicastGroup: '',
  separator: '',
  maxFrame: '1460',
  maxDelay: '5',
  downstream: 'flow',
  serialPort: '',
  baudRate: '9600',
  dataBits: '8',
  parity: 'none',
  stopBits: '1',
  ...properties,
});

export const channelIn = (properties: Properties = {}): FlowNode => ({
  ...onTab,
  id: 'in',
  type: 'channel-in',
  name: '',
  channel: 'bytes',
  wires: [['octets']],
  ...properties,
});

export const channelOut = (properties: Properties = {}): FlowNode => ({
  ...onTab,
  id: 'out',
  type: 'channel-out',
  name: '',
  channel: 'bytes',
  wires: [],
  ...properties,
});

/** Collects what a wire brings. */
export const sink = (id: string): FlowNode => ({ ...onTab, id, type: 'sink', wires: [] });

/** Hands all errors of the tab to the sink `caught`. */
export const catchAll: readonly FlowNode[] = [
  { ...onTab, id: 'catch', type: 'catch', name: '', scope: null, uncaught: false, wires: [['caught']] },
  sink('caught'),
];

/** A TCP port that nobody uses. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
