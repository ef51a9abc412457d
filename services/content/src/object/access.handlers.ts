import { contentAccess, type DecideReading, type ReadingVerdicts } from '@erato/contracts/content/access';
import type { DecisionSubject } from '@erato/contracts/authz/decision';
import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Failure } from '@erato/contracts/kit/failure';
import { Serves } from '@erato/platform/transport/serves';
import { ReadableResources } from '../resource/readable-resources.js';
import { ReadableWorkspaces } from '../workspace/readable-workspaces.js';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Answers the gateway who may read an object, for its streams: by the decision that the object's own GET makes. */
@Serves(contentAccess)
export class AccessHandlers implements Handlers<typeof contentAccess> {
  constructor(
    private readonly resources: ReadableResources,
    private readonly workspaces: ReadableWorkspaces,
  ) {}

  async decide({ object, viewers }: DecideReading, context: Context): Promise<ReadingVerdicts> {
    const reads = { resource: this.resources, workspace: this.workspaces };
    const read = Object.hasOwn(reads, object.type) ? reads[object.type as keyof typeof reads] : null;
    const mayRead = async (viewer: DecisionSubject): Promise<boolean> => {
      if (!read || !uuid.test(object.id)) return false;
      try {
        await read.get({ ...context, caller: callerOf(viewer) }, object.id);
        return true;
      } catch (error) {
        if (error instanceof Failure && error.kind === 'not-found') return false;
        throw error;
      }
    };
    return {
      verdicts: await Promise.all(viewers.map(async (viewer) => ({ allowed: await mayRead(viewer) }))),
    };
  }
}

const callerOf = ({ ceiling, ...viewer }: DecisionSubject): Context['caller'] => ({
  ...viewer,
  ...(ceiling ? { ceiling } : {}),
});
