/** Where the octets of a channel go, and where answers come from: a serial port. */
export interface Device {
  /** Its name, as the operating system has it. */
  readonly name: string;
  /** Why it is not open; undefined while it is. */
  readonly reason: string | undefined;
  /** Whether it takes octets: it is open, and has sent what it was given. */
  readonly isReady: boolean;
  /** Opens it, and tries again as long as that fails. */
  open(handler: DeviceHandler): void;
  /** Only while it is ready. */
  write(octets: Uint8Array): void;
  /** @returns when it is free */
  close(): Promise<void>;
}

export interface DeviceHandler {
  data(octets: Uint8Array): void;
  /** It has sent what it was given. */
  written(): void;
  /** It was opened, has gone, or still cannot be opened. */
  changed(): void;
}
