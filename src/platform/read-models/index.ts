export { type CatchUpStatus, type CatchUpWork } from './catch-up.js';
export { Projectors } from './projectors.js';
export { RebuildRequests } from './rebuild-requests.js';
export { Rebuilding } from './rebuilding.js';
export { readModelErrors } from './read-models.errors.js';
