import { type CommandMetadata, type DomainCommand } from '@libs/eventsourcing';

interface ImportedSetting {
  readonly userId: string;
  readonly address: string;
  readonly accountName: string;
  readonly registeredAt: string;
  readonly importSince: string | null;
  readonly shareByDefault: boolean;
}

/** Takes over an old setting of Office365 or Gmail, without its password. */
export class ImportLegacySetting implements DomainCommand<'ImportLegacySetting', ImportLegacySettingData> {
  readonly type = 'ImportLegacySetting';
  constructor(
    readonly data: ImportLegacySettingData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface ImportLegacySettingData extends ImportedSetting {
  readonly service: 'office365' | 'gmail';
  readonly recognisedBy: 'host' | 'alias' | 'mx';
  readonly host: string;
}

/** Takes over an old setting of an other server, whose password is stored under `credentialRef` already. */
export class ImportAccount implements DomainCommand<'ImportAccount', ImportAccountData> {
  readonly type = 'ImportAccount';
  constructor(
    readonly data: ImportAccountData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface ImportAccountData extends ImportedSetting {
  readonly mailServerId: string;
  readonly credentialRef: string;
  readonly security: 'none' | 'ssl';
}

interface OfCampaign {
  readonly userId: string;
  readonly campaignId: string;
}

/** R13; why stands in `metadata.reason`. */
export class ForceReRegistration implements DomainCommand<'ForceReRegistration', OfCampaign> {
  readonly type = 'ForceReRegistration';
  constructor(
    readonly data: OfCampaign,
    readonly metadata: CommandMetadata,
  ) {}
}

export class RemindOfMigration implements DomainCommand<'RemindOfMigration', OfCampaign> {
  readonly type = 'RemindOfMigration';
  constructor(
    readonly data: OfCampaign,
    readonly metadata: CommandMetadata,
  ) {}
}

/** R09: done by the service once `enforcedFrom` (`YYYY-MM-DD`, Japan time) has come. */
export class ExpireLegacySetting implements DomainCommand<'ExpireLegacySetting', ExpireData> {
  readonly type = 'ExpireLegacySetting';
  constructor(
    readonly data: ExpireData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface ExpireData {
  readonly userId: string;
  readonly enforcedFrom: string;
}

export type LegacySettingCommand =
  ImportLegacySetting | ImportAccount | ForceReRegistration | RemindOfMigration | ExpireLegacySetting;
