import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Collection, type Connection } from 'mongoose';
import { MicrosoftGateway } from '../../../gateways/index.js';
import { type AppConfig, InjectConfig } from '../../../platform/config/index.js';
import { newSecret } from '../consent/pending-consents.js';
import { GRAPH_SCOPES } from '../consent/office365/office365-provider.js';

interface LinkDocument {
  /** The company. */
  readonly _id: string;
  /** Comes back with the answer and says whose it is. Drawn anew once it was used. */
  readonly state: string;
}

const SCOPES = [
  'openid',
  'profile',
  'email',
  'offline_access',
  ...GRAPH_SCOPES.map((scope) => `https://graph.microsoft.com/${scope}`),
];

/**
 * The address at which a Microsoft administrator allows the app for all (v2-admin-consent). It is handed from one person
 * to another, by mail perhaps, so it is bound to no browser and good until it is used.
 */
@Injectable()
export class AdminConsentLinks implements OnModuleInit {
  private readonly links: Collection<LinkDocument>;
  readonly redirectUrl: string;

  constructor(
    @InjectConnection() connection: Connection,
    private readonly microsoft: MicrosoftGateway,
    @InjectConfig() { http }: AppConfig,
  ) {
    this.links = connection.collection<LinkDocument>('admin_consent_links');
    this.redirectUrl = `${http.publicUrl}/oauth/office365/admin-consent`;
  }

  async onModuleInit(): Promise<void> {
    await this.links.createIndex({ state: 1 });
  }

  /** The company's link; null: HRBC's app is not configured. */
  async of(company: string, tenantId: string | null): Promise<string | null> {
    const { app } = this.microsoft;
    if (app === null) return null;
    const link = await this.links.findOneAndUpdate(
      { _id: company },
      { $setOnInsert: { state: newSecret() } },
      { upsert: true, returnDocument: 'after' },
    );
    const url = new URL(this.microsoft.authority(tenantId ?? 'organizations', '/v2.0/adminconsent'));
    url.search = new URLSearchParams({
      client_id: app.clientId,
      scope: SCOPES.join(' '),
      redirect_uri: this.redirectUrl,
      state: link?.state ?? '',
    }).toString();
    return url.href;
  }

  /** Uses a link up; null: there is none with this state (any more). */
  async use(state: string): Promise<string | null> {
    const used = await this.links.findOneAndDelete({ state });
    return used?._id ?? null;
  }
}
