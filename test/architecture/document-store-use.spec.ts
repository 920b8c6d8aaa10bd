import { describe, expect, it } from 'vitest';
import { codeOf, type SourceFile, sourceFiles } from './source-files.js';

/** Where a key that starts with `$` belongs to OData or to JSON Schema. */
const OTHER_LANGUAGES = /^src[\\/](gateways|platform[\\/]http[\\/]openapi)[\\/]/;
const OPERATOR = /[{,\s]['"]?(\$[a-z]\w+)['"]?:/g;
/** What the driver, mongoose and GridFS send to a document store. */
const METHOD = new RegExp(
  `\\.(${[
    'aggregate|bulkWrite|countDocuments|create|createCollection|createIndex|createIndexes|cursor|deleteMany',
    'deleteOne|distinct|drop|dropCollection|dropDatabase|dropIndex|dropIndexes|estimatedDocumentCount|exists|explain',
    'findById|findByIdAndDelete|findByIdAndUpdate|findOne|findOneAndDelete|findOneAndReplace|findOneAndUpdate',
    'insertMany|insertOne|listCollections|listIndexes|openDownloadStream|openDownloadStreamByName|openUploadStream',
    'openUploadStreamWithId|populate|renameCollection|replaceOne|startSession|syncIndexes|updateMany|updateOne|watch',
  ].join('|')})\\(`,
  'g',
);

const application = sourceFiles('src');
const guarantees = sourceFiles('test/contracts/document-store', (path) => path.endsWith('.guarantees.ts'));

function found(files: readonly SourceFile[], pattern: RegExp): string[] {
  const names = files.flatMap((file) => [...codeOf(file).matchAll(pattern)].map(([, name = '']) => name));
  return [...new Set(names)].sort();
}

describe('what the application asks of a document store has a guarantee', () => {
  const operators = found(
    application.filter(({ path }) => !OTHER_LANGUAGES.test(path)),
    OPERATOR,
  );
  // Only files that hold a collection: elsewhere names like `watch` and `create` are other people's
  const methods = found(
    application.filter(({ text }) => /Collection<|Model<|GridFSBucket/.test(text)),
    METHOD,
  );
  const [guaranteedOperators, guaranteedMethods] = [found(guarantees, OPERATOR), found(guarantees, METHOD)];

  it('is found', () => {
    expect(operators).toContain('$setOnInsert');
    expect(methods).toContain('findOneAndUpdate');
  });

  it.each(operators)('%s', (operator) => expect(guaranteedOperators).toContain(operator));
  it.each(methods)('%s()', (method) => expect(guaranteedMethods).toContain(method));
});
