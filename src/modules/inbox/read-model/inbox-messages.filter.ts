import { searchTextOf } from '../search/search-text.js';

/** Who looks, and at what. */
export interface MessageQuery {
  readonly company: string;
  readonly reader: string;
  readonly scope: 'mine' | 'shared';
  /** Words that all stand in subject, addresses, names or preview. */
  readonly text?: string | undefined;
  /** Words that all stand in the sender's name or address. */
  readonly from?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  readonly shared?: boolean | undefined;
  readonly quarantined?: boolean | undefined;
  readonly limit: number;
  /** Only what lies behind this place. */
  readonly after: MessagePlace | null;
}
export interface MessagePlace {
  readonly receivedAt: string;
  readonly id: string;
}

/** The words of a search, as texts are compared. */
export const wordsOf = (text: string | undefined): string[] => searchTextOf(text ?? '').split(' ').filter((word) => word !== ''); // prettier-ignore

/**
 * What a reader may see of what is asked for. The flat part is what the indexes answer; what stands in $and is looked
 * at document by document.
 */
export function filterOf({ company, reader, scope, text, from, since, until, after, ...state }: MessageQuery) {
  const received = {
    ...(since ? { $gte: since } : {}),
    ...(until ? { $lt: until } : {}),
    ...(after ? { $lte: new Date(after.receivedAt) } : {}),
  };
  const { shared, quarantined } = state;
  const residual = [
    ...wordsOf(text).map((word) => ({ searchText: { $regex: escaped(word) } })),
    ...wordsOf(from).map((word) => ({ senderText: { $regex: escaped(word) } })),
    ...(shared === undefined ? [] : [{ shared }]),
    ...(quarantined === undefined ? [] : [{ quarantined }]),
    ...(after ? [behind(after)] : []),
  ];
  return {
    company,
    ...(scope === 'mine' ? { userId: reader } : { shared: true }),
    ...(Object.keys(received).length > 0 ? { receivedAt: received } : {}),
    ...(residual.length > 0 ? { $and: residual } : {}),
  };
}

function behind({ receivedAt, id }: MessagePlace) {
  const at = new Date(receivedAt);
  return { $or: [{ receivedAt: { $lt: at } }, { receivedAt: at, _id: { $lt: id } }] };
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
