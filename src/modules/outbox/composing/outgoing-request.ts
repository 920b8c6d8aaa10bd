import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { ValidationPipe } from '../../../platform/http/index.js';
import { reject } from '../outbox.errors.js';
import { MailFormInput, MailInput } from './mail-input.js';
import { type GivenAttachment } from './mail-writing.js';
import { type IncomingPart, PartStorage, type StoredPart } from './part-storage.js';

/** A file of a form after it was stored. */
export type UploadedFile = Omit<IncomingPart, 'stream'> & StoredPart;

/** What somebody wants to send, however it came. */
export interface OutgoingRequest {
  readonly input: MailFormInput;
  readonly attachments: readonly GivenAttachment[];
}

const MEDIA_TYPE = /^(?!multipart\/)[a-z0-9!#$&^.+-]{1,63}\/[a-z0-9!#$&^.+-]{1,63}$/i;
/** A file sent under this name is an image of the mail: the rest is the id by which the HTML names it. */
const INLINE_FIELD = /^inline:(?<contentId>[\w.@+-]{1,200})$/;
const LISTS = ['to', 'cc', 'bcc'];

/** Reads `POST /outbox/messages` in its two forms, JSON and multipart/form-data, and finds the same in both. */
@Injectable()
export class OutgoingRequests {
  private readonly validation = new ValidationPipe();

  constructor(private readonly parts: PartStorage) {}

  /** Refuses with `validation_failed` and `multipart_malformed`. */
  async read(body: unknown, files: readonly UploadedFile[] | undefined): Promise<OutgoingRequest> {
    return files === undefined ? this.fromJson(body) : this.fromForm(body, files);
  }

  private async fromJson(body: unknown): Promise<OutgoingRequest> {
    const { attachments, ...input } = (await this.checked(body, MailInput)) as MailInput;
    return { input, attachments: attachments.map(decoded) };
  }

  private async fromForm(body: unknown, files: readonly UploadedFile[]): Promise<OutgoingRequest> {
    const input = (await this.checked(fieldsOf(body), MailFormInput)) as MailFormInput;
    return { input, attachments: files.map((file) => this.uploaded(file)) };
  }

  private checked(value: unknown, schema: typeof MailInput | typeof MailFormInput): Promise<unknown> {
    return this.validation.transform(value, { type: 'body', schema });
  }

  private uploaded(file: UploadedFile): GivenAttachment {
    const { originalname, mimetype, fieldname, size, digest } = file;
    return {
      name: originalname,
      type: MEDIA_TYPE.test(mimetype) ? mimetype : 'application/octet-stream',
      contentId: INLINE_FIELD.exec(fieldname)?.groups?.['contentId'] ?? null,
      size,
      digest,
      content: () => this.parts.content(file),
    };
  }
}

function decoded({ name, type, contentBase64, contentId }: MailInput['attachments'][number]): GivenAttachment {
  const content = Buffer.from(contentBase64, 'base64');
  const digest = createHash('sha256').update(content).digest('hex');
  return { name, type, contentId: contentId ?? null, size: content.length, digest, content: () => content };
}

/** A form says it as one JSON field `message`, or field by field. */
function fieldsOf(body: unknown): unknown {
  const fields = { ...(body as Record<string, unknown> | undefined) };
  if ('message' in fields) return jsonIn(fields);
  for (const name of LISTS) {
    if (name in fields) fields[name] = [fields[name]].flat();
  }
  return fields;
}

function jsonIn({ message, ...others }: Record<string, unknown>): unknown {
  if (typeof message !== 'string' || Object.keys(others).length > 0) throw reject('multipart_malformed');
  try {
    return JSON.parse(message) as unknown;
  } catch {
    throw reject('multipart_malformed');
  }
}
