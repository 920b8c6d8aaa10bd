import { type CommandMetadata, type DomainCommand } from '@libs/eventsourcing';

/** `POST /admin/people/{userId}/erasure`; `metadata.reason` says why. */
export class ErasePerson implements DomainCommand<'ErasePerson', { readonly userId: string }> {
  readonly type = 'ErasePerson';
  constructor(
    readonly data: { readonly userId: string },
    readonly metadata: CommandMetadata,
  ) {}
}

/** The work is done, or was done again. */
export class ConfirmErasure implements DomainCommand<'ConfirmErasure', ConfirmErasureData> {
  readonly type = 'ConfirmErasure';
  constructor(
    readonly data: ConfirmErasureData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface ConfirmErasureData {
  readonly userId: string;
  readonly erased: Readonly<Record<string, number>>;
}

export type PersonCommand = ErasePerson | ConfirmErasure;
