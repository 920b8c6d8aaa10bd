import { Module } from '@nestjs/common';
import { PartStorage } from './part-storage.js';

/** Apart, because Nest's form parser is configured with it before the outbox itself is put together. */
@Module({ providers: [PartStorage], exports: [PartStorage] })
export class FormUploadModule {}
