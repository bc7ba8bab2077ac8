import type { LineHost } from './line-host.js';
import type { LineKind, LineMember, LineService } from './line-service.js';
import { PropertyError } from './property.js';

/** The node of a station or a channel and its line: how it finds it, joins and leaves it. */
export abstract class MemberHost<S extends LineService> implements LineMember {
  abstract readonly kind: LineKind;
  abstract readonly name: string;
  abstract readonly address: number;
  /** What the line's engine is reached by, once it has taken the member. */
  protected service: S | undefined;
  /** Why the line does not take it. */
  refusal: string | undefined;
  private found: LineHost | undefined;

  constructor(
    readonly id: string,
    private readonly findLine: () => LineHost,
    private readonly report: (why: string) => void,
  ) {}

  abstract follow(old: LineMember): void;

  /** Its line. @throws PropertyError when there is none */
  get line(): LineHost {
    this.found ??= this.findLine();
    return this.found;
  }

  /**
   * Goes to the line, which takes it when all flows have started.
   * @param late they have started already, and the line may not look again
   */
  join(late: boolean): void {
    try {
      this.line.join(this);
      if (late) void this.line.settle();
    } catch (error) {
      this.refused(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param removed for good */
  leave(removed: boolean): void {
    // Who still writes here was not deployed with the station, and would write into nothing.
    this.refusal = 'its node has been closed';
    this.found?.leave(this, removed);
  }

  /** A line gives each kind the service that the kind made. */
  joined(service: LineService): void {
    this.refusal = undefined;
    this.service = service as S;
  }

  refused(why: string): void {
    this.refusal = why;
    this.report(why);
  }

  /** @throws PropertyError when the line does not take it */
  protected requireLine(): void {
    if (this.refusal !== undefined) throw new PropertyError(`station ${this.name} is not served: ${this.refusal}`);
  }
}
