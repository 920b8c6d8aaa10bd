const CODE_NAMES = {
  1: 'InternalError',
  2: 'BadValue',
  9: 'FailedToParse',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  15: 'Overflow',
  16: 'InvalidLength',
  17: 'ProtocolError',
  18: 'AuthenticationFailed',
  20: 'IllegalOperation',
  22: 'InvalidBSON',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  56: 'EmptyFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  100: 'UnsatisfiableWriteConcern',
  168: 'InvalidPipelineOperator',
  171: 'CannotIndexParallelArrays',
  175: 'QueryPlanKilled',
  197: 'InvalidIndexSpecificationOption',
  238: 'NotImplemented',
  241: 'ConversionFailure',
  292: 'QueryExceededMemoryLimitNoDiskUseAllowed',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  14031: 'OutOfDiskSpace',
} as const;

/** An error code of MongoDB which has a name. The rest are called "Location<number>", as MongoDB does. */
export type NamedCode = keyof typeof CODE_NAMES;

const isNamed = (code: number): code is NamedCode => code in CODE_NAMES;

/**
 * An error which the client is to see, under MongoDB's own code. Everything a command refuses is thrown as one of
 * these; any other exception is a defect of the server and reaches the client as code 1.
 */
export class MongoFault extends Error {
  override readonly name = 'MongoFault';
  /** @param extra fields added to the error reply, e.g. `keyPattern` and `keyValue` of a duplicate key */
  constructor(
    readonly code: number,
    message: string,
    readonly extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }

  get codeName(): string {
    return isNamed(this.code) ? CODE_NAMES[this.code] : `Location${String(this.code)}`;
  }
}

/** Throws code 238: MongoDB serves this, the embedded server does not, and says so rather than doing something else. */
export function refuse(what: string): never {
  throw new MongoFault(238, `the embedded server does not serve ${what}`);
}
