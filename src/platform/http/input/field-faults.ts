import { type BilingualText, type FieldRejection } from '@libs/eventsourcing';

type Describe = (params: Readonly<Record<string, unknown>>) => BilingualText;

/** What can be wrong with a field, whichever it is. The codes are part of the REST contract (`errors[].code`). */
export const FIELD_FAULTS = {
  required: () => ({ ja: '必須項目です。', en: 'This is required.' }),
  wrong_type: ({ expected }) => ({
    ja: `${typeName(expected).ja}で指定してください。`,
    en: `This must be ${typeName(expected).en}.`,
  }),
  unknown_field: () => ({ ja: 'この項目は指定できません。', en: 'There is no such field.' }),
  not_allowed: ({ values }) => ({
    ja: `次のいずれかを指定してください: ${String(values)}`,
    en: `This must be one of: ${String(values)}`,
  }),
  invalid_format: () => ({ ja: '形式が正しくありません。', en: 'The format is not right.' }),
  invalid_characters: () => ({
    ja: '使用できない文字が含まれています。',
    en: 'This contains characters that are not allowed.',
  }),
  too_short: ({ limit }) => ({
    ja: `${String(limit)}文字以上で指定してください。`,
    en: `This must have at least ${String(limit)} character(s).`,
  }),
  too_long: ({ limit }) => ({
    ja: `${String(limit)}文字以内で指定してください。`,
    en: `This may have at most ${String(limit)} character(s).`,
  }),
  too_small: ({ limit }) => ({
    ja: `${String(limit)}以上の値を指定してください。`,
    en: `This must be at least ${String(limit)}.`,
  }),
  too_large: ({ limit }) => ({
    ja: `${String(limit)}以下の値を指定してください。`,
    en: `This may be at most ${String(limit)}.`,
  }),
  too_few: ({ limit }) => ({
    ja: `${String(limit)}件以上指定してください。`,
    en: `At least ${String(limit)} item(s) are needed.`,
  }),
  too_many: ({ limit }) => ({
    ja: `${String(limit)}件以内で指定してください。`,
    en: `At most ${String(limit)} item(s) are allowed.`,
  }),
  invalid_value: () => ({ ja: '値が正しくありません。', en: 'The value is not valid.' }),
} satisfies Record<string, Describe>;

export type FieldFaultCode = keyof typeof FIELD_FAULTS;

/** A fault of one field, told in both languages. */
export function fieldFault(
  field: string,
  code: FieldFaultCode,
  params: Readonly<Record<string, unknown>> = {},
): FieldRejection {
  const describe: Describe = FIELD_FAULTS[code];
  return { field, code, detail: describe(params) };
}

const TYPE_NAMES: Readonly<Record<string, BilingualText>> = {
  string: { ja: '文字列', en: 'a string' },
  number: { ja: '数値', en: 'a number' },
  int: { ja: '整数', en: 'a whole number' },
  boolean: { ja: 'true または false ', en: 'true or false' },
  object: { ja: 'オブジェクト', en: 'an object' },
  record: { ja: 'オブジェクト', en: 'an object' },
  array: { ja: '配列', en: 'an array' },
  null: { ja: 'null ', en: 'null' },
};

function typeName(expected: unknown): BilingualText {
  return TYPE_NAMES[String(expected)] ?? { ja: '正しい型', en: 'of the right type' };
}
