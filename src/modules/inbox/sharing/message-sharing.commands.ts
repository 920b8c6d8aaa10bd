import { type CommandMetadata, type DomainCommand } from '@libs/eventsourcing';

/** Shares one mail, or takes it back. */
export class SetSharing implements DomainCommand<'SetSharing', SetSharingData> {
  readonly type = 'SetSharing';
  constructor(
    readonly data: SetSharingData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface SetSharingData {
  readonly userId: string;
  readonly messageId: string;
  readonly shared: boolean;
  /** What was decided when the mail was received; it holds until somebody decides otherwise. */
  readonly sharedAtReceipt: boolean;
}

/** `PUT …/sharing` and `POST /inbox/messages/sharing`: the same decision for one mail or many. */
export class ShareMessages {
  constructor(
    readonly data: { readonly userId: string; readonly messageIds: readonly string[]; readonly shared: boolean },
    readonly metadata: CommandMetadata,
    /** The ETag of the one mail that its owner has seen; null: whichever. */
    readonly ifMatch: string | null = null,
  ) {}
}
