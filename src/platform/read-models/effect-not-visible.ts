/**
 * The command was done and is on the record, but the read models have not come that far in time. Answered as 503;
 * repeating the command changes nothing more.
 */
export class EffectNotVisible extends Error {
  override readonly name = 'EffectNotVisible';
}
