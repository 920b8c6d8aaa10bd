import { documentOf } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { entriesOf } from '../bson/elements.js';
import { fromJs } from '../bson/from-js.js';
import { double, string } from '../bson/make-cell.js';
import { refuse } from '../mongo-fault.js';
import { planQuery, type Plan } from '../plan/planner.js';
import { Command } from './command.js';
import type { CommandDefinition, CommandTable } from './command-table.js';
import { findCollection, namespaceOf } from './namespace.js';
import { searchOf } from './read-commands.js';

/** The field in which a command carries its filter. */
const FILTER_FIELD: Readonly<Record<string, string>> = { find: 'filter', count: 'query', distinct: 'query' };

function scanStage(plan: Plan): Cell {
  const direction = plan.backwards ? 'backward' : 'forward';
  if (plan.kind === 'table') return fromJs({ stage: 'COLLSCAN', direction });
  const { definition } = plan.candidate.index;
  const inputStage = { stage: 'IXSCAN', keyPattern: definition.key, indexName: definition.name, direction };
  return fromJs({ stage: 'FETCH', inputStage });
}

/** The plan in the words of MongoDB's `explain`, as far as there is one: which index, and whether it is sorted in memory. */
const explain: CommandDefinition = {
  options: ['verbosity'],
  run: (command, session) => {
    const source = command.required('explain', command.document('explain'));
    const [name = ''] = entriesOf(source)[0] ?? [];
    const filterField = Object.hasOwn(FILTER_FIELD, name) ? FILTER_FIELD[name] : undefined;
    if (filterField === undefined) return refuse(`explain of ${name}`);
    const explained = new Command(name, documentOf([...entriesOf(source), ['$db', string(command.db)]]), new Map());
    const collection = findCollection(explained, session);
    const plan = collection && planQuery(collection, searchOf(explained, filterField));
    const scan = plan === undefined ? fromJs({ stage: 'EOF' }) : scanStage(plan);
    const winningPlan = plan?.sorted === false ? { stage: 'SORT', inputStage: scan } : scan;
    return fromJs({ queryPlanner: { namespace: namespaceOf(explained), winningPlan }, ok: double(1) });
  },
};

export const EXPLAIN: CommandTable = { explain };
