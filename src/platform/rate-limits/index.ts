export { rateLimitErrors } from './rate-limits.errors.js';
export { RateLimits } from './rate-limits.js';
