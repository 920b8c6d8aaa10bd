export { type CatchUpStatus, type CatchUpWork } from './catch-up.js';
export { EffectNotVisible } from './effect-not-visible.js';
export { Projectors } from './projectors.js';
