import { type Decider } from '@libs/eventsourcing';
import {
  type ChangeMailServer,
  type DeleteMailServer,
  type MailServerCommand,
  type RegisterMailServer,
} from './mail-server.commands.js';
import { reject } from './mail-server.errors.js';
import { type MailServerEvent, type MailService } from './mail-server.events.js';

export type MailServerState =
  | { readonly status: 'unknown' }
  | { readonly status: 'registered'; readonly name: string; readonly description: MailService }
  | { readonly status: 'deleted' };

function evolve(_state: MailServerState, event: MailServerEvent): MailServerState {
  switch (event.type) {
    case 'MailServerRegistered':
    case 'MailServerChanged':
      return { status: 'registered', name: event.data.name, description: event.data.description };
    case 'MailServerDeleted':
      return { status: 'deleted' };
  }
}

function register({ data }: RegisterMailServer, state: MailServerState): readonly MailServerEvent[] {
  switch (state.status) {
    case 'unknown':
      return [{ type: 'MailServerRegistered', data }];
    case 'registered':
      if (isSame(state, data)) return [];
      throw reject('mail_server_exists', { what: data.name });
    case 'deleted':
      throw reject('mail_server_not_found');
  }
}

function change({ data }: ChangeMailServer, state: MailServerState): readonly MailServerEvent[] {
  if (state.status !== 'registered') throw reject('mail_server_not_found');
  if (state.description.service !== data.description.service) {
    throw reject('mail_service_fixed', {}, { field: 'service' });
  }
  return isSame(state, data) ? [] : [{ type: 'MailServerChanged', data }];
}

function remove({ data }: DeleteMailServer, state: MailServerState): readonly MailServerEvent[] {
  switch (state.status) {
    case 'unknown':
      throw reject('mail_server_not_found');
    case 'registered':
      return [
        {
          type: 'MailServerDeleted',
          data: { mailServerId: data.mailServerId, releasesSettings: data.release },
        },
      ];
    case 'deleted':
      return [];
  }
}

export const mailServerDecider: Decider<MailServerState, MailServerCommand, MailServerEvent> = {
  initialState: { status: 'unknown' },
  evolve,
  decide(command, state) {
    switch (command.type) {
      case 'RegisterMailServer':
        return register(command, state);
      case 'ChangeMailServer':
        return change(command, state);
      case 'DeleteMailServer':
        return remove(command, state);
    }
  },
};

interface Named {
  readonly name: string;
  readonly description: MailService;
}

function isSame(a: Named, b: Named): boolean {
  return (
    a.name === b.name && endpointKey(a.description) === endpointKey(b.description) && securityOf(a) === securityOf(b)
  );
}

const securityOf = ({ description }: Named): string => (description.service === 'other' ? description.security : '');

/** What may exist only once in a company: the service itself, or the protocol, host and port of another server. */
export function endpointKey(description: MailService): string {
  return description.service === 'other'
    ? `${description.protocol}:${description.host}:${description.port}`
    : description.service;
}
