/** The four listeners; 0 where TLS is off. */
export interface DovecotPorts {
  readonly imap: number;
  readonly imaps: number;
  readonly pop3: number;
  readonly pop3s: number;
}

/** `offered`: STARTTLS/STLS on the plain ports; `required`: every login without TLS is refused; `off`: none at all. */
export type TlsMode = 'offered' | 'required' | 'off';

export interface DovecotSettings {
  /** Holds everything that lives as long as the process: sockets, certificate, users, log. */
  readonly sessionDirectory: string;
  readonly host: string;
  readonly ports: DovecotPorts;
  readonly tls: TlsMode;
  readonly pop3MarksSeen: boolean;
  /** Shown in the greeting, so that whoever started this server knows it is this one that answers. */
  readonly greeting: string;
  /** The account it runs under where that is not root's to choose: user and group name. Null: started by root. */
  readonly unprivileged: { readonly user: string; readonly group: string } | null;
  readonly mailOwner: { readonly uid: number; readonly gid: number };
}

/** The text of dovecot.conf (Dovecot 2.3, doc.dovecot.org/2.3/settings). */
export function dovecotConfiguration(settings: DovecotSettings): string {
  const { sessionDirectory: directory, ports, unprivileged } = settings;
  const blocks = [
    `protocols = imap pop3
listen = ${settings.host}
base_dir = ${directory}/run
state_dir = ${directory}/run
log_path = ${directory}/log
login_greeting = ${settings.greeting}
disable_plaintext_auth = ${settings.tls === 'required' ? 'yes' : 'no'}
auth_mechanisms = plain login
# every character may stand in an account name
auth_username_chars =
# a wrong password would cost two seconds
auth_failure_delay = 0
mail_location = maildir:~/Maildir
mail_uid = ${settings.mailOwner.uid}
mail_gid = ${settings.mailOwner.gid}
first_valid_uid = 1
mail_max_userip_connections = 200`,
    settings.tls === 'off'
      ? 'ssl = no'
      : `ssl = ${settings.tls === 'required' ? 'required' : 'yes'}
ssl_cert = <${directory}/server.pem
ssl_key = <${directory}/server.key`,
    unprivileged &&
      `default_internal_user = ${unprivileged.user}
default_internal_group = ${unprivileged.group}
default_login_user = ${unprivileged.user}`,
    block('passdb', 'driver = passwd-file', `args = username_format=%u ${directory}/users`),
    block('userdb', 'driver = passwd-file', `args = username_format=%u ${directory}/users`),
    block('namespace inbox', 'inbox = yes'),
    block('protocol pop3', `pop3_no_flag_updates = ${settings.pop3MarksSeen ? 'no' : 'yes'}`),
    // without the penalty listener, nobody waits for having mistyped a password before (wiki: Authentication/Penalty)
    block('service anvil', 'chroot =', block('unix_listener anvil-auth-penalty', 'mode = 0')),
    block('service stats', 'chroot ='),
    // reads the users file, which is nobody else's business
    block('service auth', `user = ${unprivileged ? unprivileged.user : 'root'}`),
    loginService('imap', ports.imap, ports.imaps, unprivileged !== null),
    loginService('pop3', ports.pop3, ports.pop3s, unprivileged !== null),
  ];
  return blocks.filter((text) => text !== null).join('\n') + '\n';
}

/** Nested blocks must stand on lines of their own; Dovecot's parser wants it so. */
function block(head: string, ...lines: readonly string[]): string {
  return `${head} {\n${lines.map((line) => `  ${line}`).join('\n')}\n}`;
}

function loginService(protocol: 'imap' | 'pop3', port: number, tlsPort: number, unprivileged: boolean): string {
  return block(
    `service ${protocol}-login`,
    'process_min_avail = 1',
    'service_count = 0', // one process serves many logins
    ...(unprivileged ? ['chroot ='] : []),
    block(`inet_listener ${protocol}`, `port = ${port}`),
    block(`inet_listener ${protocol}s`, `port = ${tlsPort}`, ...(tlsPort ? ['ssl = yes'] : [])),
  );
}
