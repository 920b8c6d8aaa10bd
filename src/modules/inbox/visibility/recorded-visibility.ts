import { Injectable } from '@nestjs/common';
import {
  MailVisibility,
  type MailVisibilityAt,
  type MailVisibilitySource,
  type SeenMail,
  type SeenMailQuery,
  type VisibilityDecision,
} from '../../../platform/audit-trail/index.js';
import { EventStore } from '../../../platform/event-store/index.js';
import { type MailDecision, MailDecisionsView } from './mail-decisions.view.js';
import { mailDecisionsProjection } from './mail-decisions.projection.js';
import { decidedBy, readableAs } from './visibility.policy.js';

/** Who could read received mail, for auditors. */
@Injectable()
export class RecordedVisibility implements MailVisibilitySource {
  constructor(
    private readonly decisions: MailDecisionsView,
    private readonly store: EventStore,
    visibility: MailVisibility,
  ) {
    visibility.register(this);
  }

  /** The read model only says where to look: what is answered is read from the record itself. */
  async of(company: string, messageId: string, at: string): Promise<MailVisibilityAt | null> {
    const places = await this.decisions.about(company, messageId);
    const recorded = await Promise.all(places.map(async (place) => this.onRecord(place)));
    const [first] = recorded;
    if (!first) return null;
    const history = decidedBy(recorded, at).map(toDecision);
    return { messageId, owner: first.owner, receivedAt: first.at, decision: history.at(-1) ?? null, history };
  }

  async seenBy({ company, reader, at, limit, after }: SeenMailQuery): Promise<readonly SeenMail[]> {
    const seen: SeenMail[] = [];
    for await (const decisions of this.decisions.byMail(company, after)) {
      const mail = seenMail(decisions, reader, at);
      if (mail) seen.push(mail);
      if (seen.length === limit) break;
    }
    return seen;
  }

  private async onRecord({ messageId, event: { stream, revision } }: MailDecision): Promise<MailDecision> {
    const event = await this.store.readAt(stream, revision);
    const changes = event ? mailDecisionsProjection.project(event as never) : [];
    const found = changes.find(({ set }) => set?.messageId === messageId);
    if (!event || !found) throw new Error(`The record holds no decision about ${messageId} at ${stream} ${revision}.`);
    return { ...(found.set as MailDecision), position: event.position };
  }
}

function seenMail(decisions: readonly MailDecision[], reader: string, at: string): SeenMail | null {
  const decision = decidedBy(decisions, at).at(-1);
  if (!decision) return null;
  const { messageId, owner } = decision;
  const as = readableAs(decision, owner, reader);
  return as && { messageId, owner, receivedAt: decisions[0]!.at, as, decision: toDecision(decision) };
}

function toDecision({ basis, shared, by, at, event: { id, type }, position }: MailDecision): VisibilityDecision {
  return { basis, shared, by, at, event: { id, type, position } };
}
