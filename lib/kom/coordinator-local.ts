import { connect, type Socket } from 'node:net';
import { systemClock } from '../link/clock.js';
import type { Coordinator, CoordinatorHealth, StoreWatcher } from './coordinator.js';
import { type Endpoint, endpointOf } from './coordinator-endpoint.js';
import { BEAT, Hub } from './coordinator-hub.js';
import { MemoryStore } from './coordinator-memory.js';
import { Handshake, type Message, readEntries, readEntry, Wire } from './coordinator-wire.js';
import { LEASE, memberKey, readLease, readMember, SETTINGS } from './records.js';
import type { Entries, Entry } from './view.js';

/** ms for an answer. */
const PATIENCE = 1000;
/** ms without a sign of life until the active instance is taken for frozen. */
const SILENCE = 1500;
/** ms between attempts to find who listens now. */
const RETRY = 20;

export interface LocalOptions {
  /** Name of the process. */
  readonly process: string;
  /** What instances prove to each other; may be empty. */
  readonly password?: string;
  /** Where they meet, instead of what is usual on this platform. */
  readonly endpoint?: Endpoint;
}

interface Waiting {
  readonly resolve: (answer: Message | undefined) => void;
  readonly cancelTimer: () => void;
}

/** A connection to who listens, once both have shown who they are. */
interface Visit {
  readonly wire: Wire;
  readonly waiting: Map<number, Waiting>;
  /** Who listens knows which member goes with this connection. */
  isEntered: boolean;
}

/**
 * Instances on one computer. Whoever listens at the endpoint of the process is active and keeps the store; the others are
 * its guests. The operating system frees the endpoint on any death, so there is no lease and nothing stale. What has to
 * outlive the one who listens is carried on by its guests.
 */
export class LocalCoordinator implements Coordinator {
  readonly sessions = true;
  private readonly endpoint: Endpoint;
  private readonly password: string;
  private watcher: StoreWatcher | undefined;
  private hub: Hub | undefined;
  private visit: Visit | undefined;
  private visiting: Promise<Visit | undefined> | undefined;
  /** The store as it was seen last, and what we have written while nobody listened. */
  private carried = new MemoryStore();
  private timer: NodeJS.Timeout | undefined;
  /** ms of the clock when who listened has gone. */
  private leftAt = -Infinity;
  private count = 0;
  /** What we have entered ourselves with last. */
  private own: { readonly key: string; readonly value: string } | undefined;
  /** Attempts to listen that failed since somebody has answered. */
  private lostRaces = 0;
  private problem: string | undefined;
  private isClosed = false;

  constructor(private readonly options: LocalOptions) {
    this.endpoint = options.endpoint ?? endpointOf(options.process, process.platform);
    this.password = options.password ?? '';
  }

  get health(): CoordinatorHealth {
    return { warnings: this.problem === undefined ? [] : [this.problem] };
  }

  watch(watcher: StoreWatcher): void {
    this.watcher = watcher;
    // Timers come before what sockets have: the sign of life may stand there unread.
    this.timer = setInterval(() => setImmediate(() => this.listen()), BEAT);
    this.timer.unref();
  }

  async get(): Promise<Entries> {
    if (this.hub !== undefined) return this.hub.store.snapshot;
    const visit = await this.find();
    if (visit === undefined) return this.alone();
    const set = this.carried.snapshot.get(SETTINGS);
    await this.ask(visit, {});
    await this.remind(visit, set);
    await this.reenter(visit);
    // Who listened has gone meanwhile: that is no failure, but news.
    return this.visit === visit ? this.carried.snapshot : this.get();
  }

  /** Where nobody listens: who was there before and has not come back is gone, or it would listen. */
  private alone(): Entries {
    const { own, carried } = this;
    if (performance.now() - this.leftAt > PATIENCE)
      for (const [key, { value }] of carried.snapshot)
        if (key.startsWith('member/') && (key !== own?.key || value !== own.value)) carried.delete(key);
    return this.store.snapshot;
  }

  /** Who listens now has only heard of us: written once more, our entry goes when we do. */
  private async reenter(visit: Visit): Promise<void> {
    const { own } = this;
    const theirs = own && this.carried.snapshot.get(own.key);
    if (visit.isEntered || own === undefined || theirs?.value !== own.value) return;
    const answer = await this.ask(visit, { ...own, revision: theirs.revision });
    visit.isEntered = typeof answer?.revision === 'number';
  }

  /** Who listens now was not there when an operator set something, but we were. */
  private async remind(visit: Visit, ours: Entry | undefined): Promise<void> {
    const over = this.carried.snapshot.get(SETTINGS)?.revision ?? 0;
    if (ours === undefined || ours.revision <= over) return;
    await this.ask(visit, { key: SETTINGS, revision: over, value: ours.value });
  }

  async cas(key: string, over: Entry | undefined, value: string): Promise<number | undefined> {
    const revision = over?.revision ?? 0;
    if (key === LEASE) return this.lease(revision, value);
    if (key.startsWith('member/')) this.own = { key, value };
    if (this.hub !== undefined) return this.hub.store.cas(key, revision, value);
    const visit = await this.find();
    if (visit === undefined) return this.store.cas(key, revision, value);
    const answer = await this.ask(visit, { key, revision, value });
    return typeof answer?.revision === 'number' ? answer.revision : undefined;
  }

  close(): void {
    this.isClosed = true;
    clearInterval(this.timer);
    this.hub?.close();
    this.visit?.wire.socket.destroy();
  }

  /** What counts where nobody else is to be asked. */
  private get store(): MemoryStore {
    return this.hub?.store ?? this.carried;
  }

  /** To hold the lease is to listen. */
  private async lease(revision: number, value: string): Promise<number | undefined> {
    const isReleased = readLease(value).id === '';
    const { hub } = this;
    if (hub !== undefined) {
      const written = hub.store.cas(LEASE, revision, value);
      if (written === undefined || !isReleased) return written;
      this.hub = undefined;
      hub.close({ revision: written, value });
      this.carried = new MemoryStore(hub.store.snapshot);
      this.seek();
      return written;
    }
    if (isReleased) return undefined;
    const { process } = this.options;
    const opened = await Hub.open(this.endpoint, this.carried.snapshot, process, this.password, (key, entry) =>
      this.watcher?.changed(key, entry),
    );
    if (opened === undefined) {
      // Once or twice others were faster; then nobody is there who says anything.
      if (++this.lostRaces >= 5) this.problem = `the endpoint of the process is in use, ${STRANGER}`;
      return undefined;
    }
    if (this.isClosed) {
      opened.close();
      return undefined;
    }
    this.hub = opened;
    opened.keep(memberKey(readLease(value).instance));
    this.cleared();
    return opened.store.put(LEASE, value);
  }

  /** Who listens, if anybody. @throws Error when it is not who we look for, or is frozen */
  private find(): Promise<Visit | undefined> {
    if (this.isClosed) return Promise.reject(new Error('it is closed'));
    if (this.visit !== undefined) return Promise.resolve(this.visit);
    this.visiting ??= this.enter().finally(() => {
      this.visiting = undefined;
    });
    return this.visiting;
  }

  private enter(isAgain = false): Promise<Visit | undefined> {
    return new Promise((resolve, reject) => {
      const handshake = new Handshake(this.options.process, this.password);
      const socket: Socket = connect(this.endpoint);
      const cancelTimer = systemClock.timer(PATIENCE, () => fail('and who listens does not answer: it may be frozen'));
      let isOver = false;
      const end = (found: Visit | undefined | Promise<Visit | undefined>): void => {
        isOver = true;
        cancelTimer();
        resolve(found);
      };
      const fail = (why: string): void => {
        this.problem = `the endpoint of the process is in use, ${why}`;
        reject(new Error(this.problem));
        end(undefined);
        socket.destroy();
      };
      let theirs: string | undefined;
      let visit: Visit | undefined;
      const wire = new Wire(
        socket,
        (message) => {
          if (visit !== undefined) return this.take(visit, message);
          if (theirs === undefined) {
            if (typeof message.nonce !== 'string') return fail(STRANGER);
            theirs = message.nonce;
            return wire.send({ nonce: handshake.nonce, proof: handshake.proof('guest', theirs, handshake.nonce) });
          }
          if (!handshake.verify(message.proof, 'hub', theirs, handshake.nonce)) return fail(STRANGER);
          if (this.isClosed || this.hub !== undefined) {
            // We have begun to listen meanwhile, and these are ourselves; or nobody wants to know any more.
            end(undefined);
            return void socket.destroy();
          }
          this.cleared();
          visit = { wire, waiting: new Map(), isEntered: false };
          this.visit = visit;
          end(visit);
        },
        () => {
          if (visit !== undefined) return this.left(visit);
          if (isOver) return;
          if (theirs === undefined || this.isClosed) end(undefined);
          // It has read what we are and hung up; once that may be because it has ended just then.
          else if (isAgain) fail(STRANGER);
          else end(this.enter(true));
        },
      );
    });
  }

  /** @returns undefined when who was asked has gone @throws Error when there is no answer */
  private ask(visit: Visit, message: Message): Promise<Message | undefined> {
    if (this.visit !== visit) return Promise.resolve(undefined);
    const n = ++this.count;
    return new Promise((resolve, reject) => {
      const cancelTimer = systemClock.timer(PATIENCE, () => {
        visit.waiting.delete(n);
        reject(new Error('the active instance does not answer'));
      });
      visit.waiting.set(n, { resolve, cancelTimer });
      visit.wire.send({ n, ...message });
    });
  }

  private take(visit: Visit, message: Message): void {
    const { n, changed, revision, value, entries } = message;
    // In the order in which they come: what is carried is what who listens has, whoever goes on with an answer later.
    if (Array.isArray(entries)) this.carried = new MemoryStore(readEntries(entries));
    if (typeof n === 'number') {
      const waiting = visit.waiting.get(n);
      visit.waiting.delete(n);
      waiting?.cancelTimer();
      waiting?.resolve(message);
    } else if (typeof changed === 'string') {
      const entry = readEntry(revision, value);
      const entries = new Map(this.carried.snapshot);
      if (entry === undefined) entries.delete(changed);
      else entries.set(changed, entry);
      this.carried = new MemoryStore(entries);
      this.watcher?.changed(changed, entry);
    }
  }

  /** Who listened has gone: what it held is free, the rest is carried on. */
  private left(visit: Visit): void {
    if (this.visit === visit) this.visit = undefined;
    this.leftAt = performance.now();
    const entries = new Map(this.carried.snapshot);
    const { id } = readLease(entries.get(LEASE)?.value ?? '{}');
    if (id !== '') {
      entries.delete(LEASE);
      for (const [key, { value }] of entries)
        if (key.startsWith('member/') && readMember(value).id === id) entries.delete(key);
    }
    this.carried = new MemoryStore(entries);
    for (const { resolve, cancelTimer } of visit.waiting.values()) {
      cancelTimer();
      resolve(undefined);
    }
    this.watcher?.missed();
    this.seek();
  }

  private cleared(): void {
    this.problem = undefined;
    this.lostRaces = 0;
  }

  /** Looks for who listens next. */
  private seek(): void {
    if (this.isClosed || this.hub !== undefined || this.visit !== undefined) return;
    setTimeout(() => {
      if (this.hub !== undefined) return;
      void this.find()
        .then((visit) => visit !== undefined && this.watcher?.missed())
        .catch(() => {})
        .finally(() => this.seek());
    }, RETRY).unref();
  }

  /** Says that we live, and notices when the other one does not. */
  private listen(): void {
    const { visit } = this;
    if (visit === undefined) return;
    visit.wire.send({ beat: true });
    const isSilent = performance.now() - visit.wire.heardAt > SILENCE;
    const problem = isSilent ? 'the active instance does not answer: it may be frozen' : undefined;
    if (problem === this.problem) return;
    this.problem = problem;
    this.watcher?.missed();
  }
}

const STRANGER = 'but not by an instance of this process: another program, or an instance with another password';
