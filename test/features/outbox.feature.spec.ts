import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { invitation, outboxStory, submit, taro, untilState } from '../support/outbox-steps.js';

const jiro = { userId: 'jiro', email: 'jiro@sample.example' };
const stranger = { userId: 'eve', company: 'rival', email: 'eve@rival.example' };
const auditor = { userId: 'hanako', roles: ['auditor'] } as const;

const PIXEL = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
const RESUME = Buffer.from('%PDF-1.7 履歴書');

describe('sending by HRBC’s own mail server', () => {
  const story = outboxStory();

  it('needs no setting: the answer names the way, and the mail arrives as it was written (R04, R05)', async () => {
    const { status, headers, body } = await story.user.post('/outbox/messages', {
      ...invitation,
      cc: ['sato@customer.example'],
      bcc: ['hidden@customer.example'],
    });
    expect(status).toBe(202);
    expect(body).toMatchObject({ state: 'queued', route: 'hrbc' });
    expect(headers.get('location')).toBe(`/api/v1/outbox/messages/${body.id}`);
    const { from, to, source } = await story.received(body.id as string);
    expect(from).toBe('taro@sample.example');
    expect(to).toEqual(['"tanaka..t."@docomo.example', 'sato@customer.example', 'hidden@customer.example']);
    expect(source.toString()).not.toContain('hidden@');
    const mail = await simpleParser(source);
    expect(mail).toMatchObject({ subject: '面談のご案内', messageId: body.messageId });
    expect(mail.from?.value).toEqual([{ name: '営業 太郎', address: 'taro@sample.example' }]);
    expect(mail.text?.trim()).toBe(invitation.text);
    expect(mail.headers.get('x-hrbc-mail-id')).toBe(body.id);
    expect(await untilState(story.user, body.id as string, 'accepted')).toMatchObject({
      attempts: [{ outcome: 'accepted' }],
    });
  });

  it('can be read again by its author, and by nobody else', async () => {
    const id = await submit(story.user, {
      ...invitation,
      bcc: ['hidden@customer.example'],
      html: '<p onclick="x()">ご案内<script>x()</script><img src="cid:logo@mail"><img src="https://track.example/x.gif"></p>',
      attachments: [
        { name: '履歴書.pdf', type: 'application/pdf', contentBase64: RESUME.toString('base64') },
        { name: 'ロゴ.gif', type: 'image/gif', contentBase64: PIXEL, contentId: 'logo@mail' },
      ],
    });
    await untilState(story.user, id, 'accepted');
    const { body, headers } = await story.user.get(`/outbox/messages/${id}`);
    expect(headers.get('etag')).toMatch(/^"\d+"$/);
    expect(body).toMatchObject({
      to: [{ name: '田中', address: 'tanaka..t.@docomo.example' }],
      bcc: [{ name: '', address: 'hidden@customer.example' }],
      text: invitation.text,
      blockedRemote: 1,
    });
    expect(body.html).toContain('ご案内');
    expect(body.html).toContain(`data:image/gif;base64,${PIXEL}`);
    expect(body.html).not.toMatch(/script|onclick|track\.example/);
    expect(body.htmlPolicy).toContain("default-src 'none'");
    const files = body.attachments as { index: number; name: string; size: number; inline: boolean }[];
    expect(files.map(({ name, inline }) => [name, inline]).sort()).toEqual([
      ['ロゴ.gif', true],
      ['履歴書.pdf', false],
    ]);
    const resume = files.find(({ name }) => name === '履歴書.pdf')!;
    expect(resume.size).toBe(RESUME.length);
    const file = await story.user.bytes(`/outbox/messages/${id}/attachments/${resume.index}`);
    expect(file.bytes.equals(RESUME)).toBe(true);
    expect(file.headers.get('content-disposition')).toMatch(/^attachment;/);
    expect((await story.user.bytes(`/outbox/messages/${id}/source`)).bytes.toString()).not.toContain('hidden@');
    expect((await story.user.get(`/outbox/messages/${id}/attachments/7`)).body).toMatchObject({
      code: 'outbox_attachment_not_found',
    });

    for (const person of [jiro, stranger]) {
      const other = await story.service.as(person);
      expect((await other.get('/outbox/messages')).body.items).toEqual([]);
      for (const path of ['', '/source', '/attachments/0']) {
        expect((await other.get(`/outbox/messages/${id}${path}`)).body).toMatchObject({
          status: 404,
          code: 'outbox_message_not_found',
        });
      }
      expect((await other.delete(`/outbox/messages/${id}`)).status).toBe(404);
      expect((await other.post(`/outbox/messages/${id}/retry`)).status).toBe(404);
    }
  });

  it('lists newest first, page by page, by state', async () => {
    const ids: string[] = [];
    for (const subject of ['1', '2', '3']) ids.unshift(await submit(story.user, { ...invitation, subject }));
    const first = (await story.user.get('/outbox/messages?limit=2')).body;
    expect(first.items.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    const second = (await story.user.get(`/outbox/messages?limit=1&after=${first.next}`)).body;
    expect(second.items[0]).toMatchObject({ id: ids[2], subject: '1' });
    expect((await story.user.get('/outbox/messages?state=failed')).body.items).toEqual([]);
  });

  it('takes forms too, with Japanese file names and an image inside', async () => {
    const form = new FormData();
    form.append('to', 'sato@customer.example');
    form.append('to', 'ito@customer.example');
    form.append('subject', '資料');
    form.append('html', '<img src="cid:logo@mail">');
    form.append('attachments', new Blob([RESUME], { type: 'application/pdf' }), '職務経歴書（田中）.pdf');
    form.append('inline:logo@mail', new Blob(['png'], { type: 'image/png' }), 'ロゴ.png');
    const { status, body } = await story.user.form('/outbox/messages', form);
    expect(status, JSON.stringify(body)).toBe(202);
    const { to, source } = await story.received(body.id as string);
    expect(to).toEqual(['sato@customer.example', 'ito@customer.example']);
    const { attachments } = await simpleParser(source);
    expect(attachments.map(({ filename, cid }) => [filename, cid])).toEqual([
      ['ロゴ.png', 'logo@mail'],
      ['職務経歴書（田中）.pdf', undefined],
    ]);
    expect(attachments[1]!.content.equals(RESUME)).toBe(true);

    const asJson = new FormData();
    asJson.append('message', JSON.stringify({ ...invitation, subject: 'JSON in a form' }));
    const again = await story.user.form('/outbox/messages', asJson);
    expect((await simpleParser((await story.received(again.body.id as string)).source)).subject).toBe('JSON in a form');

    const broken = new FormData();
    broken.append('message', '{');
    expect((await story.user.form('/outbox/messages', broken)).body).toMatchObject({
      status: 400,
      code: 'multipart_malformed',
    });
  });

  it('one Idempotency-Key, one mail: as JSON and as a form', async () => {
    const headers = { 'idempotency-key': 'send-once' };
    const [one, other] = [
      await story.user.post('/outbox/messages', invitation, { headers }),
      await story.user.post('/outbox/messages', invitation, { headers }),
    ];
    expect(other.body).toEqual(one.body);
    expect((await story.user.post('/outbox/messages', { ...invitation, text: 'x' }, { headers })).body).toMatchObject({
      code: 'idempotency_key_reused',
    });

    const form = (text: string): FormData => {
      const made = new FormData();
      for (const [name, value] of Object.entries({ to: 'sato@customer.example', subject: 's', text }))
        made.append(name, value);
      made.append('attachments', new Blob([RESUME]), 'a.pdf');
      return made;
    };
    const keyed = { headers: { 'idempotency-key': 'form-once' } };
    const answers = await Promise.all(
      [1, 2, 3].map(async () => story.user.form('/outbox/messages', form('同じ'), keyed)),
    );
    expect(new Set(answers.map(({ body }) => String(body.id))).size).toBe(1);
    expect((await story.user.form('/outbox/messages', form('別'), keyed)).body).toMatchObject({
      status: 422,
      code: 'idempotency_key_reused',
    });
    for (const id of [one.body.id, answers[0]!.body.id]) {
      await untilState(story.user, id as string, 'accepted');
      await story.received(id as string);
    }
  });

  it('repeated under its key once its sender is the author’s no longer: the first answer, and no second mail', async () => {
    const fields = { from: taro.additional_address_1, to: 'sato@customer.example', text: '同じ' };
    const keyed = { headers: { 'idempotency-key': 'before-the-change' } };
    const send = (user: ApiClient) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      return user.form('/outbox/messages', form, keyed);
    };
    const first = await send(story.user);
    expect(first.status).toBe(202);
    const later = await story.service.as({ ...taro, additional_address_1: 'jinji@sample.example' });
    expect(await send(later)).toMatchObject({ status: 202, body: first.body });
    expect((await later.post('/outbox/messages', { ...invitation, from: fields.from })).status).toBe(422);
    await untilState(later, first.body.id as string, 'accepted');
    await story.received(first.body.id as string);
  });

  it('sends from the own address and additional address 1, and from nothing else (R42)', async () => {
    expect((await story.user.get('/me/from-addresses')).body).toEqual([
      { address: 'taro@sample.example', kind: 'own', sendable: 'yes' },
      { address: 'saiyo@sample.example', kind: 'additional_1', sendable: 'yes' },
    ]);
    const id = await submit(story.user, { ...invitation, from: 'Saiyo@sample.example' });
    expect((await simpleParser((await story.received(id)).source)).from?.value[0]).toMatchObject({
      address: 'saiyo@sample.example',
    });
    expect(
      (await story.user.post('/outbox/messages', { ...invitation, from: 'jiro@sample.example' })).body,
    ).toMatchObject({
      status: 422,
      code: 'from_not_allowed',
      errors: [{ field: 'from' }],
    });
    const other = await story.service.as(jiro);
    expect((await other.get('/me/from-addresses')).body).toHaveLength(1);
  });

  it.each([
    ['no recipient', { subject: 'x' }, 'to'],
    ['an address that is none', { ...invitation, to: ['nobody'] }, 'to.0'],
    ['a second command in an address', { ...invitation, to: ['a@b.example>\r\nRCPT TO:<x@y.example'] }, 'to.0'],
    [
      'base64 that is none',
      { ...invitation, attachments: [{ name: 'a', contentBase64: 'あ' }] },
      'attachments.0.contentBase64',
    ],
    [
      'a nested message as an attachment',
      { ...invitation, attachments: [{ name: 'a', type: 'multipart/mixed', contentBase64: '' }] },
      'attachments.0.type',
    ],
    ['a field that does not exist', { ...invitation, headers: { 'X-Evil': '1' } }, 'headers'],
    ['half a character', { ...invitation, subject: '\ud800' }, 'subject'],
  ])('refuses %s', async (_what, mail, field) => {
    const { status, body } = await story.user.post('/outbox/messages', mail);
    expect(status).toBe(422);
    expect(body.errors[0]).toMatchObject({ field });
  });

  it('refuses more recipients than a mail may have, in to, cc and bcc together, and names the limit', async () => {
    // So many use up what a company may send within a minute.
    const writer = await story.service.as({ ...taro, company: 'crowd' });
    const some = (count: number, domain: string): string[] =>
      Array.from({ length: count }, (_, n) => `a${n}@${domain}`);
    const crowd = { to: some(200, 'one.example'), cc: some(200, 'two.example'), bcc: some(101, 'three.example') };
    const form = new FormData();
    for (const [field, addresses] of Object.entries(crowd)) for (const one of addresses) form.append(field, one);
    for (const { status, body } of [
      await writer.post('/outbox/messages', { ...invitation, ...crowd }),
      await writer.form('/outbox/messages', form),
    ]) {
      expect(status).toBe(422);
      expect(body.errors).toMatchObject([{ field: 'to', code: 'too_many_recipients' }]);
      expect(JSON.stringify(body.errors)).toContain('500');
    }
    const id = await submit(writer, { ...invitation, ...crowd, bcc: some(100, 'three.example') });
    expect((await story.received(id)).to).toHaveLength(500);
  });

  it('lets nobody add a header by what is typed', async () => {
    const id = await submit(story.user, {
      ...invitation,
      to: ['sato@customer.example'],
      subject: 'a\r\nBcc: evil@x.example\r\n\r\nb',
    });
    const { to, source } = await story.received(id);
    expect(to).toEqual(['sato@customer.example']);
    expect(source.toString()).not.toMatch(/^Bcc:/im);
  });

  it('refuses what is too large before it is sent, and names the limit', async () => {
    const contentBase64 = Buffer.alloc(19 * 1024 * 1024).toString('base64');
    const { body } = await story.user.post('/outbox/messages', {
      ...invitation,
      attachments: [{ name: 'a.bin', contentBase64 }],
    });
    expect(body).toMatchObject({ status: 422, code: 'message_too_large' });
    expect(body.detail).toContain('25 MB');
    const form = new FormData();
    form.append('to', 'sato@customer.example');
    form.append('attachments', new Blob([Buffer.alloc(19 * 1024 * 1024)]), 'a.bin');
    expect((await story.user.form('/outbox/messages', form)).body).toMatchObject({
      status: 422,
      code: 'message_too_large',
    });
    const fits = Buffer.alloc(17 * 1024 * 1024, 7).toString('base64');
    const id = await submit(story.user, { ...invitation, attachments: [{ name: 'a.bin', contentBase64: fits }] });
    await untilState(story.user, id, 'accepted');
  });

  it.each([
    ['one long text', { text: 1, html: 37 }],
    ['several that are long together', { text: 19, html: 19 }],
  ])('refuses a form with %s, and names the limit', async (_what, megabytes) => {
    const form = new FormData();
    form.append('to', 'sato@customer.example');
    for (const [field, size] of Object.entries(megabytes)) form.append(field, 'a'.repeat(size * 1024 * 1024));
    const { body } = await story.user.form('/outbox/messages', form);
    expect(body).toMatchObject({ status: 413, code: 'body_too_large' });
    expect(body.detail).toContain(String(36 * 1024 * 1024));
  });

  it('leaves no word of any mail on the record and in the log', async () => {
    const { body } = await (await story.service.as(auditor)).get('/audit/events?limit=200');
    const everything = JSON.stringify(body.items);
    expect(everything).toContain('MailAccepted');
    for (const word of ['面談', 'よろしく', 'tanaka', '履歴書']) {
      expect(everything).not.toContain(word);
      expect(story.service.log).not.toContain(word);
    }
  });
});
