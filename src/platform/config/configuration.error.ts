/** One thing that is wrong with one environment variable; `message` is in Japanese and English. */
export interface ConfigurationFault {
  readonly variable: string;
  readonly message: string;
}

/** Thrown at start. Names every fault at once, so that nobody has to start the service once per mistake. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(readonly faults: readonly ConfigurationFault[]) {
    const lines = faults.map(({ variable, message }) => `  ${variable}: ${message}`);
    super(['環境変数の設定に誤りがあります / The environment is not configured correctly:', ...lines].join('\n'));
  }
}
