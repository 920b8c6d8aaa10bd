import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthGuard, TokenVerifier } from './auth/index.js';
import { CredentialsModule } from './credentials/index.js';

/** Closes every route that is not `@Public()`, and keeps what must stay secret. */
@Global()
@Module({
  imports: [CredentialsModule],
  providers: [TokenVerifier, { provide: APP_GUARD, useClass: AuthGuard }],
  exports: [TokenVerifier],
})
export class SecurityModule {}
