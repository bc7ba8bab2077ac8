export type ErrorCode = 'value' | 'point' | 'type' | 'address' | 'parameter' | 'configuration' | 'state';

/** A wrong call or configuration. The message names the point, property, line or file and what is allowed. */
export class TelecontrolError extends Error {
  override readonly name = 'TelecontrolError';
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}
