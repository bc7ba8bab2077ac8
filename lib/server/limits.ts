import type { Journal } from '../station/journal.js';
import type { ServerParameters } from '../station/parameters.js';
import type { Entrance } from './entrance.js';
import type { Grouping } from './grouping.js';

interface Wanted {
  readonly parameters: ServerParameters;
  readonly warnings: readonly string[];
}

/**
 * Who is let in, how many events are kept, and for whom. What a narrower limit takes away does not come back: stations bring
 * their parameters one after the other in a deploy, and what all of them say together counts.
 */
export class Limits {
  /** A deploy is under way. */
  isHeld = false;
  private wanted: Wanted | undefined;
  /** Warnings that were told already. */
  private warned: ReadonlySet<string> = new Set();

  /** @param warn is told of what is wrong with the parameters, once */
  constructor(
    private readonly journal: Journal,
    private readonly entrance: Entrance,
    private readonly grouping: Grouping,
    private readonly warn: (text: string) => void,
  ) {}

  /** Takes over the parameters of all stations, and what is wrong with them. */
  configure(parameters: ServerParameters, warnings: readonly string[]): void {
    this.wanted = { parameters, warnings };
    if (!this.isHeld) this.apply(this.wanted);
  }

  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
    if (!isHeld && this.wanted !== undefined) this.apply(this.wanted);
  }

  private apply({ parameters, warnings }: Wanted): void {
    this.wanted = undefined;
    const told = new Set(warnings);
    const wrong = (text: string): void => void told.add(text);
    this.journal.resize(parameters.EBS);
    this.entrance.configure(parameters, wrong);
    this.grouping.configure(parameters.GRP, wrong);
    for (const text of told) if (!this.warned.has(text)) this.warn(text);
    this.warned = told;
  }
}
