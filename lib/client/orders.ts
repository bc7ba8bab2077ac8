/** What a flow may order of a substation, and what it becomes on the wire. */

export type CommandName = 'single' | 'double' | 'step' | 'normalized' | 'scaled' | 'float' | 'bitstring';

/** A command (45..51; with a time 58..64). */
export interface CommandOrder {
  readonly command: CommandName;
  /** Information object address, or `tag` of the point table. */
  readonly ioa?: number | string | undefined;
  readonly tag?: string | undefined;
  readonly value?: unknown;
  /** Normalized set point as the 16-bit integer; taken in preference to `value`. */
  readonly raw?: number | undefined;
  /** Select before operate; without it as `sbo` of the point says. */
  readonly select?: boolean | undefined;
  /** QU 0..31 of a single, double or step command, QL 0..127 of a set point. */
  readonly qualifier?: number | undefined;
  /** ms since 1970 UTC: sends the type with time tag. */
  readonly timestamp?: number | undefined;
}

export type ClientOrder =
  | CommandOrder
  /** General interrogation (20), or of a group (21..36). */
  | { readonly interrogation: number }
  /** All counters (5) or a group (1..4); freeze 0 reads, 1 freezes, 2 freezes and resets, 3 resets. */
  | { readonly counterInterrogation: number; readonly freeze?: number | undefined }
  /** Object address or tag. */
  | { readonly read: number | string }
  /** Sends the computer's time. */
  | { readonly clockSync: true }
  | { readonly test: true }
  /** 1 resets the process, 2 clears its events with time tag. */
  | { readonly reset: number };
