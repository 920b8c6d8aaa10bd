import { Injectable, Logger } from '@nestjs/common';
import { APP_REFUSED, GatewayError, IdentityError, type OAuthService } from '../../../gateways/index.js';
import { Metrics } from '../../../platform/observability/index.js';

/**
 * One alarm for a fault that everybody meets at once: the provider refuses HRBC's own app, because its secret is wrong or
 * has expired. A metric and one line in the log, whoever meets it first; nobody is told to sign in again.
 */
@Injectable()
export class AppAlarm {
  private readonly logger = new Logger(AppAlarm.name);
  private readonly raised = new Map<OAuthService, string>();

  constructor(metrics: Metrics) {
    metrics.gauge({
      name: 'hrbc_mail_oauth_app_refused',
      help: "1 while the provider refuses HRBC's own app: its id, its secret, or how it is registered",
      labelNames: ['service'],
      collect: (gauge) => {
        for (const service of ['office365', 'gmail'] as const) gauge.set({ service }, this.raised.has(service) ? 1 : 0);
      },
    });
  }

  /** Does work in which the app identifies itself, and learns from how it ends. Settles as the work does. */
  async watch<T>(service: OAuthService, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      if (this.raised.delete(service)) this.logger.log({ service }, 'The provider accepts our app again.');
      return result;
    } catch (error) {
      const detail = refusalIn(error);
      if (detail !== null && !this.raised.has(service)) {
        this.raised.set(service, detail);
        this.logger.error({ service, detail }, 'The provider refuses our app: check its id, secret and registration.');
      }
      throw error;
    }
  }
}

/** What the provider said; null: it did not refuse the app. */
function refusalIn(error: unknown): string | null {
  if (error instanceof IdentityError) return error.fault.kind === 'app' ? error.fault.detail : null;
  if (!(error instanceof GatewayError)) return null;
  const { failure } = error;
  return failure.kind === 'Rejected' && failure.code === APP_REFUSED ? failure.code : null;
}
