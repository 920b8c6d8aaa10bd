import { type Positioned } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Model, Schema } from 'mongoose';
import { Projectors } from '../../../platform/read-models/index.js';
import { userMailSettingStream } from '../user-mail-setting.events.js';
import { type MailSettingDocument, mailSettingsProjection } from './mail-settings.projection.js';

const schema = new Schema(
  {
    company: { type: String, required: true },
    userId: { type: String, required: true },
    account: Schema.Types.Mixed,
    lastAddress: String,
    details: Schema.Types.Mixed,
    actionRequired: Schema.Types.Mixed,
    consentRefused: Schema.Types.Mixed,
    released: Boolean,
    predecessor: Schema.Types.Mixed,
    legacy: Schema.Types.Mixed,
    revision: Number,
  },
  { versionKey: false, minimize: false },
)
  .index({ company: 1, 'account.mailServerId': 1 })
  .index({ company: 1, userId: 1 })
  .index({ 'account.providerAccount.accountId': 1 });

export type MailSetting = MailSettingDocument & { readonly status: MailSettingStatus };
export type MailSettingStatus =
  'none' | 'authorized' | 'in_use' | 'action_required' | 'legacy' | 're_registration_required' | 'released';

/** The users' mail settings, one by one and by the server they use. */
@Injectable()
export class MailSettingsView {
  private readonly model: Model<MailSettingDocument & Positioned>;

  constructor(projectors: Projectors) {
    this.model = projectors.add({ projection: mailSettingsProjection, schema });
  }

  /** null: the user never made one. */
  async find(company: string, userId: string): Promise<MailSetting | null> {
    const found = await this.model.findById(userMailSettingStream(company, userId)).lean();
    return found ? mailSettingIn(found) : null;
  }

  /** Every setting of the company that was ever made, by user id. */
  async ofCompany(company: string): Promise<readonly MailSetting[]> {
    const found = await this.model.find({ company }).sort({ userId: 1 }).lean();
    return found.map((setting) => mailSettingIn(setting as unknown as MailSettingDocument));
  }

  /** How many users of the company a consent waits for that only their administrator can give. */
  async countWaitingForAdminConsent(company: string): Promise<number> {
    const code = 'admin_consent_required';
    const waiting = [{ 'consentRefused.code': code }, { 'actionRequired.code': code }];
    return this.model.countDocuments({ company, $or: waiting });
  }

  /** How many settings use each of these servers; servers without any are left out. */
  async countByServer(company: string, mailServerIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const counts = await Promise.all(
      mailServerIds.map(
        async (id) => [id, await this.model.countDocuments({ company, 'account.mailServerId': id })] as const,
      ),
    );
    return new Map(counts);
  }

  /** The users whose mailbox is connected by this service, and by which credential. */
  async connectedBy(
    company: string,
    service: 'office365' | 'gmail',
  ): Promise<{ readonly userId: string; readonly credentialRef: string }[]> {
    const found = await this.model.find({ company, 'account.service': service }, { userId: 1, account: 1 }).lean();
    return (found as unknown as MailSettingDocument[]).flatMap(({ userId, account }) =>
      account === null ? [] : [{ userId, credentialRef: account.credentialRef }],
    );
  }

  /** Whether anybody, of whatever company, has connected this account of the provider's. */
  async isConnected(service: 'office365' | 'gmail', accountId: string): Promise<boolean> {
    const connected = { 'account.providerAccount.accountId': accountId, 'account.service': service };
    return (await this.model.countDocuments(connected)) > 0;
  }

  async usersOfServer(company: string, mailServerId: string): Promise<string[]> {
    const found = await this.model.find({ company, 'account.mailServerId': mailServerId }, { userId: 1 }).lean();
    return found.map((setting) => String(setting.userId));
  }
}

/**
 * The setting that a stored document stands for. A part that was never set counts as null: not every server of the
 * protocol keeps a null on insert. An account that is set hides the old registration it is to take the place of.
 */
export function mailSettingIn({
  company,
  userId,
  account = null,
  lastAddress = null,
  details = null,
  actionRequired = null,
  consentRefused = null,
  released = false,
  predecessor = null,
  legacy = null,
  revision,
}: MailSettingDocument): MailSetting {
  const setting: MailSettingDocument = {
    company,
    userId,
    account,
    lastAddress,
    details,
    actionRequired,
    consentRefused,
    released,
    predecessor,
    legacy: account === null ? legacy : null,
    revision,
  };
  return { ...setting, status: statusOf(setting) };
}

function statusOf({ account, details, actionRequired, released, legacy }: MailSettingDocument): MailSettingStatus {
  if (legacy !== null) return legacy.status;
  if (account === null) return released ? 'released' : 'none';
  if (details === null) return 'authorized';
  return actionRequired === null ? 'in_use' : 'action_required';
}
