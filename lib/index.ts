/** The engine without Node-RED: what others may use. */

export * from './apci/effects.js';
export { Session } from './apci/session.js';
export * from './apci/settings.js';
export * from './asdu/asdu.js';
export { type CauseName, cause, causeName } from './asdu/cause.js';
export { type Quality, qualityBits, qualityOf } from './asdu/quality.js';
export { cp56, fixedZone, instant, summerTime, type TimeZone, timeInvalid, utc } from './asdu/time.js';
export {
  type Direction,
  type ObjectOf,
  type TypeLabel,
  type TypeRow,
  typeById,
  typeByLabel,
  types,
} from './asdu/types.js';
export { accept, allowedValues, present, type Sample, type ValueInput } from './asdu/value.js';
export {
  type Arrival,
  ByteChannel,
  type ByteChannelHandler,
  type ByteChannelOptions,
  type ByteChannelStatus,
} from './bytes/byte-channel.js';
export { ChannelDialer, type ChannelDialerOptions, type PartnerPath } from './bytes/channel-dialer.js';
export { ChannelListener, type ChannelListenerOptions } from './bytes/channel-listener.js';
export type { Device, DeviceHandler } from './bytes/device.js';
export { type Endpoint as PeerEndpoint, PeerPort, type PeerSettings } from './bytes/peer-port.js';
export { SerialDevice, type SerialPackage, type SerialPort, type SerialSettings } from './bytes/serial-device.js';
export { ByteSession, type SessionCloseReason, type SessionHandler } from './bytes/session.js';
export type { Seat } from './bytes/session-seat.js';
export { ClientLine } from './client/client-line.js';
export {
  ClientStation,
  type ClientStationOptions,
  type ClientStationState,
  type Reception,
} from './client/client-station.js';
export type { ClientLineOptions, ClientMember, ClientObserver, PathOptions } from './client/options.js';
export type { ClientOrder, CommandName, CommandOrder } from './client/orders.js';
export { toCsv } from './interoperability/csv.js';
export type { CentreFacts, StationFacts } from './interoperability/facts.js';
export { toHtml } from './interoperability/html.js';
export { controllingList, interoperabilityList } from './interoperability/list.js';
export { toMarkdown } from './interoperability/markdown.js';
export { type PointListFacts, pointList, pointListCsv } from './interoperability/point-list.js';
export type { Coordinator, CoordinatorHealth, StoreWatcher } from './kom/coordinator.js';
export { EtcdCoordinator, type EtcdOptions } from './kom/coordinator-etcd.js';
export type { EtcdTls } from './kom/coordinator-etcd-call.js';
export { LocalCoordinator, type LocalOptions } from './kom/coordinator-local.js';
export { Kom, type KomFollower, type KomOptions, type KomStatus, type TellAnswer } from './kom/kom.js';
export { type Misunderstood, readTell, type Tell } from './kom/tell.js';
export type { Entries, Entry } from './kom/view.js';
export type { TlsSecurityCode } from './line/tls/refusal.js';
export type { CertificateFile } from './line/tls/report.js';
export {
  clientSettings,
  type GivenMaterial,
  listenerSettings,
  type TlsProperties,
  type TlsSettings,
} from './line/tls/settings.js';
export { type Clock, systemClock } from './link/clock.js';
export type { LogLevel } from './link/line-log.js';
export type { LineObserver, SecurityCode } from './link/observer.js';
export type { ConnectionStatus, LineState, LineStatus } from './link/status.js';
export { TelecontrolError } from './octets/error.js';
export { CodecError, hex, OctetReader, OctetWriter } from './octets/octets.js';
export type { Operation, Operator } from './procedures/client.js';
export type { FailureReason, Outcome } from './procedures/enquiries.js';
export type { LineStation, ServerLineOptions } from './server/options.js';
export { ServerLine } from './server/server-line.js';
export type { Frame, Packing } from './sharing/frames.js';
export { type SharingMode, sharingModes, sharingOf } from './sharing/modes.js';
export type { Outgoing, Party, Sharing } from './sharing/sharing.js';
export { type FileEntry, type FileStore, MAX_FILE_OCTETS, type OpenFile } from './station/file-store.js';
export {
  type ClientParameters,
  clientParameters,
  parseParameters,
  type ServerParameters,
  serverParameters,
  withDefaults,
} from './station/parameters.js';
export { compilePoints, type Point, type PointInput, type PointRole, PointTable } from './station/points.js';
export { parsePointsFile } from './station/points-file.js';
export { type SeenAddress, type SeenObject, type SightingLimits, Sightings } from './station/sightings.js';
export { Station, type WriteInput } from './station/station.js';
export { Capture, type CapturedFrame, type CaptureReading, type LineCapture } from './trace/capture.js';
export { describeFrame } from './trace/describe.js';
export { describeFields, type FrameField } from './trace/fields.js';
export { type CriterionName, criterionNames, type FrameFilter, frameFilter } from './trace/frame-filter.js';
export type { FrameWatch, PassingFrame } from './trace/frame-watch.js';
export { type CapturePacket, type Endpoint, PcapWriter } from './trace/pcap.js';
