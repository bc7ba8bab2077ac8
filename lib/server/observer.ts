import type { LineObserver } from './options.js';

/** An observer whose own faults cost nothing of the line: they are told by its log, if that still can. */
export function guarded(observer: LineObserver): LineObserver {
  const tell = (call: () => void): void => {
    try {
      call();
    } catch (error) {
      try {
        observer.log(
          'error',
          `an observer of the line failed: ${error instanceof Error ? error.stack : String(error)}`,
        );
      } catch {
        // There is nobody left to tell.
      }
    }
  };
  return {
    changed: () => tell(() => observer.changed()),
    log: (level, text) => tell(() => observer.log(level, text)),
    security: (...event) => tell(() => observer.security?.(...event)),
  };
}
