import { escaped } from '../shared/exchange.js';
import { type AccountSeed } from './google-seed.js';

const STYLE =
  'body{font-family:system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#202124}' +
  'form{border:1px solid #dadce0;border-radius:8px;padding:1.5rem}label{display:block;margin:.4rem 0}' +
  'button{padding:.5rem 1.5rem;margin-right:.5rem}small{color:#5f6368}.warning{border-left:4px solid #d93025;padding-left:1rem}';

const MEANINGS: Readonly<Record<string, string>> = {
  'https://www.googleapis.com/auth/gmail.readonly': 'メール メッセージと設定の表示',
  'https://www.googleapis.com/auth/gmail.send': 'ユーザー本人に代わってメールを送信',
};

interface ConsentPageContent {
  /** The whole authorization request, handed on by the form. */
  readonly request: string;
  readonly people: readonly AccountSeed[];
  readonly chosen: string | null;
  readonly scopes: readonly string[];
  /** The app is not verified, and not of these people's own organisation (R27); `opened`: somebody overlooked 詳細. */
  readonly warning: 'none' | 'closed' | 'opened';
}

/** Who signs in, the warning, a tick for every permission, 続行 or キャンセル. */
export function googleConsentPage({ request, people, chosen, scopes, warning }: ConsentPageContent): string {
  const choices = people.map(({ email, name }) => {
    const checked = email.toLowerCase() === chosen?.toLowerCase() ? ' checked' : '';
    const label = `${escaped(name)} <small>${escaped(email)}</small>`;
    return `<label><input type="radio" name="account" value="${escaped(email)}" required${checked}> ${label}</label>`;
  });
  const ticks = scopes.filter(isTickable).map((scope) => {
    const label = `${MEANINGS[scope] ?? ''} <small>${escaped(scope)}</small>`;
    return `<label><input type="checkbox" name="scope" value="${escaped(scope)}" checked> ${label}</label>`;
  });
  return page(
    'Google アカウントへのアクセス',
    `<form method="post">${warning === 'none' ? '' : warningOf(warning === 'opened')}<p><b>アカウント</b></p>${choices.join('')}
    <p><b>許可する内容</b></p>${ticks.join('')}<input type="hidden" name="request" value="${escaped(request)}">
    <button name="decision" value="accept">続行</button><button name="decision" value="deny" formnovalidate>キャンセル</button></form>`,
  );
}

/** Not `required`: a browser sends no form whose required field lies hidden in 詳細, and does not say why. */
const warningOf = (opened: boolean): string =>
  `<div class="warning"><p><b>このアプリは Google で確認されていません</b></p><details${opened ? ' open' : ''}><summary>詳細</summary>` +
  '<label><input type="checkbox" name="unsafe" value="yes"> （安全ではないページ）に移動</label></details></div>';

/** With granular consent every permission beyond signing in has a tick of its own. */
export const isTickable = (scope: string): boolean => !['openid', 'email', 'profile'].includes(scope);

/** 「エラー 400: redirect_uri_mismatch」 and its kin: nobody is sent back from here. */
export function googleErrorPage(status: number, error: string): string {
  return page('アクセスをブロック', `<p>エラー ${status}: ${escaped(error)}</p>`);
}

const page = (title: string, content: string): string =>
  `<!doctype html><html lang="ja"><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style>
<p><small>Google のシミュレーター（本物ではありません）</small></p><h1>${title}</h1>${content}</html>`;
