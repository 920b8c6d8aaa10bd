import { type TnefReader } from './tnef-reader.js';

/** MS-OXPROPS ids of what an attachment or message is asked for. */
export const PropertyId = {
  subject: 0x0037,
  body: 0x1000,
  rtfCompressed: 0x1009,
  html: 0x1013,
  displayName: 0x3001,
  attachData: 0x3701,
  attachFileName: 0x3704,
  attachLongFileName: 0x3707,
  attachMimeTag: 0x370e,
  attachContentId: 0x3712,
  internetCodePage: 0x3fde,
} as const;

export interface MapiProperty {
  /** MS-OXCDATA 2.11.1, without the flag of multiple values. */
  readonly type: number;
  /** The first value. */
  readonly value: Buffer;
}

const STRING8 = 0x001e;
export const UNICODE = 0x001f;
export const OBJECT = 0x000d;
const BINARY = 0x0102;
const MULTIPLE = 0x1000;
const FIRST_NAMED = 0x8000;

/**
 * The properties of a MAPI property list inside TNEF (MS-OXTNEF 2.1.3.4), by id. Stops at the first that makes no sense;
 * what was read until then counts.
 */
export function readMapiProperties(reader: TnefReader): Map<number, MapiProperty> {
  const properties = new Map<number, MapiProperty>();
  const count = reader.u32();
  for (let index = 0; index < count && !reader.ended && reader.left > 0; index++) {
    const typeAndFlag = reader.u16();
    const id = reader.u16();
    if (id >= FIRST_NAMED) skipName(reader);
    const type = typeAndFlag & ~MULTIPLE;
    const value = readValues(reader, type, (typeAndFlag & MULTIPLE) !== 0);
    if (value === null) break;
    if (!reader.ended) properties.set(id, { type, value });
  }
  return properties;
}

/** A named property carries its GUID and either a number or a name. */
function skipName(reader: TnefReader): void {
  reader.take(16);
  if (reader.u32() === 0) reader.u32();
  else reader.takePadded(reader.u32());
}

function readValues(reader: TnefReader, type: number, multiple: boolean): Buffer | null {
  const variable = type === STRING8 || type === UNICODE || type === OBJECT || type === BINARY;
  const size = fixedSize(type);
  if (!variable && size === undefined) return null;
  const count = variable || multiple ? reader.u32() : 1;
  const read = (): Buffer => (size === undefined ? reader.takePadded(reader.u32()) : reader.take(size));
  const first = count === 0 ? Buffer.alloc(0) : read();
  // A count of billions ends with the bytes, not after billions of empty reads.
  for (let index = 1; index < count && reader.left > 0; index++) read();
  return first;
}

/** Bytes of a value, filled up to four; undefined for types that do not exist. */
function fixedSize(type: number): number | undefined {
  switch (type) {
    case 0x0002:
    case 0x0003:
    case 0x0004:
    case 0x000a:
    case 0x000b:
      return 4;
    case 0x0005:
    case 0x0006:
    case 0x0007:
    case 0x0014:
    case 0x0040:
      return 8;
    case 0x0048:
      return 16;
    default:
      return undefined;
  }
}
