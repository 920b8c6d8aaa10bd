import { describe, expect, it } from 'vitest';

import {
  ALL_TRUNCATED,
  NO_METADATA,
  parseStreamMetadata,
  SOFT_DELETED_JSON,
  withTruncateBefore,
} from './stream-metadata.js';

describe('stream metadata', () => {
  it('reads what matters for reading', () => {
    const json = '{"$tb":4,"$maxCount":10,"$maxAge":3600,"owner":"alice"}';
    expect(parseStreamMetadata(json)).toEqual({ truncateBefore: 4, maxCount: 10, maxAgeSeconds: 3600 });
  });

  it.each(['', 'not json', 'null', '7', '[]', '{"$maxCount":"3","$tb":-1,"$maxAge":1.5}'])(
    'takes %j for nothing',
    (json) => {
      expect(parseStreamMetadata(json)).toEqual(NO_METADATA);
    },
  );

  it('knows the mark of a soft delete, though the number is beyond those of JavaScript', () => {
    expect(parseStreamMetadata(SOFT_DELETED_JSON).truncateBefore).toBe(ALL_TRUNCATED);
  });

  it('keeps the rest when a stream comes back', () => {
    expect(JSON.parse(withTruncateBefore('{"$tb":9223372036854775807,"$maxCount":5}', 7))).toEqual({
      $tb: 7,
      $maxCount: 5,
    });
    expect(withTruncateBefore('not json', 7)).toBe('{"$tb":7}');
  });
});
