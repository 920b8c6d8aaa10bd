import { defineRejections } from '@libs/eventsourcing';

/** Why a setting from before OAuth has to be registered anew, and how: shown on the setting (R11). */
export const legacyProblems = defineRejections({
  legacy_setting: {
    kind: 'conflict',
    fixableBy: 'user',
    title: {
      ja: '先進認証（OAuth）への切り替えが必要です',
      en: 'Switching to modern authentication (OAuth) is needed',
    },
    detail: ({ service, enforcedFrom }) => ({
      ja: `パスワードによる旧設定のため、メールを受信できません。${until(enforcedFrom).ja}${loginJa(service)}内容を確認して保存してください。受信済みのメール・シェア設定・取込み開始日はそのまま引き継がれます。`,
      en: `This old setting by password receives no mail. ${until(enforcedFrom).en}Sign in to ${service}, check the details and save. Received mail, the share choice and the import day are kept.`,
    }),
  },
  re_registration_forced: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '再登録が必要です', en: 'Register again' },
    detail: ({ service, reason }) => ({
      ja: `管理者が再登録を求めています（理由: ${reason}）。${howJa(service)}内容を確認して保存してください。受信済みのメールは残り、その間に届いたメールは再登録後に受信されます。`,
      en: `Your administrator asks you to register again (reason: ${reason}). ${howEn(service)}, check the details and save. Received mail stays, and what arrives until then is received afterwards.`,
    }),
  },
  legacy_setting_expired: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '旧設定の利用期限が過ぎました', en: 'The old setting has expired' },
    detail: ({ service }) => ({
      ja: `${service} がパスワードでの接続を終了したため、旧設定は停止しました。${loginJa(service)}内容を確認して保存してください。受信済みのメールは残っています。`,
      en: `${service} no longer takes passwords, so the old setting has stopped. Sign in to ${service}, check the details and save. Received mail is still here.`,
    }),
  },
});

const isOther = (service: unknown): boolean => service === 'other';
const howJa = (service: unknown): string =>
  isOther(service) ? 'アカウント名とパスワードを設定するか、メールサービスにログインし、' : loginJa(service);
/** R24 calls the button after Google, not after Gmail. */
const loginJa = (service: unknown): string =>
  `「${service === 'Gmail' ? 'Google' : String(service)}にログインする」からログインし、`;
const howEn = (service: unknown): string =>
  isOther(service)
    ? 'Set the account name and password, or sign in to the mail service'
    : `Sign in to ${String(service)}`;
const until = (enforcedFrom: unknown) =>
  enforcedFrom === ''
    ? { ja: '', en: '' }
    : { ja: `${String(enforcedFrom)} より前に、`, en: `Do this before ${String(enforcedFrom)}: ` };
