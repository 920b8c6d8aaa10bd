import { defineRejections, rejectWith } from '@libs/eventsourcing';

export const legacySettingsErrors = defineRejections({
  legacy_header_invalid: {
    kind: 'invalid',
    fixableBy: 'admin',
    title: { ja: '見出し行が正しくありません', en: 'The header row is not right' },
    detail: ({ columns }) => ({
      ja: `1行目に次の列名がすべて必要です（順不同）: ${columns}`,
      en: `The first line has to name all of these columns, in any order: ${columns}`,
    }),
  },
  line_malformed: {
    kind: 'invalid',
    fixableBy: 'admin',
    title: { ja: '行の形式が正しくありません', en: 'The line is not well-formed' },
    detail: () => ({
      ja: '列の数または引用符（"）の対応が正しくないか、値の中に改行があるか、JSONとして読めません。この行を直して、同じファイルをもう一度取り込んでください。',
      en: 'The number of columns or the quotation marks are wrong, a value has a line break in it, or it is no JSON object. Correct the line and import the file again.',
    }),
  },
  line_too_long: {
    kind: 'invalid',
    fixableBy: 'admin',
    title: { ja: '行が長すぎます', en: 'The line is too long' },
    detail: () => ({
      ja: '1行が長すぎます。引用符（"）の閉じ忘れがないか確認してください。',
      en: 'The line is too long. Look for a quotation mark that is never closed.',
    }),
  },
  line_not_decodable: {
    kind: 'invalid',
    fixableBy: 'admin',
    title: { ja: '文字コードが正しくありません', en: 'The character encoding is not right' },
    detail: () => ({
      ja: '読めない文字があります。ファイル全体をUTF-8またはShift_JIS（Excelの「CSV（コンマ区切り）」）のどちらかで保存してください。',
      en: 'There are characters that cannot be read. Save the whole file either as UTF-8 or as Shift_JIS.',
    }),
  },
  legacy_value_missing: {
    kind: 'invalid',
    fixableBy: 'admin',
    title: { ja: '値がありません', en: 'A value is missing' },
    detail: ({ column }) => ({ ja: `列「${column}」に値がありません。`, en: `The column "${column}" is empty.` }),
  },
  legacy_value_invalid: {
    kind: 'invalid',
    fixableBy: 'admin',
    title: { ja: '値が正しくありません', en: 'A value is not valid' },
    detail: ({ column }) => ({
      ja: `列「${column}」の値が正しくありません。日時は 2020-08-11T10:00:00+09:00 や 2020/8/11、真偽は true・false の形で入力してください。`,
      en: `The value in the column "${column}" is not valid. Write instants like 2020-08-11T10:00:00+09:00 or 2020/8/11, and choices as true or false.`,
    }),
  },
  legacy_other_company: {
    kind: 'invalid',
    fixableBy: 'admin',
    title: { ja: '別の会社の設定です', en: 'The setting is of another company' },
    detail: () => ({
      ja: 'companyId が自社のものではありません。取り込めるのは自社の設定だけです。',
      en: 'The companyId is not that of your company; only its own settings can be imported.',
    }),
  },
  legacy_person_twice: {
    kind: 'invalid',
    fixableBy: 'admin',
    title: { ja: '同じユーザーの行が重複しています', en: 'The person is in the file twice' },
    detail: ({ firstLine }) => ({
      ja: `このユーザーの設定は${firstLine}行目にもあるため、この行は取り込みません。どちらかの行を削除して、同じファイルをもう一度取り込んでください。`,
      en: `There is a setting of this person on line ${firstLine} already, so this line is not imported. Delete one of the two and import the file again.`,
    }),
  },
  registered_after_cutoff: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: '切り替え対象の期間より後の設定です', en: 'Registered after the cut-off' },
    detail: ({ service, cutOff }) => ({
      ja: `${cutOff} より後に登録された ${service} の設定は、パスワードによる旧設定ではありません。ユーザーが ${service} にログインして新しく登録してください。`,
      en: `A ${service} setting registered after ${cutOff} is no old setting by password. The user registers by signing in to ${service}.`,
    }),
  },
  legacy_name_service_silent: {
    kind: 'conflict',
    fixableBy: 'service',
    title: { ja: 'DNSサーバーから応答がありません', en: 'The name service (DNS) did not answer' },
    detail: ({ name }) => ({
      ja: `${name} についてDNSサーバーから応答がなく、どのメールサービスの設定か判断できませんでした。この行は取り込まれず、パスワードも保存されていません。しばらくしてから、この行をもう一度取り込んでください。`,
      en: `The name service (DNS) did not answer for ${name}, so it is not known which mail service the setting belongs to. The line was not imported, and its password was not stored. Import these lines again in a while.`,
    }),
  },
  legacy_server_not_ready: {
    kind: 'conflict',
    fixableBy: 'service',
    title: { ja: 'メールサーバーを登録中です', en: 'The mail server is just being registered' },
    detail: ({ host }) => ({
      ja: `${host} は別の操作で登録中です。しばらくしてから同じファイルをもう一度取り込んでください。`,
      en: `${host} is being registered by somebody else at this moment. Import the same file again in a minute.`,
    }),
  },
  legacy_campaign_not_found: {
    kind: 'not_found',
    fixableBy: 'admin',
    title: { ja: '操作が見つかりません', en: 'No such operation' },
    detail: () => ({
      ja: 'この再登録の要求またはリマインドは見つかりません。一覧を開き直してください。',
      en: 'There is no such forced re-registration or reminder. Open the list again.',
    }),
  },
});

export const reject = rejectWith(legacySettingsErrors);
