import http from 'node:http';
import https from 'node:https';
import { systemClock } from '../link/clock.js';

/** Certificates for the way to the cluster. */
export interface EtcdTls {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly passphrase?: string;
  /** Whether the certificates of the cluster are verified; only `false` turns that off. */
  readonly verify?: boolean;
  readonly servername?: string;
}

export type Json = Readonly<Record<string, unknown>>;

/** Octets of an answer, or of one line of a stream, at most. */
const LONGEST = 4_194_304;

/** A call that failed. */
export class EtcdError extends Error {
  override readonly name = 'EtcdError';
  constructor(
    message: string,
    /** The call has surely not been carried out. */
    readonly isUnsent: boolean,
    /** The token has expired, or there was none. */
    readonly isUnauthenticated = false,
  ) {
    super(message);
  }
}

/** Nothing was sent where no connection came about. */
const UNSENT = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);

/** One member of a cluster, by its HTTP/JSON gateway. */
export class EtcdEndpoint {
  private readonly agent: http.Agent;

  /** @param url `https://host:port`, or `http://host:port` */
  constructor(
    readonly url: string,
    tls: EtcdTls = {},
  ) {
    const { verify = true, ...material } = tls;
    this.agent = url.startsWith('https:')
      ? new https.Agent({ keepAlive: true, ...material, rejectUnauthorized: verify })
      : new http.Agent({ keepAlive: true });
  }

  /** @param timeout ms @throws EtcdError */
  call(path: string, body: Json, token: string | undefined, timeout: number): Promise<Json> {
    return new Promise((resolve, reject) => {
      const request = this.request(path, body, token, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
          if (text.length > LONGEST) request.destroy(new Error('its answer is too long'));
        });
        response.on('end', () => {
          cancelTimer();
          const answer = parse(text);
          if (response.statusCode === 200 && answer !== undefined) resolve(answer);
          else reject(refusal(response.statusCode, answer, text));
        });
        // Where the end came there is nothing left to reject; where it is cut off nothing else tells.
        response.on('close', () => {
          cancelTimer();
          reject(new EtcdError('its answer was cut off', false));
        });
      });
      const cancelTimer = systemClock.timer(timeout, () =>
        request.destroy(new Error(`no answer within ${timeout} ms`)),
      );
      request.on('error', (error: NodeJS.ErrnoException) => {
        cancelTimer();
        reject(new EtcdError(error.message || String(error.code), UNSENT.has(error.code ?? '')));
      });
    });
  }

  /**
   * A call whose answers go on.
   * @param ended is told once, whatever ended it
   * @returns what ends it without telling
   */
  stream(
    path: string,
    body: Json,
    token: string | undefined,
    take: (answer: Json) => void,
    ended: () => void,
  ): () => void {
    let isOver = false;
    const end = (): void => {
      if (!isOver) ended();
      isOver = true;
    };
    let request: http.ClientRequest;
    const read = (response: http.IncomingMessage): void => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        const lines = text.split('\n');
        text = lines.pop() as string;
        if (text.length > LONGEST) request.destroy();
        for (const line of lines) {
          const answer = parse(line);
          if (answer !== undefined && !isOver) take(answer);
        }
      });
      response.on('close', end);
    };
    try {
      request = this.request(path, body, token, read);
    } catch {
      // A certificate or key that cannot be used. Calls say so.
      setImmediate(end);
      return () => {
        isOver = true;
      };
    }
    request.on('error', end);
    return () => {
      isOver = true;
      request.destroy();
    };
  }

  close(): void {
    this.agent.destroy();
  }

  private request(
    path: string,
    body: Json,
    token: string | undefined,
    answered: (response: http.IncomingMessage) => void,
  ): http.ClientRequest {
    const text = JSON.stringify(body);
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      ...(token === undefined ? {} : { authorization: token }),
    };
    const send = this.url.startsWith('https:') ? https.request : http.request;
    const request = send(new URL(path, this.url), { method: 'POST', agent: this.agent, headers }, answered);
    request.end(text);
    return request;
  }
}

/** @param text the answer as it came: some refusals are no JSON */
function refusal(status: number | undefined, answer: Json | undefined, text: string): EtcdError {
  const said = [answer?.error, answer?.message].find((given): given is string => typeof given === 'string');
  const words = (said ?? `HTTP ${status} ${text}`).trim().slice(0, 200);
  // 16 is UNAUTHENTICATED of gRPC; without a token etcd says instead that the name of the user is empty.
  const isUnauthenticated = answer?.code === 16 || /invalid auth token|user name is empty/.test(words);
  return new EtcdError(words, true, isUnauthenticated);
}

function parse(text: string): Json | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? (read as Json) : undefined;
  } catch {
    return undefined;
  }
}
