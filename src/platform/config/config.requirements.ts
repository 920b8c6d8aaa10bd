import { type VariableName } from './config.schema.js';
import { type ConfigurationFault } from './configuration.error.js';

/** The variables that are set, as texts. An empty value counts as unset: compose files write `NAME=` for that. */
export type RawEnvironment = Readonly<Partial<Record<VariableName, string>>>;

interface Requirement {
  readonly variable: VariableName;
  readonly brokenBy: (raw: RawEnvironment) => boolean;
  readonly message: string;
}

const inProduction = (raw: RawEnvironment): boolean => raw.NODE_ENV === 'production';
const inSandbox = (raw: RawEnvironment): boolean => raw.SANDBOX === 'true';

const requiredInProduction = (variable: VariableName): Requirement => ({
  variable,
  brokenBy: (raw) => inProduction(raw) && raw[variable] === undefined,
  message: 'NODE_ENV=production では必須です / is required with NODE_ENV=production',
});

const requiredUnlessSandbox = (variable: VariableName): Requirement => ({
  variable,
  brokenBy: (raw) => !inSandbox(raw) && raw[variable] === undefined,
  message: 'SANDBOX=true でない場合は必須です / is required unless SANDBOX=true',
});

const goesWith = (variable: VariableName, other: VariableName): Requirement => ({
  variable,
  brokenBy: (raw) => raw[variable] === undefined && raw[other] !== undefined,
  message: `${other} を指定する場合は必須です / is required when ${other} is set`,
});

/** What must hold between variables. Asks only whether and how they are set, so a wrong value elsewhere hides nothing. */
const requirements: readonly Requirement[] = [
  {
    variable: 'SANDBOX',
    brokenBy: (raw) => inProduction(raw) && inSandbox(raw),
    message: 'NODE_ENV=production では使えません / is refused with NODE_ENV=production',
  },
  requiredInProduction('EVENTSTORE_URL'),
  requiredInProduction('MONGO_URL'),
  requiredUnlessSandbox('AUTH_JWKS_URL'),
  requiredUnlessSandbox('AUTH_ISSUER'),
  requiredUnlessSandbox('AUTH_AUDIENCE'),
  requiredUnlessSandbox('CREDENTIAL_KEYS'),
  requiredUnlessSandbox('SMTP_URL'),
  goesWith('SMTP_BOUNCE_ADDRESS', 'SMTP_BOUNCE_MAILBOX'),
  goesWith('OFFICE365_CLIENT_ID', 'OFFICE365_CLIENT_SECRET'),
  goesWith('OFFICE365_CLIENT_SECRET', 'OFFICE365_CLIENT_ID'),
];

export function unmetRequirements(raw: RawEnvironment): ConfigurationFault[] {
  return requirements.filter(({ brokenBy }) => brokenBy(raw)).map(({ variable, message }) => ({ variable, message }));
}
