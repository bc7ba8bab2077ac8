import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** @typedef {{ name: string, server: number | undefined, client: number | undefined }} Pinning */

/** The processors that this process may use. */
function processors() {
  const status = readFileSync('/proc/self/status', 'utf8');
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/**
 * Server and client on one processor and on two, as far as that can be had here.
 * @returns {{ pinnings: Pinning[], missing: string | undefined }} `missing` says what cannot
 */
export function pinnings() {
  const unpinned = [{ name: 'unpinned', server: undefined, client: undefined }];
  if (process.platform !== 'linux' || spawnSync('taskset', ['--version']).status !== 0)
    return { pinnings: unpinned, missing: 'no taskset here: figures are unpinned and may vary several times over' };
  const [one, two] = processors();
  const same = { name: 'same', server: one, client: one };
  if (two === undefined)
    return { pinnings: [same], missing: 'one processor only: no figures for server and client on two' };
  return { pinnings: [same, { name: 'cross', server: one, client: two }], missing: undefined };
}

/** A command line that runs on one processor. @param {number | undefined} processor @param {string[]} command */
export function pinned(processor, command) {
  return processor === undefined ? command : ['taskset', '-c', String(processor), ...command];
}
