import { performance } from 'node:perf_hooks';
import { GatewayError } from '../gateway.errors.js';
import { errorCode, networkFailure } from '../network-failure.js';
import {
  type Diagnosis,
  DIAGNOSIS_STEPS,
  type DiagnosisCode,
  type DiagnosisStep,
  type DiagnosisStepName,
} from './diagnosis.js';
import { failureCode } from './failure-code.js';
import { failureText } from './failure-text.js';
import type { StepFacts } from './step-facts.js';
import { StepFailure } from './step-failure.js';
import { successText } from './success-text.js';

/** What the same network error is called at different steps; `*` stands for every other error. */
const BY_STEP: Readonly<Partial<Record<DiagnosisStepName, Readonly<Record<string, DiagnosisCode>>>>> = {
  name: { '*': 'lookup_failed' },
  connect: {
    ECONNREFUSED: 'connection_refused',
    ECONNRESET: 'connection_refused',
    ETIMEDOUT: 'connect_timeout',
    ADDRESS_MISMATCH: 'private_address',
    '*': 'host_unreachable',
  },
  tls: {
    ERR_SSL_WRONG_VERSION_NUMBER: 'tls_not_spoken',
    ERR_SSL_PACKET_LENGTH_TOO_LONG: 'tls_not_spoken',
    ERR_SSL_UNKNOWN_PROTOCOL: 'tls_not_spoken',
    ERR_SSL_HTTP_REQUEST: 'tls_not_spoken',
    DATA_BEFORE_TLS: 'tls_not_spoken',
    '*': 'tls_failed',
  },
  greeting: {
    SILENCE: 'no_greeting',
    CONNECTION_CLOSED: 'closed_at_greeting',
    ECONNRESET: 'closed_at_greeting',
    EPIPE: 'closed_at_greeting',
    '*': 'not_a_mail_server',
  },
};
/** A step that has not ended when the time for the whole is up. */
const OUT_OF_TIME: Readonly<Partial<Record<DiagnosisStepName, DiagnosisCode>>> = {
  name: 'lookup_failed',
  connect: 'connect_timeout',
  tls: 'tls_failed',
  greeting: 'no_greeting',
};

/** Keeps the steps of one diagnosis: times them, and puts what happened into words. */
export class StepRecord {
  encryption: Diagnosis['encryption'] = 'none';
  #facts: StepFacts;
  readonly #steps: DiagnosisStep[] = [];
  #current: { readonly name: DiagnosisStepName; readonly since: number } | null = null;
  #isClosed = false;

  constructor(facts: StepFacts) {
    this.#facts = facts;
  }

  /** Adds to what texts may tell. */
  learn(facts: StepFacts): void {
    this.#facts = { ...this.#facts, ...facts };
  }

  /** Does the work of a step and records how it went; rejects as the work does. */
  async step<T>(name: DiagnosisStepName, work: () => Promise<T>): Promise<T> {
    this.#current = { name, since: performance.now() };
    try {
      const result = await work();
      this.#add({ ok: true, detail: successText(name, this.#facts) });
      return result;
    } catch (error) {
      if (error instanceof StepFailure) this.learn(error.facts);
      this.#fail(codeOf(error, name));
      throw error;
    }
  }

  /** The diagnosis has ended early: by the failure of a step, which is recorded, or because its time was up. */
  interrupt(error: unknown): void {
    const name = this.#current?.name;
    if (name && error instanceof GatewayError) this.#fail(OUT_OF_TIME[name] ?? 'timeout');
    this.#isClosed = true;
  }

  result(): Diagnosis {
    const order = (step: DiagnosisStep): number => DIAGNOSIS_STEPS.indexOf(step.step);
    const steps = this.#steps.toSorted((a, b) => order(a) - order(b));
    const failed = steps.findIndex((step) => !step.ok);
    return {
      ok: failed < 0,
      steps: failed < 0 ? steps : steps.slice(0, failed + 1),
      encryption: this.encryption,
    };
  }

  #fail(code: DiagnosisCode): void {
    this.#add({ ok: false, code, detail: failureText(code, this.#facts) });
  }

  #add(outcome: Pick<DiagnosisStep, 'ok' | 'detail' | 'code'>): void {
    if (!this.#current || this.#isClosed) return;
    const { name, since } = this.#current;
    this.#steps.push({ step: name, ...outcome, ms: Math.round(performance.now() - since) });
    this.#current = null;
  }
}

function codeOf(error: unknown, step: DiagnosisStepName): DiagnosisCode {
  if (error instanceof StepFailure) return error.code;
  if (error instanceof GatewayError) return failureCode(error.failure);
  const own = BY_STEP[step];
  if (own) return own[errorCode(error) ?? ''] ?? own['*'] ?? 'protocol_error';
  const failure = networkFailure(error);
  return failure ? failureCode(failure) : 'protocol_error';
}
