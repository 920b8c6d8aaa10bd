/** IMAP and POP3, with STARTTLS and with TLS from the first byte (RFC 8314, 7.1 and 7.2; RFC 9051; RFC 1939). */
const REGISTERED = new Set([110, 143, 993, 995]);

/**
 * Ports from 1024 on behind which the internet is searched for databases, queues, remote control and
 * administration. None is ever a mail server's; a company that moved its mail server to a port of its own did not
 * move it here.
 */
const FOREIGN_SERVICES = new Set([
  ...[1080, 1099, 1433, 1434, 1521, 1723, 1883, 2049, 2082, 2083, 2181, 2222, 2375, 2376, 2377, 2379, 2380],
  ...[3000, 3128, 3268, 3269, 3306, 3389, 3690, 4000, 4194, 4369, 4443, 4505, 4506, 4789, 5000, 5044, 5060, 5061],
  ...[5432, 5433, 5601, 5671, 5672, 5900, 5901, 5984, 5985, 5986, 6000, 6379, 6380, 6443, 6660, 6667, 7000, 7001],
  ...[7077, 7199, 7443, 7474, 7687, 8000, 8005, 8008, 8009, 8080, 8081, 8086, 8088, 8089, 8123, 8200, 8300, 8443],
  ...[8500, 8888, 9000, 9042, 9090, 9091, 9092, 9100, 9160, 9200, 9300, 9418, 9443, 9999, 10000, 10050, 10051],
  ...[10250, 10255, 10256, 11211, 15672, 16379, 26379, 27017, 27018, 27019, 28017, 50000, 50070, 61616],
]);

/**
 * Whether a customer's mail server may be sought on this port. The rule: the four registered ports, or a port from
 * 1024 on that is not known for something else. Below 1024 everything else is some other service's (ssh, smtp, http,
 * ldap, smb …). This keeps the product from being used to search other people's hosts for such services; it says
 * nothing about addresses, which are checked apart.
 */
export function isMailPort(port: number): boolean {
  if (!Number.isInteger(port) || port > 65_535) return false;
  return REGISTERED.has(port) || (port >= 1024 && !FOREIGN_SERVICES.has(port));
}
