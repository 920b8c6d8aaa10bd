const HEAD = `# Errors

Every refusal is \`application/problem+json\` (RFC 9457) with a stable \`code\`. Titles are shown here in both
languages; \`detail\` says, in the language of the reader (\`Accept-Language\`, Japanese by default), what is wrong in the
case at hand and what to do. \`fixableBy\` is who can do it. Field faults stand in \`errors[]\`, and failed steps of a
diagnosis in \`steps[]\`, with codes of their own: at the end of this page, as they are told in a case made up for it.

This page is made from the code by \`npm run docs\`.
`;

/** docs/errors.md, from the catalogues of refusals. */
export async function errorsDocument() {
  const { documentedFailures, errorCatalogues, fieldFaults } = await import('../../dist/src/errors.js');
  const { statusOf } = await import('../../dist/src/platform/http/index.js');
  const groups = Object.entries(errorCatalogues).map(([group, catalogue]) => {
    const rows = Object.entries(catalogue).map(([code, { kind, fixableBy, title }]) => {
      return `| \`${code}\` | ${statusOf(kind)} | ${fixableBy} | ${title.ja} | ${title.en} |`;
    });
    return `## ${group}\n\n| code | status | fixable by | 日本語 | English |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  const faults = Object.entries(fieldFaults).map(([code, text]) => ({ code, ...text }));
  const told = [
    table('Field faults (`errors[]`)', faults),
    table('Failed steps of a diagnosis (`steps[]`)', documentedFailures()),
  ];
  return `${HEAD}\n${[...groups, ...told].join('\n')}`;
}

function table(title, texts) {
  const rows = texts.map(({ code, ja, en }) => `| \`${code}\` | ${ja} | ${en} |`);
  return `## ${title}\n\n| code | 日本語 | English |\n|---|---|---|\n${rows.join('\n')}\n`;
}
