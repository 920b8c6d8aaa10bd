import { type CommandMetadata, type DomainCommand } from '@libs/eventsourcing';

/** `PUT /admin/retention`. */
export class DecideRetention implements DomainCommand<'DecideRetention', { readonly mailDays: number | null }> {
  readonly type = 'DecideRetention';
  constructor(
    readonly data: { readonly mailDays: number | null },
    readonly metadata: CommandMetadata,
    readonly ifMatch: string | null,
  ) {}
}
