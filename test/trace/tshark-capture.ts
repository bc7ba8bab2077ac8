/** tshark as an oracle of whole capture files. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether there is a tshark; where nothing may be missing its absence fails. */
export function hasTshark(test: Mocha.Context): boolean {
  const there = spawnSync('tshark', ['--version']).error === undefined;
  if (!there) assert.ok(!process.env.TELECONTROL_REQUIRE_ALL, 'tshark is not installed');
  test.timeout(60_000);
  return there;
}

/** One row for each packet of a file: what tshark finds in these fields, checksums and TCP streams checked. */
export function fieldsOfCapture(file: Uint8Array, fields: readonly string[]): string[][] {
  const folder = mkdtempSync(join(tmpdir(), 'telecontrol-'));
  try {
    const path = join(folder, 'capture.pcapng');
    writeFileSync(path, file);
    const preferences = ['ip.check_checksum:TRUE', 'tcp.check_checksum:TRUE', 'tcp.relative_sequence_numbers:FALSE'];
    const options = [
      ...preferences.flatMap((preference) => ['-o', preference]),
      ...fields.flatMap((field) => ['-e', field]),
    ];
    // An empty configuration folder: what a user has set in Wireshark must not change the answer.
    const env = { ...process.env, WIRESHARK_CONFIG_DIR: folder, TZ: 'UTC', LC_ALL: 'C.UTF-8' };
    const { status, stdout, stderr } = spawnSync('tshark', ['-r', path, '-T', 'fields', ...options], {
      env,
      maxBuffer: 1 << 26,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return stdout === ''
      ? []
      : stdout
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => line.split('\t').map(decimal));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Versions differ in how many digits they write. */
function decimal(field: string): string {
  return /^0x[0-9a-f]+$/.test(field) ? String(Number(field)) : field;
}
