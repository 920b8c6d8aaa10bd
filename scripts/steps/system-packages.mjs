import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { run } from './run.mjs';

/** What the tests need that npm cannot give: a program that proves it is there, and the Debian packages that bring it. */
const NEEDED = [
  {
    program: '/usr/sbin/dovecot',
    packages: ['dovecot-imapd', 'dovecot-pop3d'],
    for: 'the stories with a real mail server',
  },
  {
    program: '/usr/sbin/postfix',
    packages: ['postfix'],
    // Unconfigured it listens nowhere: the tests start one of their own.
    answers: 'postfix postfix/main_mailer_type select No configuration\n',
    // It would replace the mail system that this machine has.
    unlessThere: '/usr/sbin/sendmail',
    for: 'the story with a real SMTP server',
  },
];

/**
 * Installs them on Debian and Ubuntu, where this account may. Elsewhere it says what to install; the suites that
 * need it then show as skipped, with the reason.
 */
export async function installSystemPackages() {
  const missing = NEEDED.filter(({ program, unlessThere }) => !existsSync(program) && !isThere(unlessThere));
  if (missing.length === 0) return;
  const packages = missing.flatMap((need) => need.packages);
  const why = missing.map((need) => need.for).join(', ');
  const root = process.getuid?.() === 0;
  if (existsSync('/usr/bin/apt-get') && (root || (await canSudo()))) {
    console.log(`Installing ${packages.join(', ')} for ${why} …`);
    const apt = (...args) => run(root ? 'apt-get' : 'sudo', root ? args : ['-n', 'apt-get', ...args], QUIET);
    try {
      await apt('update', '-q');
      preset(missing.map((need) => need.answers ?? '').join(''), root);
      await apt('install', '-q', '-y', '--no-install-recommends', ...packages);
      return;
    } catch (error) {
      console.log(`apt-get could not install them: ${error.message}`);
    }
  }
  console.log(`Not installed, so ${why} will be skipped. Install these packages: ${packages.join(', ')}`);
}

const QUIET = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };

const isThere = (path) => path !== undefined && existsSync(path);

/** Answers what a package would ask for; it is no fault where nothing can be asked. */
function preset(answers, root) {
  const [command, ...args] = root ? ['debconf-set-selections'] : ['sudo', '-n', 'debconf-set-selections'];
  if (answers !== '') spawnSync(command, args, { input: answers, stdio: ['pipe', 'ignore', 'ignore'] });
}

async function canSudo() {
  return run('sudo', ['-n', 'true'], { stdio: 'ignore' }).then(
    () => true,
    () => false,
  );
}
