import { Module } from '@nestjs/common';
import { SandboxController } from './sandbox.controller.js';
import { SandboxKeys } from './sandbox-keys.js';
import { SandboxMail } from './sandbox-mail.js';

/** For trying and testing only: tokens for anybody, and a sample company with real mailboxes. */
@Module({ controllers: [SandboxController], providers: [SandboxKeys, SandboxMail] })
export class SandboxModule {}
