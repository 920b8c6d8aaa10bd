export { type Fault, type FaultEffect, type FaultPlan } from './shared/fault-plan.js';
export { type RequestLog, type SeenRequest } from './shared/request-log.js';
export { simulatorAuthority, type SimulatorAuthority } from './shared/simulator-authority.js';
export { type Arrival, type ConsentDecision, TestBrowser } from './shared/test-browser.js';
export { graphFaults } from './microsoft/graph-answers.js';
export { identityErrorBody, type IdentityError } from './microsoft/identity-error.js';
export { CONSUMER_TENANT, type MicrosoftSeed, type TenantSeed, type UserSeed } from './microsoft/microsoft-seed.js';
export { MicrosoftSimulator, type MicrosoftSimulatorOptions } from './microsoft/microsoft-simulator.js';
export { type SimulatedMailbox } from './microsoft/simulated-mailbox.js';
