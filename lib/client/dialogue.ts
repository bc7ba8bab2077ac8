import type { Asdu, InformationObject } from '../asdu/asdu.js';
import { cause } from '../asdu/cause.js';
import { types } from '../asdu/types.js';
import type { Clock } from '../link/clock.js';
import { Enquiries, notSent, type Outcome } from '../procedures/enquiries.js';
import { clockSynchronization, partnerInterrogations } from '../procedures/partner.js';
import type { ClientStation } from './client-station.js';
import type { Activation } from './orders.js';

export interface DialogueHost {
  /** Something waits for an answer: there is a new deadline. */
  asked(): void;
  readonly lineNumber: number;
  /** A station has refused one of the interrogations that data transfer begins with. */
  refused(station: ClientStation, request: Asdu, outcome: Outcome): void;
}

/** Interrogations of a station, one after the other. */
interface Round {
  current: Asdu | undefined;
  /** It is to be done once more. */
  again: boolean;
}

/** What is asked of the stations behind one connection, and the answers that are awaited. */
export class Dialogue {
  private readonly enquiries = new Enquiries();
  /** Common addresses that the time was sent to. */
  private readonly synchronized = new Set<number>();
  private readonly rounds = new Map<ClientStation, Round>();

  /** @param send hands an ASDU to the connection; false where it takes none */
  constructor(
    private readonly send: (asdu: Asdu) => boolean,
    private readonly host: DialogueHost,
    private readonly clock: Clock,
  ) {}

  /** When `expire` wants to be called, ms of the clock. */
  get deadline(): number {
    return this.enquiries.deadline;
  }

  /** Carries an order out. @param done is told once how it ended */
  order({ asdu, commandConfirm, select, cancel }: Activation, timeout: number, done: (outcome: Outcome) => void): void {
    if (select === undefined) return this.ask(asdu, commandConfirm, timeout, done);
    this.ask(select, 1, timeout, (selected) => {
      if (!selected.ok) return done(selected);
      this.ask(asdu, commandConfirm, timeout, (executed) => {
        const { reason } = executed;
        if (reason === 'negative' && cancel !== undefined && this.send(cancel))
          this.enquiries.cancel(cancel, timeout, this.clock.now());
        done({ ...executed, durationMs: selected.durationMs + executed.durationMs });
      });
    });
  }

  /** Interrogates a station in the order of OIC and OCIC; once more if it is about it already. */
  interrogate(station: ClientStation): void {
    const round = this.rounds.get(station);
    if (round !== undefined) round.again = true;
    else this.begin(station);
  }

  /** A station has ended its initialization: what it sent before counts no more. */
  initialized(station: ClientStation): void {
    const current = this.rounds.get(station)?.current;
    // It initialized itself before our request came, which it is about to answer.
    if (current !== undefined && !this.enquiries.isConfirmed(current)) return;
    this.interrogate(station);
  }

  /** Sends the time, which needs no answer. */
  synchronize(station: ClientStation): void {
    const message = clockSynchronization(station, this.host.lineNumber, this.clock.wall());
    // The answer to an order must not be that to this.
    if (!this.enquiries.isOpen(message) && this.send(message)) this.synchronized.add(station.commonAddress);
  }

  /** An answer has come. @returns whether it was one to what was sent */
  answered(asdu: Asdu): boolean {
    if (this.enquiries.answer(asdu, this.clock.now())) return true;
    const { typeId, commonAddress, negative } = asdu;
    return typeId === types.C_CS_NA_1.id && !negative && this.synchronized.has(commonAddress);
  }

  /** Values have come that were asked for. */
  brought({ cause: why, commonAddress, objects }: Asdu): void {
    if (this.enquiries.size === 0) return;
    const now = this.clock.now();
    if (why === cause.request) for (const object of objects) this.given(commonAddress, object, now);
    else if (why >= cause['counter-interrogation']) this.enquiries.renew(types.C_CI_NA_1.id, commonAddress, now);
    else if (why >= cause.interrogation) this.enquiries.renew(types.C_IC_NA_1.id, commonAddress, now);
  }

  /** @returns whether something has waited too long: then the connection is to be closed */
  expire(now: number): boolean {
    return this.enquiries.expire(now);
  }

  /** The connection has gone. */
  end(): void {
    this.rounds.clear();
    this.enquiries.fail(this.clock.now());
  }

  /** The station is no more, or has another in its place. */
  forget(station: ClientStation): void {
    this.rounds.delete(station);
  }

  private given(commonAddress: number, object: InformationObject, now: number): void {
    this.enquiries.given(commonAddress, object, now);
  }

  private ask(asdu: Asdu, commandConfirm: number, timeout: number, done: (outcome: Outcome) => void): void {
    // The station could not tell which of two its answer is for.
    if (this.enquiries.isOpen(asdu) || !this.send(asdu)) return done(notSent('input'));
    this.enquiries.ask(asdu, commandConfirm, timeout, this.clock.now(), done);
    this.host.asked();
  }

  private begin(station: ClientStation): void {
    const round: Round = { current: undefined, again: false };
    this.rounds.set(station, round);
    this.step(station, round, partnerInterrogations(station, this.host.lineNumber));
  }

  private step(station: ClientStation, round: Round, [request, ...rest]: readonly Asdu[]): void {
    if (this.rounds.get(station) !== round) return;
    round.current = request;
    if (request === undefined) {
      this.rounds.delete(station);
      if (round.again) this.begin(station);
      return;
    }
    const { CMDC, WTN } = station.parameters;
    this.ask(request, CMDC, WTN, (outcome) => {
      if (outcome.reason === 'negative') this.host.refused(station, request, outcome);
      this.step(station, round, rest);
    });
  }
}
