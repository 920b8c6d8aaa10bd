import { afterAll, beforeAll, describe } from 'vitest';
import { aggregateGuarantees } from './aggregate.guarantees.js';
import { aggregateExpressionGuarantees } from './aggregate-expressions.guarantees.js';
import { arrayUpdateGuarantees } from './array-update.guarantees.js';
import { bulkWriteGuarantees } from './bulk-write.guarantees.js';
import { collectionGuarantees } from './collection.guarantees.js';
import { comparisonGuarantees } from './comparison.guarantees.js';
import { cursorGuarantees } from './cursor.guarantees.js';
import { findAndModifyGuarantees } from './find-and-modify.guarantees.js';
import { gridFsGuarantees } from './gridfs.guarantees.js';
import { indexGuarantees } from './index.guarantees.js';
import { mongooseGuarantees } from './mongoose.guarantees.js';
import { nullGuarantees } from './null.guarantees.js';
import { projectionGuarantees } from './projection.guarantees.js';
import { queryGuarantees } from './query.guarantees.js';
import { DocumentStoreContext, type Flavour, type StartDocumentStore } from './running-document-store.js';
import { sortGuarantees } from './sort.guarantees.js';
import { typeGuarantees } from './type.guarantees.js';
import { uniqueGuarantees } from './unique.guarantees.js';
import { updateGuarantees } from './update.guarantees.js';
import { updateRefusalGuarantees } from './update-refusal.guarantees.js';
import { upsertGuarantees } from './upsert.guarantees.js';
import { writeGuarantees } from './write.guarantees.js';

/** What the application relies on in a document store, run against each one it may meet. */
export function documentStoreGuarantees(name: string, flavour: Flavour, start: StartDocumentStore): void {
  describe(name, () => {
    const context = new DocumentStoreContext(flavour);
    beforeAll(() => context.start(start));
    afterAll(() => context.stop());

    typeGuarantees(context);
    writeGuarantees(context);
    queryGuarantees(context);
    comparisonGuarantees(context);
    nullGuarantees(context);
    sortGuarantees(context);
    projectionGuarantees(context);
    updateGuarantees(context);
    arrayUpdateGuarantees(context);
    updateRefusalGuarantees(context);
    upsertGuarantees(context);
    uniqueGuarantees(context);
    findAndModifyGuarantees(context);
    bulkWriteGuarantees(context);
    indexGuarantees(context);
    cursorGuarantees(context);
    aggregateGuarantees(context);
    aggregateExpressionGuarantees(context);
    collectionGuarantees(context);
    gridFsGuarantees(context);
    mongooseGuarantees(context);
  });
}
