import type { DiagnosisCode } from './diagnosis.js';
import type { StepFacts } from './step-facts.js';

/** A step of a diagnosis that did not succeed. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  constructor(
    readonly code: DiagnosisCode,
    readonly facts: StepFacts = {},
  ) {
    super(code);
  }
}
