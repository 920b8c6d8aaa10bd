import { defineRejections, rejectWith } from '@libs/eventsourcing';

/** The refusals that any request may meet, whichever module it goes to. */
export const httpErrors = defineRejections({
  malformed_request: {
    kind: 'malformed',
    fixableBy: 'user',
    title: { ja: 'リクエストの形式が正しくありません', en: 'The request is malformed' },
    detail: () => ({
      ja: 'リクエストを読み取れません。URLとヘッダーの形式を確認してください。',
      en: 'The request cannot be read. Check the form of its URL and headers.',
    }),
  },
  malformed_json: {
    kind: 'malformed',
    fixableBy: 'user',
    title: { ja: 'JSONの形式が正しくありません', en: 'The body is not valid JSON' },
    detail: () => ({
      ja: 'リクエスト本文をJSONとして読み取れません。',
      en: 'The body of the request cannot be read as JSON.',
    }),
  },
  body_not_object: {
    kind: 'malformed',
    fixableBy: 'user',
    title: { ja: 'リクエスト本文がオブジェクトではありません', en: 'The body is not a JSON object' },
    detail: () => ({
      ja: 'リクエスト本文はJSONオブジェクト({ … })にしてください。',
      en: 'The body of the request must be a JSON object ({ … }).',
    }),
  },
  route_not_found: {
    kind: 'not_found',
    fixableBy: 'user',
    title: { ja: 'URLが見つかりません', en: 'There is nothing at this URL' },
    detail: () => ({
      ja: 'このURLとメソッドに対応する機能はありません。/api/docs を参照してください。',
      en: 'Nothing answers to this URL and method. See /api/docs for what there is.',
    }),
  },
  body_too_large: {
    kind: 'too_large',
    fixableBy: 'user',
    title: { ja: 'リクエスト本文が大きすぎます', en: 'The body is too large' },
    detail: ({ limit }) => ({
      ja:
        limit === undefined
          ? 'リクエスト本文が上限を超えています。'
          : `リクエスト本文は${String(limit)}バイトまでです。`,
      en: limit === undefined ? 'The body exceeds the limit.' : `The body may have up to ${String(limit)} bytes.`,
    }),
  },
  media_type_not_supported: {
    kind: 'unsupported_media',
    fixableBy: 'user',
    title: { ja: 'この形式のデータは受け付けられません', en: 'The media type is not supported' },
    detail: ({ accepted }) => ({
      ja: `Content-Type は ${list(accepted, 'application/json')} を指定してください。`,
      en: `The Content-Type must be ${list(accepted, 'application/json')}.`,
    }),
  },
  validation_failed: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: '入力内容に誤りがあります', en: 'The input is not valid' },
    detail: ({ count }) => ({
      ja: `入力内容に${String(count)}件の誤りがあります。各項目の説明を確認してください。`,
      en: `The input has ${String(count)} fault(s); each field says what is wrong with it.`,
    }),
  },
  cursor_invalid: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: '続きの位置(after)が正しくありません', en: 'The cursor is not valid' },
    detail: () => ({
      ja: 'after には、直前の応答の next の値をそのまま指定してください。',
      en: 'Give as `after` exactly what the previous answer gave as `next`.',
    }),
  },
  precondition_failed: {
    kind: 'precondition_failed',
    fixableBy: 'user',
    title: { ja: '他の変更が先に行われました', en: 'It has been changed in the meantime' },
    detail: () => ({
      ja: '表示後に内容が変更されています。最新の内容を確認してから、もう一度お試しください。',
      en: 'It was changed after you read it. Look at the present state and try again.',
    }),
  },
  idempotency_key_invalid: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: 'Idempotency-Key の形式が正しくありません', en: 'The Idempotency-Key is not valid' },
    detail: () => ({
      ja: 'Idempotency-Key は1〜200文字の印字可能なASCII文字で指定してください。',
      en: 'The Idempotency-Key must be 1 to 200 printable ASCII characters.',
    }),
  },
  idempotency_key_reused: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: 'Idempotency-Key が別の内容で使われています', en: 'The Idempotency-Key was used for another request' },
    detail: () => ({
      ja: '同じ Idempotency-Key が異なる内容のリクエストで使用済みです。新しいキーを指定してください。',
      en: 'This Idempotency-Key belongs to a request with another content. Use a new key.',
    }),
  },
  idempotency_key_in_progress: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '同じリクエストを処理中です', en: 'The same request is being carried out' },
    detail: () => ({
      ja: '同じ Idempotency-Key のリクエストを処理中です。しばらくしてから同じ内容で再送してください。',
      en: 'A request with this Idempotency-Key is being carried out. Send it again in a little while.',
    }),
  },
  too_many_requests: {
    kind: 'too_many',
    fixableBy: 'user',
    title: { ja: 'リクエストが多すぎます', en: 'Too many requests' },
    detail: ({ retryAfterSeconds }) => ({
      ja: `リクエストが多すぎます。${String(retryAfterSeconds ?? 60)}秒ほど待ってからお試しください。`,
      en: `Too many requests. Try again in about ${String(retryAfterSeconds ?? 60)} seconds.`,
    }),
  },
  store_unavailable: {
    kind: 'unavailable',
    fixableBy: 'service',
    title: { ja: '一時的に利用できません', en: 'Not available at present' },
    detail: () => ({
      ja: 'データストアに接続できません。しばらくしてからもう一度お試しください。',
      en: 'A data store cannot be reached. Try again in a little while.',
    }),
  },
  internal_error: {
    kind: 'internal',
    fixableBy: 'service',
    title: { ja: '予期しないエラーが発生しました', en: 'Something unexpected went wrong' },
    detail: ({ requestId }) => ({
      ja: `サービス側で予期しないエラーが発生しました。解決しない場合は、リクエストID ${String(requestId)} を添えてHRBCのサポートにご連絡ください。`,
      en: `Something unexpected went wrong in the service. If it stays, give HRBC support the request id ${String(requestId)}.`,
    }),
  },
});

export const rejectHttp = rejectWith(httpErrors);

function list(value: unknown, otherwise: string): string {
  return Array.isArray(value) ? value.join(', ') : otherwise;
}
