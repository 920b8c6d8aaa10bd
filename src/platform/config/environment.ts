import { type AppConfig, toAppConfig } from './app-config.js';
import { type RawEnvironment, unmetRequirements } from './config.requirements.js';
import { environmentSchema, type VariableName } from './config.schema.js';
import { ConfigurationError, type ConfigurationFault } from './configuration.error.js';

/**
 * Reads the configuration: the only place that touches `process.env`.
 * Throws a ConfigurationError that lists all faults together, by variable name, without any value.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env): AppConfig {
  const raw = setVariables(env);
  const parsed = environmentSchema.safeParse(raw);
  const faults: ConfigurationFault[] = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => ({ variable: String(path[0]), message })),
    ...unmetRequirements(raw),
  ];
  if (faults.length > 0 || !parsed.success) throw new ConfigurationError(faults);
  return toAppConfig(parsed.data);
}

/** Only what the schema names, and only what has a value. */
function setVariables(env: Readonly<Record<string, string | undefined>>): RawEnvironment {
  const set: Partial<Record<VariableName, string>> = {};
  for (const name of Object.keys(environmentSchema.shape) as VariableName[]) {
    const value = env[name]?.trim();
    if (value !== undefined && value !== '') set[name] = value;
  }
  return set;
}
