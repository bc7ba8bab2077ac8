import type { CloseReason, SessionState } from '../apci/session.js';
import { type Asdu, encodeAsdu } from '../asdu/asdu.js';
import type { Sample } from '../asdu/value.js';
import { ClockTurns } from '../procedures/clock-turns.js';
import { Enquiries, notSent, type Outcome } from '../procedures/enquiries.js';
import { clockSynchronization, commandAll, partnerCommand, partnerInterrogations } from '../procedures/partner.js';
import type { Point } from '../station/points.js';
import type { Station } from '../station/station.js';

/** A connection as this desk needs it. */
interface PartnerConnection {
  readonly state: SessionState;
  reply(asdu: Uint8Array): void;
  close(reason: CloseReason): void;
}

/** What the stations of a line send in control direction: commands, interrogations and clock synchronization. */
export class PartnerDesk {
  /** Connections with data transfer, and the commands whose answers are awaited there. */
  private readonly dialogues = new Map<PartnerConnection, Enquiries>();
  /** Originator address of the last interrogation that came over a connection. */
  private readonly originators = new WeakMap<PartnerConnection, number>();
  private readonly clocks = new ClockTurns<Station>();

  /** @param lineNumber originator of what nobody asked for */
  constructor(private readonly lineNumber: number) {}

  /** Takes over the synchronization periods of the stations. @param now ms of the clock */
  configure(stations: Iterable<Station>, now: number): void {
    this.clocks.configure(stations, now);
  }

  /** Data transfer has begun: the balanced stations interrogate their partner. */
  started(connection: PartnerConnection, stations: Iterable<Station>): void {
    // Also where no station needs it yet: one may come that does.
    if (!this.dialogues.has(connection)) this.dialogues.set(connection, new Enquiries());
    for (const station of stations) if (station.balanced) this.interrogate(connection, station);
  }

  /** Data transfer has ended: what was not answered has failed, and is not repeated. */
  stopped(connection: PartnerConnection, now: number): void {
    const enquiries = this.dialogues.get(connection);
    this.dialogues.delete(connection);
    enquiries?.fail(now);
  }

  /** An interrogation of this originator has come. */
  interrogatedBy(connection: PartnerConnection, originator: number): void {
    this.originators.set(connection, originator);
  }

  /** An answer to one of our commands has come; other answers need nothing done. */
  answered(connection: PartnerConnection, asdu: Asdu, now: number): void {
    this.dialogues.get(connection)?.answer(asdu, now);
  }

  /** Interrogates the station at all partners (STWATCH). @returns how many; 0 where OIC and OCIC name no interrogation */
  watch(station: Station): number {
    if (!station.balanced || partnerInterrogations(station, this.lineNumber).length === 0) return 0;
    for (const connection of this.dialogues.keys()) this.interrogate(connection, station);
    return this.dialogues.size;
  }

  /**
   * Sends a command to all partners.
   * @param time ms since 1970 UTC, for types with time tag
   * @param done is told once how it ended
   */
  command(station: Station, point: Point, sample: Sample, time: number, now: number, done: (o: Outcome) => void): void {
    const { CMDC, WTN, PW } = station.parameters;
    const message = partnerCommand(station, point, sample, this.lineNumber, time);
    const partners = [...this.dialogues].map(
      ([connection, enquiries]) =>
        (command: Asdu, told: (outcome: Outcome) => void): void => {
          if (connection.state !== 'started') return told(notSent('disconnected'));
          // The partner could not tell which of two its answer is for.
          if (enquiries.isOpen(command)) return told(notSent('input'));
          // First: one that is closed since it takes nothing more fails what is asked.
          enquiries.ask(command, CMDC, WTN, now, told);
          connection.reply(encodeAsdu(command));
        },
    );
    commandAll(partners, message, PW, done);
  }

  /** When `expire` wants to be called, ms of the clock. */
  get deadline(): number {
    let earliest = this.clocks.deadline;
    for (const enquiries of this.dialogues.values()) earliest = Math.min(earliest, enquiries.deadline);
    return earliest;
  }

  /** Closes connections that did not answer within WTN, and sends the clock where its turn has come. */
  expire(now: number, wall: number): void {
    for (const [connection, enquiries] of [...this.dialogues]) if (enquiries.expire(now)) connection.close('no-answer');
    for (const station of this.clocks.take(now)) {
      for (const connection of [...this.dialogues.keys()]) {
        const originator = this.originators.get(connection) ?? this.lineNumber;
        connection.reply(encodeAsdu(clockSynchronization(station, originator, wall)));
      }
    }
  }

  private interrogate(connection: PartnerConnection, station: Station): void {
    for (const message of partnerInterrogations(station, this.lineNumber)) connection.reply(encodeAsdu(message));
  }
}
