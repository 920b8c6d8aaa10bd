import { escaped } from '../shared/exchange.js';
import { type Account, bareScope } from './directory.js';

const STYLE =
  'body{font-family:system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#1b1b1b}' +
  'form{border:1px solid #ccc;border-radius:4px;padding:1.5rem}label{display:block;margin:.4rem 0}' +
  'button{padding:.5rem 1.5rem;margin-right:.5rem}small{color:#666}';

const MEANINGS: Readonly<Record<string, string>> = {
  'mail.read': 'メールの読み取り',
  'mail.send': 'ユーザーとしてのメールの送信',
  'user.read': 'サインインとプロファイルの読み取り',
  offline_access: 'アクセスを許可したデータへのアクセスの維持',
};

interface ConsentPageContent {
  /** The whole authorization request, handed on by the form. */
  readonly request: string;
  readonly people: readonly Account[];
  readonly chosen: string | null;
  readonly scopes: readonly string[];
}

/** アクセス許可: who signs in, what the app asks for, 承諾 or キャンセル. */
export function consentPage({ request, people, chosen, scopes }: ConsentPageContent): string {
  const choices = people.map(({ id, userPrincipalName, displayName }) => {
    const checked = userPrincipalName.toLowerCase() === chosen?.toLowerCase() ? ' checked' : '';
    const label = `${escaped(displayName)} <small>${escaped(userPrincipalName)}</small>`;
    return `<label><input type="radio" name="account" value="${escaped(id)}" required${checked}> ${label}</label>`;
  });
  const asked = scopes.map((scope) => {
    const meaning = MEANINGS[bareScope(scope)];
    return meaning === undefined ? '' : `<li>${meaning} <small>${escaped(scope)}</small></li>`;
  });
  return page(
    '要求されているアクセス許可',
    `<form method="post"><p><b>アカウント</b></p>${choices.join('')}<p><b>このアプリに許可する内容</b></p><ul>${asked.join('')}</ul>
    <input type="hidden" name="request" value="${escaped(request)}">
    <button name="decision" value="accept">承諾</button><button name="decision" value="deny" formnovalidate>キャンセル</button></form>`,
  );
}

/** 管理者の承認が必要: nothing can be granted here; the person can only go back. */
export function approvalRequiredPage(request: string, account: Account): string {
  return page(
    '管理者の承認が必要',
    `<form method="post"><p>${escaped(account.userPrincipalName)}</p><p>組織内のリソースへのアクセス許可が必要であり、これを許可できるのは管理者のみです。</p>
    <input type="hidden" name="request" value="${escaped(request)}"><input type="hidden" name="account" value="${escaped(account.id)}">
    <button name="decision" value="return">許可を与えずにアプリケーションに戻る</button></form>`,
  );
}

/** The administrator's consent for the whole organisation (v2-admin-consent). */
export function adminConsentPage(request: string, people: readonly Account[], scopes: readonly string[]): string {
  return consentPage({ request, people, chosen: people[0]?.userPrincipalName ?? null, scopes });
}

export function errorPage(number: number, text: string): string {
  return page('サインイン', `<p>AADSTS${number}: ${escaped(text)}</p>`);
}

const page = (title: string, content: string): string =>
  `<!doctype html><html lang="ja"><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style>
<p><small>Microsoft のシミュレーター（本物ではありません）</small></p><h1>${title}</h1>${content}</html>`;
