import dns from 'node:dns';

type Done = (error: Error | null, addresses: dns.LookupAddress[] | string, family?: number) => void;

/** In the place of the system's resolver: answers names in turn, as where an address changes. */
export class Resolving {
  /** Names that were asked for. */
  readonly asked: string[] = [];
  private readonly lookup = dns.lookup;

  /** @param answers of a name the address or addresses for each question; the last one stays */
  constructor(answers: Readonly<Record<string, readonly (string | readonly string[])[]>>) {
    const answer = (name: string, ...rest: [Done] | [dns.LookupOptions, Done]): void => {
      const done = rest.at(-1) as Done;
      const isAll = typeof rest[0] === 'object' && rest[0].all === true;
      const known = answers[name] ?? [];
      const turn = this.asked.filter((other) => other === name).length;
      const addresses = [known[Math.min(turn, known.length - 1)] ?? []].flat();
      const [address] = addresses;
      this.asked.push(name);
      setImmediate(() => {
        if (address === undefined) done(Object.assign(new Error(`ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), '', 4);
        else if (isAll)
          done(
            null,
            addresses.map((each) => ({ address: each, family: 4 })),
          );
        else done(null, address, 4);
      });
    };
    dns.lookup = answer as unknown as typeof dns.lookup;
  }

  end(): void {
    dns.lookup = this.lookup;
  }
}
