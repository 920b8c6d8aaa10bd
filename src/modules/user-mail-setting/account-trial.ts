import { Injectable } from '@nestjs/common';
import { type DiagnosisStep, MailGateways } from '../../gateways/index.js';
import { MailServerRecord } from '../mail-server/index.js';
import { reject } from './user-mail-setting.errors.js';
import { type ObservedEncryption } from './user-mail-setting.events.js';

interface Attempt {
  readonly mailServerId: string;
  readonly accountName: string;
  readonly password: string;
}

/** Tries an account against its server before anything is kept (R35); what fails is said step by step (R22). */
@Injectable()
export class AccountTrial {
  constructor(
    private readonly servers: MailServerRecord,
    private readonly gateways: MailGateways,
  ) {}

  /** Answers how the connection turned out to be encrypted; refuses with the step that failed. */
  async mustSucceed(company: string, { mailServerId, accountName, password }: Attempt): Promise<ObservedEncryption> {
    const server = await this.servers.current(company, mailServerId);
    if (server.status !== 'registered') throw reject('mail_server_unknown', {}, { field: 'mailServerId' });
    if (server.description.service !== 'other') {
      throw reject('provider_login_required', { name: server.name }, { field: 'mailServerId' });
    }
    const { protocol, host, port, security } = server.description;
    const diagnosis = await this.gateways.diagnose({ protocol, host, port, security, accountName, password });
    const failed = diagnosis.steps.find(({ ok }) => !ok);
    if (failed) throw refusal(failed, diagnosis.steps);
    return diagnosis.encryption;
  }
}

function refusal(failed: DiagnosisStep, steps: readonly DiagnosisStep[]) {
  const code = failed.step === 'login' ? 'login_failed' : 'server_unreachable';
  const field = code === 'login_failed' ? 'password' : 'mailServerId';
  const seen = { seenJa: failed.detail.ja, seenEn: failed.detail.en };
  const extensions = { step: failed.step, diagnosis: steps.map(({ step, ok, ms }) => ({ step, ok, ms })) };
  return reject(code, seen, { field, extensions });
}
