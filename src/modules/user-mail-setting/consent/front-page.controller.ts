import { type BilingualText, type RejectionDefinition } from '@libs/eventsourcing';
import { Controller, Get, Header, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type Request } from 'express';
import { preferredLanguage } from '../../../platform/http/index.js';
import { Public } from '../../../platform/security/index.js';
import { consentProblems } from './consent-problems.errors.js';

/**
 * `/`: where a browser comes back to from a consent page that nobody gave a `returnUrl`. The screens themselves are HRBC's
 * web tier's; this tells a person how it went, and where to go on.
 */
@ApiExcludeController()
@Public()
@Controller('/')
export class FrontPageController {
  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  page(@Query('result') result: unknown, @Req() request: Request): string {
    const language = preferredLanguage(request.headers['accept-language']);
    const { title, text } = toldOf(result);
    return `<!doctype html>
<html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title[language]} – HRBC Mail</title>
<body style="font-family:system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;line-height:1.7">
<h1 style="font-size:1.4rem">${title[language]}</h1>
<p>${text[language]}</p>
</body></html>`;
  }
}

interface Told {
  readonly title: BilingualText;
  readonly text: BilingualText;
}

/** Of what stands in the address only codes of ours are shown, and nothing as it stands. */
function toldOf(result: unknown): Told {
  if (result === undefined) return NOTHING_HERE;
  if (result === 'ok') return SIGNED_IN;
  const problems: Readonly<Record<string, RejectionDefinition>> = consentProblems;
  const known = typeof result === 'string' && Object.hasOwn(problems, result) ? problems[result] : undefined;
  if (known === undefined) return NOT_SIGNED_IN;
  // A text about somebody's addresses stands in that person's setting, and not in an address bar.
  return { title: known.title, text: known.detail.length === 0 ? known.detail({}) : NOT_SIGNED_IN.text };
}

const SIGNED_IN: Told = {
  title: { ja: 'ログインできました', en: 'You are signed in' },
  text: {
    ja: 'HRBCの画面に戻り、内容を確認して「保存」を押してください。保存すると受信が始まります。',
    en: 'Go back to HRBC, check the details and save them: receiving starts then.',
  },
};
const NOT_SIGNED_IN: Told = {
  title: { ja: 'ログインできませんでした', en: 'You are not signed in' },
  text: {
    ja: 'HRBCの画面に戻ると、理由と対処方法が「ユーザーメール設定」に表示されます。',
    en: 'Go back to HRBC: your mail setting says why, and what to do.',
  },
};
const NOTHING_HERE: Told = {
  title: { ja: 'HRBC Mail', en: 'HRBC Mail' },
  text: {
    ja: 'メールの設定と送受信は、HRBCの画面から行います。開発者向けのAPIの説明は <a href="/api/docs">/api/docs</a> にあります。',
    en: 'Mail is set up, read and sent in HRBC. What the API offers stands in <a href="/api/docs">/api/docs</a>.',
  },
};
