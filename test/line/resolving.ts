import dns from 'node:dns';

/** In the place of the system's resolver: answers names in turn, as where an address changes. */
export class Resolving {
  /** Names that were asked for. */
  readonly asked: string[] = [];
  private readonly lookup = dns.lookup;

  /** @param answers of a name the address for each question; the last one stays */
  constructor(answers: Readonly<Record<string, readonly string[]>>) {
    const answer = (
      name: string,
      options: dns.LookupAllOptions,
      done: (error: Error | null, addresses: dns.LookupAddress[] | string, family?: number) => void,
    ): void => {
      const known = answers[name] ?? [];
      const turn = this.asked.filter((other) => other === name).length;
      const address = known[Math.min(turn, known.length - 1)];
      this.asked.push(name);
      if (address === undefined) {
        const error: NodeJS.ErrnoException = new Error(`getaddrinfo ENOTFOUND ${name}`);
        error.code = 'ENOTFOUND';
        setImmediate(() => done(error, []));
      } else if (options.all) setImmediate(() => done(null, [{ address, family: 4 }]));
      else setImmediate(() => done(null, address, 4));
    };
    dns.lookup = answer as unknown as typeof dns.lookup;
  }

  end(): void {
    dns.lookup = this.lookup;
  }
}
