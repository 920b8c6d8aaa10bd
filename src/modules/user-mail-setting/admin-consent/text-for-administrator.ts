import { type Language } from '../../../platform/http/index.js';

/** What a user sends to the Microsoft administrator: who knows nothing of HRBC, and has to decide. */
export function textForAdministrator(link: string, language: Language): string {
  return language === 'ja' ? JA.replace('{link}', link) : EN.replace('{link}', link);
}

const JA = `Microsoft 365 ご担当者様

HRBC（PORTERS）で会社のメールを送受信するため、アプリ「HRBC Mail」の承認をお願いいたします。
管理者アカウントで次のリンクを開き、表示される内容を確認のうえ「承諾」を押してください。
{link}

アプリが求める許可は、各ユーザー本人のメールの読み取りと、本人としての送信のみです（Mail.Read、Mail.Send、User.Read）。
メールの変更や削除、ほかのユーザーのメールボックスへのアクセスは行いません。`;

const EN = `To the Microsoft 365 administrator

To send and receive our company mail in HRBC (PORTERS), please approve the app "HRBC Mail".
Open this link with an administrator account, check what it says, and accept:
{link}

The app asks only to read each user's own mail and to send as that user (Mail.Read, Mail.Send, User.Read).
It changes and deletes no mail, and has no access to other mailboxes.`;
