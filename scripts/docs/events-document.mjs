import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const HEAD = `# Events

What the event store holds. Events are facts in the past tense and a storage contract: fields get added and never
change; a new meaning is a new event. No password, token, secret or mail content is ever in one. Fields marked
*personal* are sealed under a key of the person \`userId\`, so that destroying the key forgets the person and keeps the
decision. The metadata of every event: actor, company, at, correlation and causation id, reason, client address,
\`hash\` over the event as stored, and \`previousHash\` of its predecessor in the stream.

This page is made from \`src/modules/**/*.events.ts\` by \`npm run docs\`.
`;

/** docs/events.md, from the types and comments of the events themselves. */
export function eventsDocument() {
  const sections = eventFiles('src/modules').sort().map(sectionOf);
  return `${HEAD}\n${sections.join('\n')}`;
}

function eventFiles(directory) {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return eventFiles(path);
    return entry.name.endsWith('.events.ts') ? [path] : [];
  });
}

function sectionOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const personal = personalFields(source);
  const aliases = source.statements.filter((statement) => ts.isTypeAliasDeclaration(statement));
  const events = aliases.filter(
    ({ type }) => type.typeName?.getText() === 'DomainEvent' && ts.isLiteralTypeNode(type.typeArguments[0]),
  );
  const rows = events.map((alias) => {
    const [name, data] = alias.type.typeArguments;
    const type = name.literal.text;
    return `| \`${type}\` | ${commentOf(alias)} | ${fieldsOf(data, source, personal.get(type) ?? [])} |`;
  });
  return `## ${streamOf(source)}\n\n| event | what happened | data |\n|---|---|---|\n${rows.join('\n')}\n`;
}

/** `categoryName-{company}_{id}`, from the stream name function's own call. */
function streamOf(source) {
  const text = source.getFullText();
  const category = /export const [A-Z_]+ = '(\w+)'/.exec(text)?.[1];
  const parts = /streamName\(\w+, ([^)]*)\)/
    .exec(text)?.[1]
    .split(', ')
    .map((part) => `{${part}}`);
  return `\`${category}-${parts?.join('_')}\``;
}

function commentOf(node) {
  const [doc] = ts.getJSDocCommentsAndTags(node);
  return ts.getTextOfJSDocComment(doc?.comment)?.replace(/\s+/g, ' ') ?? '';
}

function fieldsOf(data, source, personal) {
  const members = ts.isTypeLiteralNode(data)
    ? data.members
    : ts.isIntersectionTypeNode(data)
      ? data.types.flatMap((type) => membersOf(type, source))
      : membersOf(data, source);
  return members
    .map((member) => {
      const name = member.name.getText();
      const mark = personal.includes(name) ? ' *(personal)*' : '';
      return `\`${name}${member.questionToken ? '?' : ''}\`${mark}`;
    })
    .join(', ');
}

/** The members of a type literal, or of the interface that a name stands for. */
function membersOf(type, source) {
  if (ts.isTypeLiteralNode(type)) return [...type.members];
  const name = type.getText();
  const found = source.statements.find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  return found ? [...found.members] : [];
}

function personalFields(source) {
  const fields = new Map();
  const visit = (node) => {
    if (ts.isPropertyAssignment(node) && ts.isObjectLiteralExpression(node.initializer)) {
      const personal = node.initializer.properties.find((property) => property.name?.getText() === 'personal');
      if (personal)
        fields.set(
          node.name.getText(),
          personal.initializer.elements.map((element) => element.text),
        );
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return fields;
}
