import { type Projection, streamParts } from '@libs/eventsourcing';
import { MAIL_SERVER, type MailServerEvent, type MailService } from '../mail-server.events.js';

export interface MailServerDocument {
  readonly company: string;
  readonly name: string;
  readonly description: MailService;
  readonly createdAt: string;
  readonly deleted: boolean;
  /** Of the stream; the ETag of the resource. */
  readonly revision: number;
}

export const mailServersProjection: Projection<MailServerDocument, MailServerEvent> = {
  name: 'mail_servers',
  version: 1,
  categories: [MAIL_SERVER],
  project(event) {
    const [company = '', id = ''] = streamParts(event.stream);
    const { revision } = event;
    switch (event.type) {
      case 'MailServerRegistered': {
        const { name, description } = event.data;
        const createdAt = event.metadata.at;
        return [{ id, set: { company, name, description, createdAt, deleted: false, revision } }];
      }
      case 'MailServerChanged': {
        const { name, description } = event.data;
        return [{ id, set: { company, name, description, revision } }];
      }
      case 'MailServerDeleted':
        return [{ id, set: { company, deleted: true, revision } }];
    }
  },
};
