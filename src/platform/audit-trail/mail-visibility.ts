import { type Position } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';

/** A decision by which a mail could or could not be read. */
export interface VisibilityDecision {
  /** `default`: decided by the setting at receipt; `individual`: by the owner for this mail; `erased`: it is gone. */
  readonly basis: 'default' | 'individual' | 'erased';
  readonly shared: boolean;
  /** Who decided: the mailbox's owner, or null for the service (retention, erasure). */
  readonly by: string | null;
  readonly at: string;
  /** The event that says so. */
  readonly event: { readonly id: string; readonly type: string; readonly position: Position };
}

/** Who could read one mail at one instant, and why. */
export interface MailVisibilityAt {
  readonly messageId: string;
  /** Whose mailbox it came to: the owner reads it whatever is decided. */
  readonly owner: string;
  /** When it was received into HRBC. */
  readonly receivedAt: string;
  /** The decision in force; null: the mail had not been received yet. */
  readonly decision: VisibilityDecision | null;
  /** Every decision up to that instant, oldest first. */
  readonly history: readonly VisibilityDecision[];
}

export interface SeenMail {
  readonly messageId: string;
  readonly owner: string;
  readonly receivedAt: string;
  readonly as: 'owner' | 'colleague';
  readonly decision: VisibilityDecision;
}

export interface SeenMailQuery {
  readonly company: string;
  readonly reader: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly limit: number;
  /** The id behind which the page begins; null: from the first. */
  readonly after: string | null;
}

/** Says who could read received mail; whoever keeps mail implements it. */
export interface MailVisibilitySource {
  /** null: no such mail was ever received in this company. */
  of(company: string, messageId: string, at: string): Promise<MailVisibilityAt | null>;
  /** What a person could read at that instant, by message id. */
  seenBy(query: SeenMailQuery): Promise<readonly SeenMail[]>;
}

/** Where the inbox says who could read what, so that the audit module need not know it. */
@Injectable()
export class MailVisibility {
  private source: MailVisibilitySource | undefined;

  register(source: MailVisibilitySource): void {
    this.source = source;
  }

  async of(company: string, messageId: string, at: string): Promise<MailVisibilityAt | null> {
    return (await this.source?.of(company, messageId, at)) ?? null;
  }

  async seenBy(query: SeenMailQuery): Promise<readonly SeenMail[]> {
    return (await this.source?.seenBy(query)) ?? [];
  }
}
