/** What the measurements store: documents of about 500 bytes, as a list of messages shows them, and their indexes. */
export const INDEXES = [
  { key: { company: 1, userId: 1, receivedAt: -1, _id: -1 } },
  { key: { company: 1, shared: 1, receivedAt: -1, _id: -1 } },
  { key: { company: 1, identity: 1 }, unique: true },
  { key: { receivedAt: -1 } },
  { key: { 'from.address': 1 } },
] as const;

const DAY_MS = 86_400_000;
const FIRST_DAY = 1_700_000_000_000;
const USERS = 50;

export const userOf = (n: number): string => `u${String(n % USERS)}`;

/** The n-th; the same n always gives the same. */
export const messageSummary = (n: number) => ({
  company: 'c1',
  userId: userOf(n),
  identity: `identity-${String(n)}`,
  receivedAt: new Date(FIRST_DAY + (n % 400) * DAY_MS),
  shared: n % 3 === 0,
  from: { name: 'Aiko Tanaka', address: `sender${String(n % 300)}@a.example` },
  subject: `Subject of message ${String(n)}`,
  preview: 'A few words of the body, as they are shown in a list of messages. '.repeat(2),
});
