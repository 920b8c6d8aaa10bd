import { type Position } from '@libs/eventsourcing';
import { Injectable, Logger } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection } from 'mongoose';
import { type CatchUp } from './catch-up.js';
import { Checkpoints } from './checkpoints.js';
import { compareCollections, stillDifferent } from './compare-collections.js';
import { Projectors } from './projectors.js';
import { type Generation, type ReadModel } from './read-model.js';
import { ReadModelGenerations } from './read-model-generations.js';
import { LEASE_MS, type RebuildRequest, RebuildRequests } from './rebuild-requests.js';

const LOOK_EVERY_MS = 200;
/** How often a difference is looked at again before it counts as one. */
const LOOKS = 25;
const MOST_REPORTED = 100;
/** Every instance has followed a switch long before this; then the old documents go. */
const GRACE_MS = 10 * 60_000;

/**
 * Rebuilds read models while they are served: the next generation is filled from the first event on beside the
 * present one, compared with it when it has caught up, and then served in its place.
 */
@Injectable()
export class Rebuilding {
  private readonly logger = new Logger('ReadModels');

  constructor(
    private readonly projectors: Projectors,
    private readonly requests: RebuildRequests,
    private readonly generations: ReadModelGenerations,
    private readonly checkpoints: Checkpoints,
    @InjectConnection() private readonly connection: Connection,
  ) {}

  /** Follows what other instances have rebuilt; for a job that runs every second or so. */
  async followSwitches(): Promise<void> {
    for (const readModel of this.projectors.readModels) await readModel.followSwitch();
  }

  /** Does what operators have asked for, one read model after the other. */
  async rebuildRequested(signal: AbortSignal): Promise<void> {
    const byName = new Map(this.projectors.readModels.map((readModel) => [readModel.name, readModel]));
    while (!signal.aborted) {
      const request = await this.requests.take([...byName.keys()]);
      const readModel = request && byName.get(request._id);
      if (!readModel) return;
      const heart = setInterval(() => void this.requests.renew(request._id).catch(() => undefined), LEASE_MS / 6);
      await this.rebuild(readModel, request, signal).finally(() => clearInterval(heart));
    }
  }

  /** Drops what was served before a switch, once nobody can be reading it any more. */
  async dropRetired(now = Date.now()): Promise<void> {
    for (const readModel of this.projectors.readModels) {
      for (const { generation, at } of await this.generations.retired(readModel.name)) {
        if (now - at.getTime() < GRACE_MS) continue;
        await this.drop(readModel, generation);
        await this.generations.forget(readModel.name, generation);
      }
    }
  }

  private async rebuild(readModel: ReadModel, request: RebuildRequest, signal: AbortSignal): Promise<void> {
    const { name } = readModel;
    try {
      // What an earlier attempt has left may be half of something; one that was cut off in between goes on.
      if (request.state === 'requested') await this.drop(readModel, readModel.served.number + 1);
      const next = await readModel.buildNext();
      if (!(await this.caughtUp(readModel, next, signal))) return;
      const { documents, different } = await this.compare(readModel.served, next);
      if (!(await this.generations.switchTo(name, next.number))) throw new Error('Another instance has switched.');
      await this.untilServed(readModel, next, signal);
      await this.requests.finish(name, documents, different.slice(0, MOST_REPORTED));
      this.logger.log(`${name} was rebuilt: ${documents} documents, ${different.length} of them different.`);
    } catch (error) {
      await readModel.abandonNext();
      await this.requests.fail(name, error instanceof Error ? error.message : String(error));
      this.logger.error({ readModel: name, error }, `${name} could not be rebuilt; the present one stays in service.`);
    }
  }

  /** False: the service ends first. */
  private async caughtUp(readModel: ReadModel, next: Generation, signal: AbortSignal): Promise<boolean> {
    while (next.loop.status !== 'live') {
      if (next.loop.status === 'broken') throw new Error('An event cannot be projected.');
      if (signal.aborted) return false;
      await this.requests.report(readModel.name, shareOf(next.loop, readModel.served.loop));
      await sleep(LOOK_EVERY_MS);
    }
    return true;
  }

  /** Both go on while they are compared, so what differs is looked at again until it has had time to arrive. */
  private async compare(old: Generation, next: Generation) {
    const [left, right] = [old.model.collection, next.model.collection];
    const comparison = await compareCollections(left, right);
    let different = [...comparison.different];
    for (let look = 0; look < LOOKS && different.length > 0; look++) {
      await sleep(LOOK_EVERY_MS);
      different = await stillDifferent(left, right, different);
    }
    return { documents: comparison.documents, different };
  }

  private async untilServed(readModel: ReadModel, next: Generation, signal: AbortSignal): Promise<void> {
    while (readModel.served.number < next.number && !signal.aborted) {
      await readModel.followSwitch();
      await sleep(LOOK_EVERY_MS / 10);
    }
  }

  private async drop(readModel: ReadModel, generation: number): Promise<void> {
    const name = readModel.collectionOf(generation);
    await this.connection.collection(name).deleteMany({});
    await this.checkpoints.forget(name);
  }
}

/** How far a loop has come, measured by the log positions of the store. */
function shareOf(loop: CatchUp, ahead: CatchUp): number {
  const [is, all] = [loop.position, ahead.position].map(commitOf);
  return all === undefined || all === 0 ? 0 : Math.min(1, (is ?? 0) / all);
}

const commitOf = (position: Position | null): number => (position === null ? 0 : Number(`0x${position.split('-')[0]}`));
