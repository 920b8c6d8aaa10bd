import { describe, it, expect } from 'vitest';
import { dotText, type FakePop3Mail, fakePop3Server } from './fake-pop3-server.js';
import { inboxOf, readerOf, sources } from './pop3-inbox.js';
import { lastCursor, pass, subjects } from './passes.js';
import { DAY_AFTER, LONG_AGO, sampleMail } from './sample-mails.js';

/** Many servers lack UIDL, TOP or PIPELINING, or give the same UIDL twice (RFC 1939, 7; RFC 2449). */
describe('Pop3MailReader against servers of few abilities', () => {
  it('does not send ahead where the server does not say that it may', async () => {
    let open = 0;
    let most = 0;
    const answered = { capabilities: ['TOP', 'UIDL'] };
    const server = await fakePop3Server({
      inbox: inboxOf(5),
      ...answered,
      intervene: (line, socket) => {
        if (!line.startsWith('TOP')) return false;
        most = Math.max(most, ++open);
        const [, number, lines] = line.split(' ');
        const { source } = sampleMail(`mail ${number}`, DAY_AFTER);
        const text = lines === '0' ? source.subarray(0, source.indexOf('\r\n\r\n') + 4) : source;
        setTimeout(() => {
          open--;
          socket.write(Buffer.concat([Buffer.from('+OK\r\n'), dotText(text)]));
        }, 2);
        return true;
      },
    });
    expect(subjects(await pass(readerOf(server)))).toHaveLength(5);
    expect(most).toBe(1);
  });

  it('recognises mails by their headers on a server without UIDL', async () => {
    const inbox = inboxOf(2);
    const server = await fakePop3Server({ inbox, without: ['UIDL'] });
    const first = await pass(readerOf(server));
    expect(subjects(first)).toEqual(['mail 1', 'mail 2']);
    inbox.mails = [...inboxOf(3).mails].reverse();
    expect(subjects(await pass(readerOf(server), lastCursor(first)))).toEqual(['mail 3']);
  });

  it('yields everything again on a server without UIDL and TOP, rather than lose a mail', async () => {
    const server = await fakePop3Server({ inbox: inboxOf(2), without: ['UIDL', 'TOP', 'CAPA'] });
    const first = await pass(readerOf(server));
    expect(subjects(await pass(readerOf(server), lastCursor(first)))).toEqual(['mail 1', 'mail 2']);
  });

  it('finds out about old mail on a server without TOP, at the cost of fetching it', async () => {
    const mails = [
      { id: 'a', source: sampleMail('old', LONG_AGO).source },
      { id: 'b', source: sampleMail('new', DAY_AFTER).source },
    ];
    const server = await fakePop3Server({ inbox: { mails }, without: ['TOP'] });
    const first = await pass(readerOf(server));
    expect(subjects(first)).toEqual(['new']);
    expect(subjects(await pass(readerOf(server), lastCursor(first)))).toEqual([]);
    expect(server.received.filter((line) => line.startsWith('RETR'))).toHaveLength(2);
  });

  it('costs old mail its header only', async () => {
    const mails = [1, 2, 3].map((n) => ({
      id: `${n}`,
      source: sampleMail(`mail ${n}`, n === 2 ? DAY_AFTER : LONG_AGO).source,
    }));
    const server = await fakePop3Server({ inbox: { mails } });
    await pass(readerOf(server));
    const whole = server.received.filter((line) => /^(RETR|TOP \d+ [1-9])/.test(line));
    expect(whole).toEqual([expect.stringMatching(/^TOP 2 /)]);
  });

  it.each<[string, (mail: FakePop3Mail) => FakePop3Mail]>([
    ['more', (mail) => ({ ...mail, size: mail.source.length + 300 })],
    ['less', (mail) => ({ ...mail, size: mail.source.length - 30 })],
    ['nothing', (mail) => ({ ...mail, size: 0 })],
  ])('falls back to RETR on a server that lists %s than there is', async (_, lie) => {
    const mails = inboxOf(3).mails.map(lie);
    const server = await fakePop3Server({ inbox: { mails } });
    expect(sources(await pass(readerOf(server)))).toEqual(mails.map(({ source }) => source.toString('latin1')));
    expect(server.received.filter((line) => line.startsWith('RETR'))).toHaveLength(3);
  });

  it('falls back to RETR on a server that cuts TOP short', async () => {
    const mails = [1, 2].map((n) => ({
      id: `${n}`,
      source: sampleMail(`mail ${n}`, DAY_AFTER, 'line\r\n'.repeat(200)).source,
    }));
    const server = await fakePop3Server({
      inbox: { mails },
      intervene: (line, socket) => {
        const [, number] = /^TOP (\d) 2\d+/.exec(line) ?? [];
        const mail = number && mails[Number(number) - 1];
        if (!mail) return false;
        const short = mail.source.subarray(0, mail.source.length - 6 * 150);
        return socket.write(Buffer.concat([Buffer.from('+OK\r\n'), dotText(short)]));
      },
    });
    expect(sources(await pass(readerOf(server)))).toEqual(mails.map(({ source }) => source.toString('latin1')));
  });

  it('yields mails that share a UIDL, each once', async () => {
    const inbox = { mails: inboxOf(3).mails.map((mail) => ({ ...mail, id: 'same' })) };
    const server = await fakePop3Server({ inbox });
    const first = await pass(readerOf(server));
    expect(subjects(first)).toEqual(['mail 1', 'mail 2', 'mail 3']);
    inbox.mails = inboxOf(4).mails.map((mail) => ({ ...mail, id: 'same' }));
    expect(subjects(await pass(readerOf(server), lastCursor(first)))).toEqual(['mail 4']);
  });

  it('yields everything again when the server has given new UIDLs to all', async () => {
    const inbox = inboxOf(3);
    const server = await fakePop3Server({ inbox });
    const first = await pass(readerOf(server));
    inbox.mails = inbox.mails.map((mail) => ({ ...mail, id: `new-${mail.id}` }));
    const second = await pass(readerOf(server), lastCursor(first));
    expect(subjects(second)).toEqual(['mail 1', 'mail 2', 'mail 3']);
    expect(JSON.stringify(lastCursor(second)).length).toBe(JSON.stringify(lastCursor(first)).length);
  });
});
