import { Injectable } from '@nestjs/common';
import { type Diagnosis, MailGateways, settingProblem } from '../../gateways/index.js';
import { RateLimits } from '../../platform/rate-limits/index.js';
import { MailServerRecord } from '../mail-server/index.js';
import { reject } from './user-mail-setting.errors.js';
import { type ObservedEncryption } from './user-mail-setting.events.js';

interface Attempt {
  readonly userId: string;
  readonly mailServerId: string;
  readonly accountName: string;
  readonly password: string;
}

export interface TrialResult {
  /** How the connection turned out to be encrypted. */
  readonly encryption: ObservedEncryption;
  /** The host that was told the password: no other is, until the user enters it again (ADR 0060). */
  readonly host: string;
}

/** Of one user: enough for mistyping, too little for guessing. */
const TRIALS_PER_MINUTE = 10;

/** Tries an account against its server before anything is kept (R35); what fails is said step by step (R22). */
@Injectable()
export class AccountTrial {
  constructor(
    private readonly servers: MailServerRecord,
    private readonly gateways: MailGateways,
    private readonly limits: RateLimits,
  ) {}

  /** Refuses with the step that failed. */
  async mustSucceed(company: string, attempt: Attempt): Promise<TrialResult> {
    const { userId, mailServerId, accountName, password } = attempt;
    const server = await this.servers.current(company, mailServerId);
    if (server.status !== 'registered') throw reject('mail_server_unknown', {}, { field: 'mailServerId' });
    if (server.description.service !== 'other') {
      throw reject('provider_login_required', { name: server.name }, { field: 'mailServerId' });
    }
    await this.limits.take({ name: `account|${company}|${userId}`, most: TRIALS_PER_MINUTE, perMs: 60_000 });
    const { protocol, host, port, security } = server.description;
    const diagnosis = await this.gateways.diagnose({ protocol, host, port, security, accountName, password });
    if (!diagnosis.ok) throw refusal(diagnosis);
    return { encryption: diagnosis.encryption, host };
  }
}

function refusal(diagnosis: Diagnosis) {
  const code = settingProblem(diagnosis) === 'login_failed' ? 'login_failed' : 'server_unreachable';
  const field = code === 'login_failed' ? 'password' : 'mailServerId';
  const failed = diagnosis.steps.at(-1);
  const seen = { seenJa: failed?.detail.ja ?? '', seenEn: failed?.detail.en ?? '' };
  const steps = diagnosis.steps.map(({ step, ok, ms }) => ({ step, ok, ms }));
  return reject(code, seen, { field, extensions: { step: failed?.step, diagnosis: steps } });
}
