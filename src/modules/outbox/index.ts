export { BOUNCE_JOB, BounceWatch } from './bounces/bounce-watch.js';
export { mailFieldFaults } from './composing/mail-input.js';
export { outboxErrors } from './outbox.errors.js';
export { OUTBOX_MAIL, type OutboxEvent, outboxEvents } from './outbox.events.js';
export { OutboxHousekeeping } from './outbox-housekeeping.js';
export { OutboxModule } from './outbox.module.js';
export { OutboxQueue } from './sending/outbox-queue.js';
export { OutboxSender } from './sending/outbox-sender.js';
export { sendingProblems } from './sending-problems.errors.js';
