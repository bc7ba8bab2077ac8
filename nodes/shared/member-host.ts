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
  /** Where it has gone to. */
  private at: LineHost | undefined;

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
      this.at = this.line;
      this.at.join(this);
      if (late) void this.line.settle();
    } catch (error) {
      this.refused(error instanceof Error ? error.message : String(error));
    }
  }

  /**
   * The flows have started. Where an environment variable names the line, it may have been made by now, or another in its
   * place: Node-RED does not know then that its members belong to it.
   */
  look(): void {
    let line: LineHost;
    try {
      line = this.findLine();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.found = undefined;
      this.at = undefined;
      if (this.refusal !== why) this.refused(why);
      return;
    }
    if (line === this.at) return;
    this.found = line;
    this.join(true);
  }

  /** @param removed for good */
  leave(removed: boolean): void {
    // Who still writes here was not deployed with the station, and would write into nothing.
    this.refusal = 'its node has been closed';
    this.at?.leave(this, removed);
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
