/** A text in the two languages of the product, with the parameters of the case filled in. */
export interface BilingualText {
  readonly ja: string;
  readonly en: string;
}

/** What kind of refusal it is; the HTTP layer alone knows which status that means. */
export type RejectionKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'precondition_failed'
  | 'too_large'
  | 'unsupported_media'
  | 'invalid'
  | 'too_many'
  | 'unavailable'
  | 'internal';

/** Who can do something about it: part of every problem that a person gets to see. */
export type FixableBy = 'user' | 'admin' | 'service';

export type RejectionParams = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** One entry of the catalogue of refusals (docs/errors.md is made from it). */
export interface RejectionDefinition {
  readonly kind: RejectionKind;
  readonly fixableBy: FixableBy;
  readonly title: BilingualText;
  /** Says what is wrong and what to do, for the person who reads it. */
  detail(this: void, params: RejectionParams): BilingualText;
}

export type RejectionCatalogue = Readonly<Record<string, RejectionDefinition>>;

/** Declares a module's refusals: the keys are the stable codes of the REST contract. */
export function defineRejections<const Catalogue extends RejectionCatalogue>(catalogue: Catalogue): Catalogue {
  return catalogue;
}

/** A field of the input and the refusal that concerns it. */
export interface FieldRejection {
  readonly field: string;
  readonly code: string;
  readonly detail: BilingualText;
}

/**
 * The one error by which the product says no. It carries its catalogue entry, so whoever catches it can show it
 * without knowing the module that threw it.
 */
export class Rejection extends Error {
  override readonly name = 'Rejection';
  constructor(
    readonly code: string,
    readonly definition: RejectionDefinition,
    readonly params: RejectionParams = {},
    readonly fields: readonly FieldRejection[] = [],
    /** Members that the contract adds to this problem, such as `inUseBy` (RFC 9457, 3.2). */
    readonly extensions: Readonly<Record<string, unknown>> = {},
  ) {
    super(code);
  }

  /** The text for the person who reads it. */
  get detail(): BilingualText {
    return this.definition.detail(this.params);
  }
}

/** Makes `reject(code, params?, …)` for a catalogue; unknown codes do not compile. */
export function rejectWith<Catalogue extends RejectionCatalogue>(catalogue: Catalogue) {
  return (
    code: keyof Catalogue & string,
    params: RejectionParams = {},
    more: { readonly field?: string; readonly extensions?: Readonly<Record<string, unknown>> } = {},
  ): Rejection => {
    const definition = catalogue[code] as RejectionDefinition;
    const fields = more.field ? [{ field: more.field, code, detail: definition.detail(params) }] : [];
    return new Rejection(code, definition, params, fields, more.extensions);
  };
}
