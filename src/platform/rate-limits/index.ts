export { rateLimitErrors } from './rate-limits.errors.js';
export { type RateLimit, RateLimits, type Share } from './rate-limits.js';
