import { Global, Module } from '@nestjs/common';
import { CredentialKeeper } from './credential-keeper.js';
import { CredentialSweep } from './credential-sweep.js';

/** Where secrets and the events that name them meet. */
@Global()
@Module({ providers: [CredentialKeeper, CredentialSweep], exports: [CredentialKeeper, CredentialSweep] })
export class CredentialKeepingModule {}
