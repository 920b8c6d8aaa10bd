import { FieldName } from './elements.js';
import { MongoFault } from '../mongo-fault.js';

const INDEX = /^(?:0|[1-9]\d*)$/;

/** One step of a path. */
export class PathStep extends FieldName {
  /** The array index which this step can also mean, or -1. */
  readonly index: number;
  constructor(text: string) {
    super(text);
    this.index = INDEX.test(text) ? Number(text) : -1;
  }
}

/** A dotted path such as `a.b.0`. */
export class FieldPath {
  readonly steps: readonly PathStep[];

  constructor(
    readonly text: string,
    steps?: readonly PathStep[],
  ) {
    this.steps = steps ?? text.split('.').map((step) => new PathStep(step));
  }

  get first(): PathStep {
    return this.steps[0] as PathStep;
  }

  /** Whether this path is `other` or lies below it. */
  startsWith(other: FieldPath): boolean {
    return this.text === other.text || this.text.startsWith(`${other.text}.`);
  }

  /** Whether one of two paths is the other or lies below it. */
  overlaps(other: FieldPath): boolean {
    return this.startsWith(other) || other.startsWith(this);
  }
}

/**
 * A path which must not have empty parts, as update and projection paths.
 * @throws MongoFault 56
 */
export function nonEmptyPath(text: string): FieldPath {
  if (text === '' || text.startsWith('.') || text.endsWith('.') || text.includes('..')) {
    throw new MongoFault(56, `The path '${text}' contains an empty field name, which is not allowed.`);
  }
  return new FieldPath(text);
}
