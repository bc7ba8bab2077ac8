/**
 * Reads `--name value` pairs and `--flag`s. The defaults say which names there are and what kind each value has.
 * @template {Record<string, string | number | boolean>} T
 * @param {T} defaults
 * @returns {T}
 */
export function options(defaults) {
  /** @type {Record<string, string | number | boolean>} */
  const given = { ...defaults };
  const [, , ...words] = process.argv;
  while (words.length > 0) {
    const word = words.shift() ?? '';
    const name = word.replace(/^--/, '');
    if (!word.startsWith('--') || !Object.hasOwn(defaults, name))
      stop(
        `${word} is not known; known are ${Object.keys(defaults)
          .map((known) => `--${known}`)
          .join(' ')}`,
      );
    if (typeof defaults[name] === 'boolean') {
      given[name] = true;
      continue;
    }
    const value = words.shift() ?? '';
    given[name] = typeof defaults[name] === 'number' ? Number(value) : value;
    if (value === '' || Number.isNaN(given[name])) stop(`${word} needs a ${typeof defaults[name]}, not "${value}"`);
  }
  return /** @type {T} */ (given);
}

/** @param {string} why @returns {never} */
export function stop(why) {
  console.error(why);
  process.exit(1);
}

/** ms since 1970 with fractions: the same in all processes of a computer, as `Date.now()` is, but finer. */
export const clock = () => performance.timeOrigin + performance.now();

// A tick carries the clock in the 24 bits that a short floating point number holds exactly.
const TICKS_PER_MS = 100;
const TICKS = 1 << 24;

/** The clock as a value of M_ME_TF_1, in steps of 10 µs. */
export const tick = () => Math.floor(clock() * TICKS_PER_MS) % TICKS;

/** ms since `tick` gave a value. @param {number} value */
export const sinceTick = (value) => ((tick() - value + TICKS) % TICKS) / TICKS_PER_MS;
