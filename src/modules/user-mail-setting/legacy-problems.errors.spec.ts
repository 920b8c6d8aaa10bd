import { describe, expect, it } from 'vitest';
import { legacyProblems } from './legacy-problems.errors.js';

describe('what the owner of an old setting reads', () => {
  it.each(Object.entries(legacyProblems))('%s names the button as it is called (R24)', (_code, { detail }) => {
    const textFor = (service: string) => detail({ service, reason: 'x', enforcedFrom: '2022-10-01' }).ja;
    expect(textFor('Gmail')).toContain('「Googleにログインする」');
    expect(textFor('Gmail')).not.toContain('「Gmailにログインする」');
    expect(textFor('Office365')).toContain('「Office365にログインする」');
  });

  it('says "before the day" in both languages: on that day passwords are refused already (R09)', () => {
    const { ja, en } = legacyProblems.legacy_setting.detail({ service: 'Gmail', enforcedFrom: '2022-10-01' });
    expect(ja).toContain('2022-10-01 より前に');
    expect(en).toContain('before 2022-10-01');
  });
});
