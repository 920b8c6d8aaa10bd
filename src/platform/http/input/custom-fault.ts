import { type BilingualText, type FieldRejection } from '@libs/eventsourcing';
import { fieldFault } from './field-faults.js';

/**
 * Options for `schema.refine(…, fault('account_name_not_allowed', { ja, en }))`: a check of a module's own, with a
 * code of its own, told like all other faults of fields.
 */
export function fault(code: string, detail: BilingualText): { params: { code: string; detail: BilingualText } } {
  return { params: { code, detail } };
}

/** The fault that such a check found; `invalid_value` for a check that does not say. */
export function customFault(field: string, params: Readonly<Record<string, unknown>> | undefined): FieldRejection {
  const { code, detail } = (params ?? {}) as { readonly code?: string; readonly detail?: BilingualText };
  return code !== undefined && detail !== undefined ? { field, code, detail } : fieldFault(field, 'invalid_value');
}
