/**
 * `used` and `reverse`: what the station does in the direction of the standard and in the other one. `supported`: what
 * the product can do and this station is not configured for. `inapplicable`: what clause 9 has struck out for -104.
 */
export type Mark = 'used' | 'reverse' | 'both' | 'supported' | 'unsupported' | 'inapplicable';

/** A box to be ticked. */
export interface Choice {
  readonly mark: Mark;
  readonly text: string;
  readonly remark?: string;
}

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'choices'; readonly title: string; readonly choices: readonly Choice[] }
  | {
      readonly kind: 'table';
      readonly title: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

/** Boxes to be ticked, beneath a title. */
export const choices = (title: string, ...list: readonly Choice[]): Block => ({
  kind: 'choices',
  title,
  choices: list,
});

export interface Section {
  /** Clause of IEC 60870-5-104. */
  readonly clause: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface InteroperabilityList {
  readonly title: string;
  readonly introduction: string;
  readonly sections: readonly Section[];
}

/** How a mark is written. */
export function markText(mark: Mark): string {
  switch (mark) {
    case 'used':
      return 'X';
    case 'reverse':
      return 'R';
    case 'both':
      return 'B';
    case 'supported':
      return 'o';
    case 'unsupported':
      return '';
    case 'inapplicable':
      return '–';
  }
}

/** A mark of what the station does, or else of what the product can. */
export function markOf(isUsed: boolean, isSupported = true): Mark {
  return isUsed ? 'used' : isSupported ? 'supported' : 'unsupported';
}
