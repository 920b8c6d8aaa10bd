export { Claims } from './claims.js';
