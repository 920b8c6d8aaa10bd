import { type CommandMetadata, Rejection } from '@libs/eventsourcing';
import { Logger } from '@nestjs/common';
import { type CommandBus } from '@nestjs/cqrs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { legacyMetadata } from '../../../../test/support/legacy-commands.js';
import { type Projectors } from '../../../platform/read-models/index.js';
import { type Leases } from '../../../platform/scheduling/index.js';
import { type LegacyCampaign, type LegacyCampaignsView } from '../read-model/legacy-campaigns.view.js';
import { type LegacySettingsView } from '../read-model/legacy-settings.view.js';
import { CampaignWorker } from './campaign-worker.js';
import { type LegacyCampaigns } from './legacy-campaigns.js';

interface Done {
  readonly userId: string;
  readonly metadata: CommandMetadata;
}
const forgotten = new Rejection('person_forgotten', {
  kind: 'conflict',
  fixableBy: 'service',
  title: { ja: '', en: '' },
  detail: () => ({ ja: '', en: '' }),
});
const started: CommandMetadata = { ...legacyMetadata, causationId: 'e1', reason: '退職者対応' };
const campaign = (n: number): LegacyCampaign =>
  ({ id: `k${n}`, company: 'sample', kind: 're_registration', userIds: null, startedAt: `at ${n}` }) as LegacyCampaign;

/** A worker with these campaigns, each about one person; `carry` may refuse what is done to the person. */
function workerWith(campaigns: readonly LegacyCampaign[], carry: (done: Done) => void, broken: readonly string[] = []) {
  const done: Done[] = [];
  const completed: [string, CommandMetadata][] = [];
  const leased = new Set<string>();
  const parts = [
    {
      metadataOf: async ({ id }: LegacyCampaign) => {
        if (broken.includes(id)) throw new Error(`no ${id}`);
        return started;
      },
      complete: async ({ id }: LegacyCampaign, metadata: CommandMetadata) => {
        carry({ userId: id, metadata });
        completed.push([id, metadata]);
      },
    } as unknown as LegacyCampaigns,
    {
      running: async (limit: number, after: LegacyCampaign | null) => {
        const from = after === null ? 0 : campaigns.findIndex(({ id }) => id === after.id) + 1;
        return campaigns.slice(from, from + limit);
      },
    } as unknown as LegacyCampaignsView,
    {
      targets: async (_: object, __: number, after: string | null) =>
        after === null ? [{ userId: 'taro', stage: 'legacy' }] : [],
    } as unknown as LegacySettingsView,
    {
      execute: async ({ data, metadata }: { data: { userId: string }; metadata: CommandMetadata }) => {
        carry({ userId: data.userId, metadata });
        done.push({ userId: data.userId, metadata });
        return { position: 'p1' };
      },
    } as unknown as CommandBus,
    { whenVisible: async () => undefined } as unknown as Projectors,
    {
      take: async (name: string) => (leased.add(name), { fence: 1 }),
      renew: async () => true,
      release: async (name: string) => leased.delete(name),
    } as unknown as Leases,
  ] as const;
  return { worker: new CampaignWorker(...parts), done, completed, leased };
}

describe('campaigns that fail', () => {
  const logged = vi.fn();
  beforeEach(() => void vi.spyOn(Logger.prototype, 'error').mockImplementation(logged));
  afterEach(() => void vi.restoreAllMocks());

  it('hold up no other, however many they are, and are told', async () => {
    const campaigns = Array.from({ length: 45 }, (_, n) => campaign(n));
    const broken = campaigns.slice(0, 41).map(({ id }) => id);
    const { worker, completed, leased } = workerWith(campaigns, () => undefined, broken);
    await worker.workOff(new AbortController().signal);
    expect(completed.map(([id]) => id)).toEqual(['k41', 'k42', 'k43', 'k44']);
    expect(logged).toHaveBeenCalledTimes(41);
    expect(leased.size).toBe(0);
  });

  it('are none for the reason that their admin has been forgotten: they go on in nobody’s name', async () => {
    const { worker, done, completed } = workerWith([campaign(1)], ({ metadata }) => {
      if (metadata.actor.kind === 'user') throw forgotten;
    });
    await worker.workOff(new AbortController().signal);
    const nameless = { actor: { kind: 'system', name: 'legacy-campaign' }, reason: '退職者対応', causationId: 'e1' };
    expect(done).toMatchObject([{ userId: 'taro', metadata: nameless }]);
    expect(completed).toMatchObject([['k1', nameless]]);
  });

  it('are none for the reason that somebody they concern has been forgotten', async () => {
    const { worker, completed } = workerWith([campaign(1)], ({ userId }) => {
      if (userId === 'taro') throw forgotten;
    });
    await worker.workOff(new AbortController().signal);
    expect(completed).toMatchObject([['k1', { actor: started.actor }]]);
  });
});
