import type { KomStatus } from '../../lib/kom/kom.js';

/** A communication process as the sidebar shows it. */
export interface ListedProcess {
  readonly status: KomStatus;
}

const listed = new Set<ListedProcess>();

/** All processes that this runtime is an instance of, those among them that wait for their node during a deploy. */
export const processes: Iterable<ListedProcess> = listed;

export function listProcess(process: ListedProcess): void {
  listed.add(process);
}

export function unlistProcess(process: ListedProcess): void {
  listed.delete(process);
}
