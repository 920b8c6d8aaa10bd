import type { DiagnosisStepName } from './diagnosis.js';
import type { StepFacts, StepText } from './step-facts.js';
import { certificateNames, englishDay, japaneseDay, protocolName } from './wording.js';

/** What a step that succeeded has seen. */
export function successText(step: DiagnosisStepName, facts: StepFacts): StepText {
  return TEXTS[step](facts);
}

const TEXTS: Readonly<Record<DiagnosisStepName, (facts: StepFacts) => StepText>> = {
  name: ({ host }) => ({ ja: `ホスト名 ${host} が見つかりました。`, en: `The host ${host} was found.` }),
  address: () => ({ ja: '接続できるアドレスです。', en: 'Its address may be connected to.' }),
  connect: ({ port }) => ({ ja: `ポート ${port} に接続できました。`, en: `Port ${port} accepts connections.` }),
  tls: (facts) => (facts.startTls === undefined ? verified(facts) : upgraded(facts)),
  greeting: (facts) => ({
    ja: `${protocolName(facts)}サーバーが応答しました。`,
    en: `An ${protocolName(facts)} server answered.`.replace('An POP3', 'A POP3'),
  }),
  login: () => ({ ja: 'ログインできました。', en: 'The login succeeded.' }),
  inbox: ({ mails }) => ({
    ja: `受信トレイを開けました。${mails}通のメールがあります。`,
    en: `The INBOX was opened; mails in it: ${mails}.`,
  }),
};

function verified(facts: StepFacts): StepText {
  const until = facts.certificate?.validUntil;
  return {
    ja: `${facts.tlsVersion}で暗号化され、証明書を確認できました（${certificateNames(facts)} 用、${japaneseDay(until)}まで有効）。`,
    en: `Encrypted by ${facts.tlsVersion}; the certificate was verified (for ${certificateNames(facts)}, valid until ${englishDay(until)}).`,
  };
}

function upgraded({ startTls, tlsVersion }: StepFacts): StepText {
  return startTls === 'used'
    ? {
        ja: `STARTTLSにより${tlsVersion}で暗号化されました。証明書は確認していません。`,
        en: `Encrypted by STARTTLS (${tlsVersion}); the certificate was not verified.`,
      }
    : {
        ja: 'サーバーがSTARTTLSに対応していないため、通信は暗号化されません。可能であればセキュリティに「SSL」を選んでください。',
        en: 'Not encrypted, because the server does not offer STARTTLS. Choose "SSL" as security if you can.',
      };
}
