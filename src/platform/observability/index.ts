export { Logger } from 'nestjs-pino';
export { correlationIdOf } from './correlation-id.js';
export { type MetricDefinition, Metrics } from './metrics.js';
export { ObservabilityModule } from './observability.module.js';
export { type CheckResult, NotYetReady, type ReadinessCheck, ReadinessChecks } from './readiness-checks.js';
export { RequestObserver } from './request-observer.js';
export { safeError } from './safe-error.js';
export { withoutChatter } from './without-chatter.js';
