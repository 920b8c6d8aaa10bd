export type Language = 'ja' | 'en';
const LANGUAGES: readonly Language[] = ['ja', 'en'];

/**
 * The language in which a problem is told: the one of ours that `Accept-Language` (RFC 9110, 12.5.4) likes best, and
 * Japanese when it says nothing, anything (`*`) or names none of ours. Regions do not matter (`en-GB` is `en`).
 */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  let best: { language: Language; quality: number } = { language: 'ja', quality: 0 };
  for (const range of (acceptLanguage ?? '').split(',')) {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const language = LANGUAGES.find((ours) => tag === ours || tag.startsWith(`${ours}-`));
    const quality = qualityOf(parameters);
    if (language !== undefined && quality > best.quality) best = { language, quality };
  }
  return best.language;
}

function qualityOf(parameters: readonly string[]): number {
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  if (weight === undefined) return 1;
  const quality = Number(weight);
  return quality >= 0 && quality <= 1 ? quality : 0;
}
