import { expect } from 'vitest';
import { type ApiClient } from './api-client.js';
import { eventually } from './eventually.js';
import { legacyCsv, type LegacyLine } from './legacy-files.js';

/** The steps by which a company gets off basic auth, each checked. */

export interface ImportAnswer {
  readonly accepted: number;
  readonly unchanged: number;
  readonly rejected: readonly { readonly line: number; readonly code: string; readonly detail: string }[];
}

export async function upload(admin: ApiClient, text: string, type = 'text/csv'): Promise<ImportAnswer> {
  const { status, body } = await admin.post<ImportAnswer>('/admin/legacy-settings', undefined, {
    raw: text,
    headers: { 'content-type': type },
  });
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

export async function uploadLines(admin: ApiClient, lines: readonly LegacyLine[]): Promise<ImportAnswer> {
  return upload(admin, legacyCsv(lines));
}

/** What an admin has asked for is done when the campaign is; answers how many settings it has changed. */
export async function campaignCompleted(admin: ApiClient, id: string): Promise<number> {
  const { body } = await eventually(
    () => admin.get(`/admin/legacy-settings/campaigns/${id}`),
    ({ body: campaign }) => campaign.state === 'completed',
    120_000,
  );
  return body.changed as number;
}

export interface SettingEvent {
  readonly type: string;
  readonly reason?: string;
  readonly data: Record<string, unknown>;
}

/** Every event about this person's setting, oldest first. */
export async function settingEvents(auditor: ApiClient, userId: string): Promise<readonly SettingEvent[]> {
  const { status, body } = await auditor.get(`/audit/events?subjectKind=userMailSetting&userId=${userId}&limit=200`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.items as SettingEvent[];
}

/** A person in the cockpit, and the whole of it. */
export interface LegacyItem {
  readonly userId: string;
  readonly state: string;
  readonly missing: readonly string[];
  readonly lastReceivedAt: string | null;
}
export interface LegacyOverview {
  readonly summary: Readonly<Record<string, number>>;
  readonly deadline: object;
  readonly items: readonly LegacyItem[];
  readonly next: string | null;
}

export async function overviewOf(admin: ApiClient): Promise<LegacyOverview> {
  return (await admin.get<LegacyOverview>('/admin/legacy-settings')).body;
}

/** Everybody whom the cockpit lists, page by page. */
export async function itemsOf(admin: ApiClient, query: string): Promise<LegacyItem[]> {
  const items: LegacyItem[] = [];
  for (let after: string | null = ''; after !== null;) {
    const cursor: string = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
    const { body }: { body: LegacyOverview } = await admin.get(`/admin/legacy-settings?${query}&limit=200${cursor}`);
    items.push(...body.items);
    after = body.next;
  }
  return items;
}
