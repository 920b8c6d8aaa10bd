import { existsSync } from 'node:fs';
import { run } from './run.mjs';

/** What the tests need that npm cannot give: a program that proves it is there, and the Debian packages that bring it. */
const NEEDED = [
  {
    program: '/usr/sbin/dovecot',
    packages: ['dovecot-imapd', 'dovecot-pop3d'],
    for: 'the stories with a real mail server',
  },
];

/**
 * Installs them on Debian and Ubuntu, where this account may. Elsewhere it says what to install; the suites that
 * need it then show as skipped, with the reason.
 */
export async function installSystemPackages() {
  const missing = NEEDED.filter(({ program }) => !existsSync(program));
  if (missing.length === 0) return;
  const packages = missing.flatMap((need) => need.packages);
  const why = missing.map((need) => need.for).join(', ');
  const root = process.getuid?.() === 0;
  if (existsSync('/usr/bin/apt-get') && (root || (await canSudo()))) {
    console.log(`Installing ${packages.join(', ')} for ${why} …`);
    const apt = (...args) => run(root ? 'apt-get' : 'sudo', root ? args : ['-n', 'apt-get', ...args], QUIET);
    try {
      await apt('update', '-q');
      await apt('install', '-q', '-y', '--no-install-recommends', ...packages);
      return;
    } catch (error) {
      console.log(`apt-get could not install them: ${error.message}`);
    }
  }
  console.log(`Not installed, so ${why} will be skipped. Install these packages: ${packages.join(', ')}`);
}

const QUIET = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };

async function canSudo() {
  return run('sudo', ['-n', 'true'], { stdio: 'ignore' }).then(
    () => true,
    () => false,
  );
}
