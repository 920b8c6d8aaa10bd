import { type CommandMetadata } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type AppConfig, InjectConfig } from '../../platform/config/index.js';
import { newId } from '../../platform/ids.js';
import { Leases } from '../../platform/scheduling/index.js';
import { ExpireLegacySetting } from '../user-mail-setting/index.js';
import { migrationStage } from './cut-off.policy.js';
import { LegacySettingsView } from './read-model/legacy-settings.view.js';

const LEASE = 'legacy-enforcement';
const LEASE_MS = 30_000;
const AT_ONCE = 64;

/**
 * From the day on which the providers take no passwords (`BASIC_AUTH_ENFORCED_FROM`, R09) legacy settings stop by
 * themselves: each as an event of its own, by the system, with its reason.
 */
@Injectable()
export class Enforcement {
  private readonly holder = newId();

  constructor(
    private readonly settings: LegacySettingsView,
    private readonly commands: CommandBus,
    private readonly leases: Leases,
    @InjectConfig() private readonly config: AppConfig,
  ) {}

  async enforce(signal: AbortSignal, now = new Date().toISOString()): Promise<void> {
    const { basicAuthEnforcedFrom: enforcedFrom } = this.config.mail;
    if (enforcedFrom === null || migrationStage(now, enforcedFrom) !== 'enforced') return;
    const lease = await this.leases.take(LEASE, this.holder, LEASE_MS);
    if (lease === null) return;
    try {
      await this.stopAll(enforcedFrom, now, async () => {
        return !signal.aborted && (await this.leases.renew(LEASE, this.holder, lease.fence, LEASE_MS));
      });
    } finally {
      await this.leases.release(LEASE, this.holder, lease.fence);
    }
  }

  private async stopAll(enforcedFrom: string, at: string, goesOn: () => Promise<boolean>): Promise<void> {
    const correlationId = newId();
    for (let after: string | null = null; ;) {
      const page = await this.settings.untouched(AT_ONCE, after);
      if (page.length === 0) return;
      await Promise.all(
        page.map(async ({ company, userId }) => {
          const metadata = { ...bySystem(enforcedFrom), company, at, correlationId, causationId: correlationId };
          await this.commands.execute(new ExpireLegacySetting({ userId, enforcedFrom }, metadata));
        }),
      );
      after = page.at(-1)?.key ?? null;
      if (!(await goesOn())) return;
    }
  }
}

const bySystem = (enforcedFrom: string): Pick<CommandMetadata, 'actor' | 'reason'> => ({
  actor: { kind: 'system', name: 'legacy-enforcement' },
  reason: `メールサービスがパスワードでの接続（基本認証）を終了する日（${enforcedFrom}）になったため`,
});
