import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../platform/security/index.js';

/** Where browsers are sent back to that try a consent without a web tier of HRBC's. */
export const SIGNED_IN = 'sandbox/signed-in';

/** In the place of HRBC's own page: tells how the consent went. */
@ApiExcludeController()
@Public()
@Controller(SIGNED_IN)
export class SignedInController {
  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(@Query('result') result: unknown): string {
    const code = typeof result === 'string' && /^[a-z_]+$/.test(result) ? result : '?';
    const [title, next] = code === 'ok' ? CONNECTED : REFUSED;
    return `<!doctype html><html lang="ja"><meta charset="utf-8"><title>${title}</title>
<body style="font-family:system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem">
<p><small>サンドボックス（HRBCの画面の代わり）</small></p><h1>${title}</h1><p><code>result=${code}</code></p>${next}</body></html>`;
  }
}

const CONNECTED = [
  'ログインできました',
  '<p>次は保存です: <code>PUT /api/v1/me/mail-setting/details</code>。保存すると受信が始まります。</p>' +
    '<p>Signed in. Saving the details starts receiving.</p>',
] as const;
const REFUSED = [
  'ログインできませんでした',
  '<p>理由は <code>GET /api/v1/me/mail-setting</code> の <code>problem</code> にあります。</p>' +
    '<p>Not signed in. Your mail setting says why.</p>',
] as const;
