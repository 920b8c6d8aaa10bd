import { type CommandMetadata, specificationOf } from '@libs/eventsourcing';
import { describe, it } from 'vitest';
import { ChangeMailServer, DeleteMailServer, RegisterMailServer } from './mail-server.commands.js';
import { mailServerDecider } from './mail-server.decider.js';
import { type MailServerDeleted, type MailServerRegistered, type MailService } from './mail-server.events.js';

const { given } = specificationOf(mailServerDecider);

const byAdmin: CommandMetadata = {
  company: 'porters',
  actor: { kind: 'user', userId: 'admin', name: '管理 花子', roles: ['admin'] },
  at: '2026-11-22T01:00:00.000Z',
  correlationId: 'c1',
  causationId: 'c1',
};
const companyImap: MailService = {
  service: 'other',
  protocol: 'imap',
  security: 'ssl',
  host: 'mail.example.co.jp',
  port: 993,
};
const described = { mailServerId: 's1', name: '本社', description: companyImap };
const registered: MailServerRegistered = { type: 'MailServerRegistered', data: described };
const deleted: MailServerDeleted = {
  type: 'MailServerDeleted',
  data: { mailServerId: 's1', releasesSettings: false },
};
const onPort143 = { ...described, description: { ...companyImap, port: 143, security: 'none' as const } };

describe('a mail server', () => {
  it('is registered', () => given().when(new RegisterMailServer(described, byAdmin)).then(registered));

  it('is registered once, however often it is asked for', () =>
    given(registered).when(new RegisterMailServer(described, byAdmin)).thenNothing());

  it('does not become another one under the same id', () =>
    given(registered).when(new RegisterMailServer(onPort143, byAdmin)).thenRejected('mail_server_exists'));

  it('is changed', () =>
    given(registered)
      .when(new ChangeMailServer(onPort143, byAdmin, null))
      .then({ type: 'MailServerChanged', data: onPort143 }));

  it('is not changed by what it already is', () =>
    given(registered)
      .when(new ChangeMailServer(described, byAdmin, null))
      .thenNothing());

  it('stays the kind of service it is', () =>
    given(registered)
      .when(new ChangeMailServer({ ...described, description: { service: 'gmail' } }, byAdmin, null))
      .thenRejected('mail_service_fixed'));

  it('cannot be changed before it exists, or after it was deleted', () => {
    given()
      .when(new ChangeMailServer(described, byAdmin, null))
      .thenRejected('mail_server_not_found');
    given(registered, deleted)
      .when(new ChangeMailServer(described, byAdmin, null))
      .thenRejected('mail_server_not_found');
  });

  it('is deleted, and says whether the settings that used it go with it', () =>
    given(registered)
      .when(new DeleteMailServer({ mailServerId: 's1', release: true }, byAdmin, null))
      .then({ type: 'MailServerDeleted', data: { mailServerId: 's1', releasesSettings: true } }));

  it('is deleted once', () =>
    given(registered, deleted)
      .when(new DeleteMailServer({ mailServerId: 's1', release: false }, byAdmin, null))
      .thenNothing());

  it('cannot be deleted when there never was one', () =>
    given()
      .when(new DeleteMailServer({ mailServerId: 's1', release: false }, byAdmin, null))
      .thenRejected('mail_server_not_found'));
});
