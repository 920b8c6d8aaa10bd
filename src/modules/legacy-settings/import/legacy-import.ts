import { type CommandMetadata, type Position, Rejection } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type AppConfig, InjectConfig } from '../../../platform/config/index.js';
import { Projectors } from '../../../platform/read-models/index.js';
import {
  ImportLegacySetting,
  type SettingChange,
  TakeOverAccount,
  USER_MAIL_SETTING,
} from '../../user-mail-setting/index.js';
import { isBeforeCutOff } from '../cut-off.policy.js';
import { reject } from '../legacy-settings.errors.js';
import { RecognitionResolver, ServiceRecognition } from '../recognition/service-recognition.js';
import { type LegacyRow, passwordOf, toLegacyRow } from '../upload/legacy-row.js';
import { oncePerPerson } from '../upload/once-per-person.js';
import { type UploadLine, type UploadRecord } from '../upload/upload-record.js';
import { OtherServers } from './other-servers.js';
import { windowsOf } from './windows-of.js';

/** What became of an upload. */
export interface ImportResult {
  /** Lines that changed something. */
  readonly accepted: number;
  /** Lines that say what is on the record already, or of people who have gone further since. */
  readonly unchanged: number;
  readonly rejected: readonly RefusedLine[];
}

/** What has to be known of a refusal to tell it later: a wrong file may have a hundred thousand, and errors are large. */
export type RefusedLine = Pick<Rejection, 'code' | 'definition' | 'params'> & { readonly line: number };

interface Upload {
  readonly metadata: CommandMetadata;
  readonly recognition: ServiceRecognition;
  readonly serverIdOf: Awaited<ReturnType<OtherServers['forUpload']>>;
}

/** Lines that are worked on at the same time. */
const AT_ONCE = 64;
/** After so many windows the import waits until the read models have caught up, so that they never lag far behind. */
const WINDOWS_BETWEEN_LOOKS = 8;
/** How often the import waits anew for read models that a single command would not wait for any longer: two minutes. */
const PATIENCE = 8;
const SERVICE_NAMES = { office365: 'Office365', gmail: 'Gmail' } as const;

/**
 * Takes over old settings line by line (R11, R12). Every line is decided by itself and against what is on the record,
 * so the same upload again changes nothing, and an upload that broke off is simply sent again. What is remembered of it
 * is who was there, and the refused lines, for the answer.
 */
@Injectable()
export class LegacyImport {
  constructor(
    private readonly commands: CommandBus,
    private readonly servers: OtherServers,
    private readonly resolver: RecognitionResolver,
    private readonly projectors: Projectors,
    @InjectConfig() private readonly config: AppConfig,
  ) {}

  /** Answers when everything that was taken over can be seen. Throws what the stores throw; the rest is in the result. */
  async run(lines: AsyncIterable<UploadLine>, metadata: CommandMetadata): Promise<ImportResult> {
    const serverIdOf = await this.servers.forUpload(metadata);
    const upload: Upload = { metadata, recognition: new ServiceRecognition(this.resolver), serverIdOf };
    const tally = new Tally();
    let windows = 0;
    for await (const window of windowsOf(oncePerPerson(lines), AT_ONCE)) {
      await Promise.all(window.map(async (line) => tally.add(line.line, await this.outcomeOf(line, upload))));
      if (++windows % WINDOWS_BETWEEN_LOOKS === 0) await this.visible(tally.position);
    }
    await this.visible(tally.position);
    return tally.result();
  }

  private async outcomeOf(line: UploadLine, upload: Upload): Promise<SettingChange | Rejection> {
    if ('fault' in line) return reject(line.fault, line.params);
    try {
      return await this.takeOver(line, upload);
    } catch (error) {
      if (error instanceof Rejection && isAboutTheLine(error)) return error;
      throw error;
    }
  }

  private async takeOver(record: UploadRecord, { metadata, recognition, serverIdOf }: Upload): Promise<SettingChange> {
    const row = toLegacyRow(record, metadata.company);
    const { userId, address, accountName, registeredAt, importSince, shareByDefault, host } = row;
    const setting = { userId, address, accountName, registeredAt, importSince, shareByDefault };
    const recognised = await recognition.recognise(row);
    if (recognised.service === 'other') {
      const password = passwordOf(record);
      const { security } = row;
      // Registered where it is used, and not for who has an account already: an admin may have deleted it since.
      const mailServer = async (): Promise<string> => serverIdOf(serverOf(row));
      return this.commands.execute(new TakeOverAccount({ ...setting, mailServer, host, security, password }, metadata));
    }
    const { service, by: recognisedBy } = recognised;
    this.refuseAfterCutOff(row, SERVICE_NAMES[service]);
    return this.commands.execute(new ImportLegacySetting({ ...setting, service, recognisedBy, host }, metadata));
  }

  private refuseAfterCutOff({ registeredAt }: LegacyRow, service: string): void {
    const cutOff = this.config.mail.legacyCutoff;
    if (!isBeforeCutOff(registeredAt, cutOff)) throw reject('registered_after_cutoff', { service, cutOff });
  }

  /** Read models that are slow hold the import up, and do not break it off; that they stand still is told in the end. */
  private async visible(position: Position | null): Promise<void> {
    if (position === null) return;
    for (let patience = PATIENCE; ; patience--) {
      try {
        return await this.projectors.whenVisible(USER_MAIL_SETTING, position);
      } catch (error) {
        const isSlow = error instanceof Rejection && error.code === 'effect_not_visible';
        if (!isSlow || patience === 0) throw error;
      }
    }
  }
}

class Tally {
  private accepted = 0;
  private unchanged = 0;
  private readonly rejected: RefusedLine[] = [];
  private last: Position | null = null;

  /** Where the last of the changes stands; null: there was none. */
  get position(): Position | null {
    return this.last;
  }

  add(line: number, outcome: SettingChange | Rejection): void {
    if (outcome instanceof Rejection) {
      const { code, definition, params } = outcome;
      this.rejected.push({ line, code, definition, params });
    } else if (outcome.position === null) this.unchanged += 1;
    else {
      this.accepted += 1;
      if (this.last === null || outcome.position > this.last) this.last = outcome.position;
    }
  }

  result(): ImportResult {
    const rejected = this.rejected.sort((a, b) => a.line - b.line);
    return { accepted: this.accepted, unchanged: this.unchanged, rejected };
  }
}

const serverOf = ({ protocol, security, host, port }: LegacyRow) =>
  ({ service: 'other', protocol, security, host, port }) as const;

/** Not about the line: a store that is away, or a read model that lags, would refuse every line there is. */
function isAboutTheLine({ definition: { kind } }: Rejection): boolean {
  return kind !== 'unavailable' && kind !== 'internal' && kind !== 'too_many';
}
