/**
 * The mailbox is no longer ours to work on: the lease went to another instance, the setting changed or was released,
 * or another instance appended to the stream. Whoever has it now goes on from what is stored; nothing is undone.
 */
export class LostMailbox extends Error {
  override readonly name = 'LostMailbox';
}
