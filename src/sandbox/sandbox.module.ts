import { type DynamicModule, Module } from '@nestjs/common';
import { SandboxController } from './sandbox.controller.js';
import { SandboxKeys } from './sandbox-keys.js';
import { SandboxMail } from './sandbox-mail.js';
import { SandboxOutgoingController } from './sandbox-outgoing.controller.js';
import { SignedInController } from './signed-in.controller.js';
import { SANDBOX_SERVERS, type SandboxServers } from './sandbox-servers.js';

/** For trying and testing only: tokens for anybody, and a sample company with real mailboxes. */
@Module({})
export class SandboxModule {
  static with(servers: SandboxServers): DynamicModule {
    return {
      module: SandboxModule,
      controllers: [SandboxController, SandboxOutgoingController, SignedInController],
      providers: [SandboxKeys, SandboxMail, { provide: SANDBOX_SERVERS, useValue: servers }],
    };
  }
}
