import { type BilingualText } from '@libs/eventsourcing';

/**
 * What a person meets at Google and should be told beforehand (R26, R27): the ticks, and the warning page, which stands
 * before every app that its company has neither verified nor made internal (support.google.com/cloud/answer/13464323).
 */
export const googleNotice: BilingualText = {
  ja: 'HRBCのユーザーIDと同じメールアドレスのGoogleアカウントでログインし、表示される許可（メール メッセージと設定の表示、ユーザー本人に代わってメールを送信）にはすべてチェックを入れてください。「このアプリは Google で確認されていません」と表示された場合は、「詳細」を押し、「…（安全ではないページ）に移動」を選んで進んでください。会社が自社のGoogle Cloudで作成したアプリのため表示されるもので、管理者がOAuth同意画面のユーザーの種類を「内部」（Google Workspace）にすると表示されなくなります。',
  en: 'Sign in with the Google account whose address is your HRBC user ID, and tick every permission that is asked for (view your email messages and settings; send email on your behalf). If Google says that it has not verified the app, choose "Advanced" and then "Go to … (unsafe)". It says so because your company made the app in its own Google Cloud; once an administrator makes it "Internal" (Google Workspace) on the OAuth consent screen, the page no longer appears.',
};
