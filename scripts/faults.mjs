// `npm run test:faults [-- --seed N --only WORDS]`: everything that can befall several instances of a process, at length: real processes, a
// real etcd, faults by signals and cut ways, takeovers in real Node-REDs as a master sees them. Takes about half an hour. Prints
// figures as minimum, median and maximum. Needs etcd (Debian's `etcd-server`, installed here where that is possible).
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 0x7fff_0000) },
    // Of the name of a test, as `mocha -g` takes them: "kill -9", "random faults".
    only: { type: 'string', default: '' },
  },
});

const isThere = () => spawnSync('etcd', ['--version']).status === 0;

if (!isThere() && process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['-qq', 'update'], { stdio: 'inherit', env });
  spawnSync('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', 'etcd-server'], { stdio: 'inherit', env });
}
if (!isThere()) {
  console.error('faults: etcd is missing: apt-get install etcd-server');
  process.exit(1);
}

console.log(`faults: seed ${values.seed}, Node.js ${process.version}`);
const { status } = spawnSync(
  process.execPath,
  ['node_modules/mocha/bin/mocha.js', '--exit', 'test/kom/*.test.ts', '-g', values.only],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      TELECONTROL_FAULTS: 'long',
      TELECONTROL_REQUIRE_ALL: '1',
      TELECONTROL_SCHEDULES: '20000',
      TELECONTROL_SEED: values.seed,
    },
  },
);
process.exit(status ?? 1);
