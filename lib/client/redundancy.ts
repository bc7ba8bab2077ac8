import type { SessionState } from '../apci/session.js';
import type { Clock } from '../link/clock.js';
import { Duplicates } from '../redundancy/duplicates.js';
import { type RedundancyMode, RedundantLine } from '../redundancy/redundant-line.js';
import { type ClientParameters, clientParameters, withDefaults } from '../station/parameters.js';
import type { Point } from '../station/points.js';
import type { Reception } from './client-station.js';
import type { ClientConnection } from './connection.js';
import type { Paths } from './paths.js';

type Settings = Pick<ClientParameters, 'REDM' | 'ARMSD' | 'ARMP' | 'STBY' | 'ICF3' | 'WT1'>;

/** What the marks of a standby connection mean (ARMSD). */
export interface Marks {
  /** The T bit is such a mark, and no test. */
  readonly testIsMark: boolean;
  /** Values count: the device is not standby beside an active one. */
  readonly counts: boolean;
}

export const unmarked: Marks = { testIsMark: false, counts: true };

/** Which connections of a line have data transfer, and whose values count. A plain line is one whose backup never stands. */
export class Redundancy {
  private settings: Settings = withDefaults({}, clientParameters);
  private line = this.make('group');
  private duplicates = new Duplicates<Point>(this.settings.WT1);
  /** ASDUs since the networks of both connections were compared (ARMP). */
  private asdus = 0;

  /** @param begin is called when data transfer of a connection has begun, or has become what counts */
  constructor(
    private readonly paths: Paths,
    private readonly clock: Clock,
    private readonly begin: (connection: ClientConnection) => void,
  ) {}

  /** The connection that commands take; undefined while none is started. */
  get active(): ClientConnection | undefined {
    const { active } = this.line;
    return active === undefined ? undefined : this.paths.all[active]?.connection;
  }

  /** Whether data transfer is started, or about to be. */
  get isBusy(): boolean {
    return this.paths.connections.some(({ state }) => state !== 'stopped' && state !== 'closed');
  }

  /** Values that may have come twice, since one connection lagged too far behind. */
  get overflowed(): number {
    return this.duplicates.overflowed;
  }

  configure(settings: Settings): void {
    const { REDM, WT1 } = this.settings;
    this.settings = settings;
    if (settings.WT1 !== WT1) this.duplicates = new Duplicates(settings.WT1);
    if (settings.REDM === REDM) return;
    // What stands was begun in the other mode.
    for (const connection of this.paths.connections) connection.close();
    this.line = this.make(settings.REDM);
  }

  /** Points have changed, or what was told of them counts no more: the same is to be told again. */
  forget(): void {
    this.duplicates.clear();
  }

  switchOver(): boolean {
    return this.line.switchOver();
  }

  /** A connection has come to stand (`stopped`), its session has another state, or it has gone (`closed`). */
  changed(connection: ClientConnection, state: SessionState): void {
    const { index } = connection;
    connection.isUnderWay = false;
    if (state === 'started' && this.merges) this.duplicates.begun(index, this.clock.now());
    if (state === 'closed') this.duplicates.ended();
    this.line.changed(index, state);
    if (state !== 'started') return;
    this.mark();
    this.start(connection);
  }

  /**
   * What the mark of an ASDU means.
   * @param mark bit 0 of the third control octet @param test the T bit
   * @returns undefined where the ASDU is to be ignored (ICF3)
   */
  marks(connection: ClientConnection, mark: boolean, test: boolean): Marks | undefined {
    const { ARMSD, ARMP, ICF3 } = this.settings;
    const { index } = connection;
    if (ARMP > 0 && ++this.asdus >= ARMP) this.compareNetworks();
    if (ARMSD === 0 || !this.merges) return mark && ICF3 ? undefined : unmarked;
    this.line.mark(index, ARMSD === 1 ? mark : test);
    return { testIsMark: ARMSD === 2, counts: this.line.counts(index) };
  }

  /** Whether the other connection has brought this value already. */
  isDuplicate({ index }: ClientConnection, point: Point, { object, timestamp }: Reception): boolean {
    if (!this.merges) return false;
    const { value = 0, status = 0, transient, elapsed } = object;
    const reading = { value, status, extra: elapsed ?? (transient ? 1 : 0), time: timestamp ?? Number.NaN };
    return this.duplicates.isDuplicate(index, point, reading, this.clock.now());
  }

  /** Both connections are started. */
  private get merges(): boolean {
    return this.settings.REDM === 'parallel' && this.paths.all.length > 1;
  }

  private make(mode: RedundancyMode): RedundantLine {
    return new RedundantLine(mode, {
      start: (path) => this.paths.all[path]?.connection?.start(),
      stop: (path) => this.paths.all[path]?.connection?.stop(),
      drop: (path) => this.paths.all[path]?.connection?.close(),
      moved: () => {
        this.mark();
        const { active } = this;
        if (active?.isUnderWay) this.start(active);
      },
    });
  }

  private start(connection: ClientConnection): void {
    connection.isUnderWay = true;
    this.begin(connection);
    connection.pump();
  }

  /** The connection that commands do not take marks what it sends (STBY). */
  private mark(): void {
    const { active } = this;
    for (const connection of this.paths.connections)
      connection.markAs(active === undefined || connection === active ? 'none' : this.settings.STBY);
  }

  /** Two connections over one network are no redundancy: the one that stands by goes to its next host. */
  private compareNetworks(): void {
    this.asdus = 0;
    const [first, second] = this.paths.connections;
    if (first === undefined || second === undefined) return;
    const network = interfaceOf(first);
    const standby = this.active === first ? second : first;
    const hosts = this.paths.all[standby.index]?.options.hosts.length ?? 1;
    if (network !== undefined && network === interfaceOf(second) && hosts > 1) standby.close('same-network');
  }
}

/** The address of our end, which says over which interface a connection goes. */
function interfaceOf({ local }: ClientConnection): string | undefined {
  return local?.slice(0, local.lastIndexOf(':'));
}
