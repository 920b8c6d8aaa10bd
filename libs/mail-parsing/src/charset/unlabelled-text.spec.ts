import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { decodeText } from './decode-text.js';

// Detection, measured on what stands in subjects and file names: short, much kanji, no label. All of these are told
// right; a text of one or two rare letters can read as well in two encodings, and then the likelier one is taken.

const japanese = (
  '会議|会議資料|請求書|見積|御見積書|納品書|契約書|面接|面接日程のご連絡|日程調整|お知らせ|ご連絡|お問い合わせ|至急|重要|再送|御礼|' +
  '履歴書|職務経歴書|採用担当|人事部|営業部|総務部|株式会社|有限会社|東京|大阪|名古屋|福岡|北海道|山田|山田太郎|佐藤花子|鈴木|高橋|' +
  '田中|伊藤|渡辺|渡邊|斎藤|齋藤|齊藤|中村|小林|加藤|吉田|清水|山口|松本|阿部|池田|橋本|石川|長谷川|近藤|遠藤|青木|竹内|柴田|酒井|' +
  '工藤|横山|宮崎|高木|安藤|谷口|丸山|河野|テスト|テストメール|メール|ファイル|レポート|アンケート|セミナー|スケジュール|サーバー|' +
  'パスワード|ありがとうございます|よろしくお願いします|お疲れ様です|はじめまして|了解です|報告|日報|議事録|出張報告|忘年会|内定通知|' +
  '選考結果|応募|求人票|推薦状|面談|候補者推薦|人材紹介|転職支援|勤怠|給与明細|源泉徴収|健康診断|有給休暇|稟議|決裁|承認|否認|却下|' +
  '注文書|発注|出荷|納期|入金|振込|領収書|返信|転送|添付|送付状|案内|招待状|お詫び|訂正|変更|削除|延期|第１回|２０２６年度|令和|' +
  '■重要■|【至急】|★お知らせ★|〆切|（株）|「会議」の件|件|様|殿|御中|FW:会議|Re: お見積り|[ml 1] 報告|ﾃｽﾄ|ｶﾌﾞｼｷｶﾞｲｼｬ|ﾔﾏﾀﾞ ﾀﾛｳ|' +
  'ﾌｧｲﾙ送信|報告書.doc|見積.xls|履歴書.pdf|議事録20261122.doc|添付資料.zip|写真.jpg|企画書(案).ppt|無題.txt|画像1.jpg|図面.dwg'
).split('|');

const western = (
  'Réunion|Café|Genève|déjà vu|Grüße|Straße|Köln|München|schöne Grüße|naïve|Señor|mañana|¿Qué?|à bientôt|Ça va?|élève|où êtes-vous|' +
  'Übung|Zürich|façade|garçon|crème brûlée|Noël|São Paulo|informação|coração|Malmö|Göteborg|Århus|København|smørrebrød|“quoted”|' +
  'it’s|– dash|€ 100|100 €|© 2026|résumé.pdf|Lebenslauf_Müller.pdf|Prüfung.doc|20°C|½|señora|él|más|así'
).split('|');

describe('text without a label', () => {
  it.each(['cp932', 'eucjp', 'utf8'])('is told as Japanese in %s', (encoding) => {
    const wrong = japanese.filter((text) => decodeText(iconv.encode(text, encoding), null) !== text);
    expect(wrong).toEqual([]);
  });

  it.each(['windows-1252', 'utf8'])('is told as Western in %s', (encoding) => {
    const wrong = western.filter((text) => decodeText(iconv.encode(text, encoding), null) !== text);
    expect(wrong).toEqual([]);
  });

  it('is told as Western by fewer letters when Latin-1 is named', () => {
    for (const text of ['ÄÖ', 'ÄÖÜ', 'Æø', ...western.filter((one) => !/[“”’–€]/.test(one))]) {
      expect(decodeText(iconv.encode(text, 'latin1'), 'iso-8859-1')).toBe(text);
    }
  });

  it('is told by more of it, the more there is', () => {
    const text = japanese.join('、');
    for (const encoding of ['cp932', 'eucjp', 'utf8']) {
      for (const label of [null, 'us-ascii', 'iso-8859-1', 'utf-8', 'iso-2022-jp', 'unknown']) {
        expect(decodeText(iconv.encode(text, encoding), label), `${encoding} as ${String(label)}`).toBe(text);
      }
    }
  });
});
