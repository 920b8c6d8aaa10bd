import { describe, expect, it } from 'vitest';
import { type MailboxStanding, summaryOf } from './mailbox-overview.js';

const fine: MailboxStanding = {
  userId: 'alice',
  address: 'alice@porters.example',
  state: 'in_use',
  mailServerId: 'tokyo',
  problem: null,
};
const struck = (userId: string, mailServerId: string, code: string, since: string): MailboxStanding => ({
  ...fine,
  userId,
  mailServerId,
  problem: { code, since },
});
const nine = '2026-11-22T09:00:00.000Z';
const ten = '2026-11-22T10:00:00.000Z';
const unreachable = 'mailbox_server_unreachable';

describe('the overview of a company', () => {
  it('shows a fault that many share once, with its count and its beginning', () => {
    const mailboxes = [
      struck('bob', 'tokyo', unreachable, ten),
      struck('carol', 'tokyo', unreachable, nine),
      struck('dave', 'osaka', unreachable, ten),
      fine,
    ];
    expect(summaryOf(mailboxes)).toEqual({
      total: 4,
      states: { in_use: 4 },
      faults: [
        { code: unreachable, mailServerId: 'tokyo', count: 2, since: nine },
        { code: unreachable, mailServerId: 'osaka', count: 1, since: ten },
      ],
    });
  });

  it('counts by state, the released ones too', () => {
    const released: MailboxStanding = { ...fine, userId: 'erin', state: 'released', mailServerId: null, address: null };
    expect(summaryOf([fine, released])).toMatchObject({ total: 2, states: { in_use: 1, released: 1 }, faults: [] });
  });

  it('keeps different faults of one server apart', () => {
    const { faults } = summaryOf([
      struck('bob', 'tokyo', 'mailbox_login_failed', ten),
      struck('carol', 'tokyo', 'mailbox_busy', ten),
    ]);
    expect(faults.map(({ code, count }) => [code, count])).toEqual([
      ['mailbox_busy', 1],
      ['mailbox_login_failed', 1],
    ]);
  });

  it('of nobody is empty', () => {
    expect(summaryOf([])).toEqual({ total: 0, states: {}, faults: [] });
  });
});
