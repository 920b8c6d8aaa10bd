import { type BilingualText, type RejectionParams } from '@libs/eventsourcing';

/** What comes after what happened: while the service tries again by itself, and once it has given the mail up. */
interface Prospect {
  readonly goingOn: BilingualText;
  readonly givenUp: BilingualText;
}

const SOON: Prospect = {
  goingOn: { ja: '自動的に再試行します。', en: 'It is tried again automatically.' },
  givenUp: {
    ja: '再試行を打ち切ったため、このままでは送られません。時間をおいて、再送信してください。',
    en: 'The mail was given up and is not tried any more. Send it again after a while.',
  },
};

/** Where somebody has to mend something first. */
export const ONCE_MENDED: Prospect = {
  goingOn: { ja: '約1日の間、自動的に再試行します。', en: 'The mail is tried again automatically for about a day.' },
  givenUp: {
    ja: '再試行を打ち切ったため、このままでは送られません。問題が解消してから、再送信してください。',
    en: 'The mail was given up and is not tried any more. Send it again once this is mended.',
  },
};

/** The detail of a trouble that may pass: what happened, and what comes next (parameter `givenUp`). */
export const troubleText =
  (what: BilingualText, { goingOn, givenUp }: Prospect = SOON) =>
  (params: RejectionParams): BilingualText => {
    const next = params['givenUp'] === true ? givenUp : goingOn;
    return { ja: `${what.ja}${next.ja}`, en: `${what.en} ${next.en}` };
  };
