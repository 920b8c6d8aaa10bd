import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  invitation,
  outboxStory,
  sentMail,
  submit,
  taro,
  untilPostponed,
  untilState,
} from '../support/outbox-steps.js';

const MINUTE = 60_000;
/** Each of these stories is told within so much of a minute, by which the pace is counted. */
const ENOUGH_MS = 30_000;
const thisMinute = () => Math.floor(Date.now() / MINUTE);

const crowd = Array.from({ length: 300 }, (_, n) => `a${n}@customer.example`);

describe('a company that has sent by HRBC’s server what it may within a minute', () => {
  const story = outboxStory();
  beforeEach(async () => {
    const left = MINUTE - (Date.now() % MINUTE);
    if (left < ENOUGH_MS) await sleep(left);
  });

  it('waits, while another one goes on sending', async () => {
    const writer = await story.service.as({ ...taro, company: 'busy' });
    const other = await story.service.as({ ...taro, company: 'quiet' });
    await untilState(writer, await submit(writer, { ...invitation, to: crowd }), 'accepted');
    const waiting = await submit(writer, { ...invitation, subject: 'later' });
    for (const subject of ['1', '2', '3']) {
      await untilState(other, await submit(other, { ...invitation, subject }), 'accepted');
    }
    expect(await sentMail(writer, waiting)).toMatchObject({ state: 'queued', attempts: [] });
    expect(story.server.taken.filter(({ source }) => source.includes(waiting))).toEqual([]);
  });

  it('is none whose mail was not taken: the next one leaves at once', async () => {
    const writer = await story.service.as({ ...taro, company: 'unlucky' });
    const minute = thisMinute();
    story.server.conduct = 'cut_at_connect';
    const id = await submit(writer, { ...invitation, to: crowd });
    await untilPostponed(writer, id);
    expect((await writer.delete(`/outbox/messages/${id}`)).status).toBe(204);
    story.server.conduct = 'accept';
    await untilState(writer, await submit(writer, invitation), 'accepted');
    expect(thisMinute()).toBe(minute);
  });
});
