import { z } from 'zod';
import {
  addresses,
  baseUrl,
  bounceAddress,
  credentialKeys,
  day,
  dkimKey,
  flag,
  hosts,
  mailboxUrl,
  oneOf,
  origins,
  secureBaseUrl,
  text,
  urlOf,
  wholeNumber,
} from './variable-types.js';

/**
 * Every environment variable the service knows: the only list of them, read by `loadConfig` and explained in
 * `.env.example` (a spec keeps the two equal). What must hold between variables stands in
 * `config.requirements.ts`, so that one fault never hides another.
 */
export const environmentSchema = z.object({
  NODE_ENV: oneOf(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),

  PORT: wholeNumber(0, 65_535).prefault('3000'),
  HOST: text.default('127.0.0.1'),
  PUBLIC_URL: baseUrl.optional(),
  RETURN_URL_ORIGINS: origins.optional(),

  EVENTSTORE_URL: urlOf('esdb', 'esdb+discover').optional(),
  MONGO_URL: urlOf('mongodb', 'mongodb+srv').optional(),
  DATA_DIR: text.default('./data'),
  SANDBOX: flag.prefault('false'),

  AUTH_JWKS_URL: urlOf('http', 'https').optional(),
  AUTH_ISSUER: text.optional(),
  AUTH_AUDIENCE: text.optional(),
  CREDENTIAL_KEYS: credentialKeys.optional(),
  AUDIT_SEAL_KEYS: credentialKeys.optional(),

  OFFICE365_CLIENT_ID: text.optional(),
  OFFICE365_CLIENT_SECRET: text.optional(),
  OFFICE365_AUTHORITY: secureBaseUrl.prefault('https://login.microsoftonline.com'),
  GRAPH_URL: secureBaseUrl.prefault('https://graph.microsoft.com'),
  GOOGLE_AUTH_URL: baseUrl.prefault('https://accounts.google.com/o/oauth2/v2/auth'),
  GOOGLE_TOKEN_URL: baseUrl.prefault('https://oauth2.googleapis.com/token'),
  GMAIL_URL: baseUrl.prefault('https://gmail.googleapis.com'),

  SMTP_URL: urlOf('smtp', 'smtps').optional(),
  SMTP_BOUNCE_ADDRESS: bounceAddress.optional(),
  SMTP_BOUNCE_MAILBOX: mailboxUrl.optional(),
  SMTP_DKIM_KEY: dkimKey.optional(),
  EGRESS_ADDRESSES: addresses.prefault('52.69.227.39,3.114.155.87,3.114.148.79'),
  MAIL_HOSTS_ALLOWED_PRIVATE: hosts.optional(),
  POLL_INTERVAL_SECONDS: wholeNumber(1, 86_400).prefault('60'),
  LEGACY_CUTOFF: day.default('2020-08-11'),
  BASIC_AUTH_ENFORCED_FROM: day.optional(),
});

export type Environment = z.output<typeof environmentSchema>;
export type VariableName = keyof Environment;
