import { TelecontrolError } from '../octets/error.js';
import type { Coordinator, CoordinatorHealth, StoreWatcher } from './coordinator.js';
import { EtcdEndpoint, EtcdError, type EtcdTls, type Json } from './coordinator-etcd-call.js';
import type { Entries, Entry } from './view.js';

/** ms for an answer. A leader that is lost costs an election, and the lease has to outlive that. */
const PATIENCE = 300;
/** ms until a watch that has ended begins anew. */
const RETRY = 100;
/** ms without any answer after which the token may be to blame. */
const SILENCE = 3000;
/** ms between two looks at the database. */
const HEALTH = 60_000;
/** So many revisions without any compaction: it is not on. Three instances write as many in half a day. */
const UNCOMPACTED = 200_000;
/** Octets; etcd refuses to write at 2 GB unless told otherwise. */
const LARGE = 1_000_000_000;

export interface EtcdOptions {
  /** Name of the process. */
  readonly process: string;
  /** `https://host:port` of each member, separated by commas or spaces; `http://` is for tests. */
  readonly endpoints: string;
  readonly user?: string;
  readonly password?: string;
  readonly tls?: EtcdTls;
  /** Revisions without a compaction from which on it is warned of. */
  readonly uncompacted?: number;
}

/** A cluster of etcd 3.4 or later, by its HTTP/JSON gateway. */
export class EtcdCoordinator implements Coordinator {
  readonly sessions = false;
  private readonly endpoints: readonly EtcdEndpoint[];
  private readonly prefix: string;
  /** The one that is asked first. */
  private current = 0;
  private token: string | undefined;
  private answeredAt = -Infinity;
  private watcher: StoreWatcher | undefined;
  private endWatch: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** What one of them is wrong with, since none has answered. */
  private problem: { readonly of: number; readonly text: string } | undefined;
  private databaseSize: number | undefined;
  private warnings: readonly string[] = [];
  private lookedAt = -Infinity;
  private isClosed = false;

  /** @throws TelecontrolError `configuration` */
  constructor(private readonly options: EtcdOptions) {
    const urls = options.endpoints.split(/[\s,]+/).filter((url) => url !== '');
    if (urls.length === 0)
      throw new TelecontrolError('configuration', 'endpoints: none is given, for example https://10.0.0.1:2379');
    this.endpoints = urls.map((url) => new EtcdEndpoint(origin(url), options.tls));
    this.prefix = `telecontrol/kom/${encodeURIComponent(options.process)}/`;
  }

  get health(): CoordinatorHealth {
    const { databaseSize, problem, warnings } = this;
    return {
      ...(databaseSize === undefined ? {} : { databaseSize }),
      warnings: problem === undefined ? warnings : [problem.text, ...warnings],
    };
  }

  async get(): Promise<Entries> {
    const answer = await this.anywhere('/v3/kv/range', this.range);
    this.look();
    return new Map(listOf(answer.kvs).map((kv) => [this.keyOf(kv), entryOf(kv)]));
  }

  async cas(key: string, over: Entry | undefined, value: string): Promise<number | undefined> {
    const name = base64(this.prefix + key);
    const answer = await this.first('/v3/kv/txn', {
      compare: [
        { key: name, target: 'MOD', result: 'EQUAL', mod_revision: String(over?.revision ?? 0) },
        ...(over === undefined ? [] : [{ key: name, target: 'VALUE', result: 'EQUAL', value: base64(over.value) }]),
      ],
      success: [{ request_put: { key: name, value: base64(value) } }],
    });
    return answer.succeeded === true ? revisionOf(answer) : undefined;
  }

  watch(watcher: StoreWatcher): void {
    this.watcher = watcher;
    this.listen();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.endWatch?.();
    for (const endpoint of this.endpoints) endpoint.close();
  }

  private get range(): Json {
    return { key: base64(this.prefix), range_end: base64(`${this.prefix.slice(0, -1)}0`) };
  }

  private keyOf(kv: Json): string {
    return fromBase64(kv.key).slice(this.prefix.length);
  }

  /** Asks the current endpoint, and the next one where nothing was sent. */
  private async first(path: string, body: Json): Promise<Json> {
    let last: unknown;
    for (let i = 0; i < this.endpoints.length; i++) {
      const asked = this.current;
      try {
        return this.answered(asked, await this.call(asked, path, body));
      } catch (error) {
        last = error;
        this.turnFrom(asked, error);
        if (!(error instanceof EtcdError && error.isUnsent)) throw error;
      }
    }
    throw last;
  }

  /** Asks the current endpoint, then all at once: reading twice does no harm. */
  private async anywhere(path: string, body: Json): Promise<Json> {
    const asked = this.current;
    try {
      return this.answered(asked, await this.call(asked, path, body));
    } catch (error) {
      this.turnFrom(asked, error);
      if (this.endpoints.length === 1) throw error;
    }
    const all = this.endpoints.map(async (_, i) => ({ i, answer: await this.call(i, path, body) }));
    try {
      const { i, answer } = await Promise.any(all);
      return this.answered(i, answer);
    } catch (error) {
      throw error instanceof AggregateError ? error.errors[0] : error;
    }
  }

  private answered(by: number, answer: Json): Json {
    this.problem = undefined;
    this.answeredAt = performance.now();
    if (by !== this.current) {
      this.current = by;
      this.listen();
    }
    return answer;
  }

  /** Goes on with the next endpoint, with the watch as well: what does not answer may not tell news either. */
  private turnFrom(asked: number, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    // Of the first alone: one after the other they would be new each time.
    if (this.problem === undefined || this.problem.of === asked)
      this.problem = { of: asked, text: `etcd ${this.endpoints[asked]?.url}: ${why}` };
    if (asked !== this.current || this.endpoints.length === 1) return;
    this.current = (asked + 1) % this.endpoints.length;
    this.listen();
  }

  private async call(which: number, path: string, body: Json): Promise<Json> {
    const endpoint = this.endpoints[which] as EtcdEndpoint;
    try {
      return await endpoint.call(path, body, await this.authenticated(endpoint), PATIENCE);
    } catch (error) {
      // A token from before the disks were replaced is not refused: etcd waits until it has come as far as the token was.
      if (performance.now() - this.answeredAt > SILENCE) this.token = undefined;
      if (!(error instanceof EtcdError && error.isUnauthenticated)) throw error;
      this.token = undefined;
      return endpoint.call(path, body, await this.authenticated(endpoint), PATIENCE);
    }
  }

  private async authenticated(endpoint: EtcdEndpoint): Promise<string | undefined> {
    const { user = '', password = '' } = this.options;
    if (user === '' || this.token !== undefined) return this.token;
    // The check of a password takes its time by intention.
    const answer = await endpoint.call('/v3/auth/authenticate', { name: user, password }, undefined, 3 * PATIENCE);
    this.token = textOf(answer.token);
    // The watch goes with its token.
    this.listen();
    return this.token;
  }

  /** Begins to watch, at the current endpoint. */
  private listen(): void {
    this.endWatch?.();
    clearTimeout(this.timer);
    const { watcher } = this;
    if (watcher === undefined || this.isClosed) return;
    const endpoint = this.endpoints[this.current] as EtcdEndpoint;
    const again = (): void => {
      this.endWatch = undefined;
      if (!this.isClosed) this.timer = setTimeout(() => this.listen(), RETRY).unref();
    };
    const take = ({ result }: Json): void => {
      const news = (result ?? {}) as Json;
      this.news(news, watcher);
      if (news.canceled !== true) return;
      this.endWatch?.();
      again();
    };
    this.endWatch = endpoint.stream('/v3/watch', { create_request: this.range }, this.token, take, again);
  }

  private news(result: Json, watcher: StoreWatcher): void {
    // Whatever happened until now was not told.
    if (result.created === true) watcher.missed();
    for (const { type, kv } of listOf(result.events))
      for (const pair of listOf([kv])) watcher.changed(this.keyOf(pair), type === 'DELETE' ? undefined : entryOf(pair));
  }

  /** Looks at the database now and then. */
  private look(): void {
    const now = performance.now();
    if (now - this.lookedAt < HEALTH) return;
    this.lookedAt = now;
    void this.examine().catch(() => {});
  }

  private async examine(): Promise<void> {
    const which = this.current;
    const status = await this.call(which, '/v3/maintenance/status', {});
    this.databaseSize = numberOf(status.dbSize);
    const warnings: string[] = [];
    const revision = revisionOf(status);
    if (revision > (this.options.uncompacted ?? UNCOMPACTED) && (await this.isReadable(which, 1)))
      warnings.push('etcd has never compacted its database: set --auto-compaction-retention, or it fills the disk');
    if (this.databaseSize > LARGE)
      warnings.push(
        `the database of etcd has ${Math.round(this.databaseSize / 1_000_000)} MB: it is time to compact and defragment it`,
      );
    this.warnings = warnings;
  }

  /** Whether the state at a revision is still kept. */
  private isReadable(which: number, revision: number): Promise<boolean> {
    const question = { ...this.range, revision: String(revision), keys_only: true };
    return this.call(which, '/v3/kv/range', question).then(
      () => true,
      () => false,
    );
  }
}

/** @throws TelecontrolError */
function origin(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'https:' || parsed?.protocol === 'http:') return parsed.origin;
  throw new TelecontrolError('configuration', `endpoints: "${url.slice(0, 60)}" is not https://host:port`);
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function fromBase64(given: unknown): string {
  return Buffer.from(textOf(given), 'base64').toString();
}

function entryOf(kv: Json): Entry {
  return { revision: numberOf(kv.mod_revision), value: fromBase64(kv.value) };
}

function revisionOf({ header }: Json): number {
  return numberOf((header as Json | null | undefined)?.revision);
}

// What answers may be no etcd: whatever it says must not disturb.

/** The objects of a list. */
function listOf(given: unknown): Json[] {
  return Array.isArray(given) ? given.filter((item) => typeof item === 'object' && item !== null) : [];
}

function textOf(given: unknown): string {
  return typeof given === 'string' ? given : '';
}

/** Integers of 64 bits are texts in the answers of etcd. */
function numberOf(given: unknown): number {
  return typeof given === 'string' || typeof given === 'number' ? Number(given) : Number.NaN;
}
