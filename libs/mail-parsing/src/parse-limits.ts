/**
 * Bounds that no mail written by a person comes near. A message beyond one of them is `MailUnreadable`: it is kept and
 * counted by the caller instead of costing everybody else time and memory.
 */
export interface ParseLimits {
  /** Bytes of one header block, the message's or a part's. */
  readonly headerBytes: number;
  /** Parts of one message, multiparts included. */
  readonly parts: number;
  /** Multiparts inside multiparts; attached messages (message/rfc822) are not entered and count once. */
  readonly depth: number;
  /** Encoded words (RFC 2047) decoded in one header value; what follows is shown as it stands. */
  readonly encodedWords: number;
  /** Bytes of all text bodies together, as transported. */
  readonly textBytes: number;
  /** Bytes of any one attachment, as transported; no transfer encoding grows when it is undone. */
  readonly decodedBytes: number;
  /** winmail.dat inside winmail.dat. */
  readonly tnefDepth: number;
}

export const defaultLimits: ParseLimits = {
  headerBytes: 4 * 1024 * 1024,
  parts: 10_000,
  depth: 100,
  encodedWords: 20_000,
  textBytes: 32 * 1024 * 1024,
  decodedBytes: 256 * 1024 * 1024,
  tnefDepth: 3,
};

export interface ParseOptions {
  readonly limits?: Partial<ParseLimits>;
}

/** The given bounds with the defaults for the rest. */
export function limitsOf(options: ParseOptions | undefined): ParseLimits {
  return options?.limits === undefined ? defaultLimits : { ...defaultLimits, ...options.limits };
}
