const { reporters, Runner } = require('mocha');
const { relative } = require('node:path');
const { inspect } = require('node:util');

const root = relative.bind(undefined, process.cwd());
const { EVENT_HOOK_END, EVENT_RUN_BEGIN, EVENT_RUN_END, EVENT_TEST_END, EVENT_TEST_RETRY } = Runner.constants;

/**
 * What CI prints: every test, each that had to be tried again loudly and once more at the end, where `.ci/run` collects the
 * lines that begin with `unsteady:`, and which files took longest.
 */
module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const unsteady = [];
    /** ms of each file, with its hooks. */
    const taken = new Map();
    let since = Date.now();
    const took = (file = '-') => {
      taken.set(file, (taken.get(file) ?? 0) + Date.now() - since);
      since = Date.now();
    };
    runner.on(EVENT_RUN_BEGIN, () => {
      since = Date.now();
    });
    runner.on(EVENT_HOOK_END, ({ parent }) => took(parent.file));
    runner.on(EVENT_TEST_END, ({ file }) => took(file));
    runner.on(EVENT_TEST_RETRY, (test, error) => {
      took(test.file);
      const name = `${test.fullTitle()} (${root(test.file)})`;
      unsteady.push(name);
      console.log(`\n!!!! failed and is tried again: ${name}\n${error.stack ?? inspect(error)}\n`);
    });
    runner.once(EVENT_RUN_END, () => {
      const slowest = [...taken].sort(([, a], [, b]) => b - a).slice(0, 25);
      console.log('  the slowest files:');
      for (const [file, ms] of slowest) console.log(`${String(Math.round(ms / 1000)).padStart(7)} s  ${root(file)}`);
      console.log();
      for (const name of unsteady) console.log(`unsteady: ${name}`);
      // What a failed test has left behind must not hold the run. Without one, an end that does not come is a failure itself.
      if (unsteady.length > 0 || this.stats.failures > 0)
        setTimeout(() => process.exit(Math.min(this.stats.failures, 255)), 5000).unref();
    });
  }
};
