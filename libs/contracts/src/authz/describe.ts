import { calls, query, whole } from '../kit/call.js';
import { ListOf } from '../kit/fields.js';
import type { ServiceName } from '../services.js';
import { ObjectDescription, ObjectRef } from './object-description.js';

export class DescribeObjects {
  @ListOf(() => ObjectRef, { max: 100 }) objects: ObjectRef[];
}

const describe = (callers: readonly ServiceName[]) =>
  query({
    scope: null,
    callers,
    request: DescribeObjects,
    reply: whole(ObjectDescription),
    summary: 'Describes the objects that exist; the others are left out.',
  });

/** Every service that owns objects answers for those of its types, all in one message. */
export const identityObjects = calls('identity.object', { describe: describe(['authz']) });
export const contentObjects = calls('content.object', { describe: describe(['authz', 'identity']) });

/** Which service owns a type; a type that is not named here does not exist yet. */
export const ownerOfType: Readonly<Record<string, typeof identityObjects>> = {
  organization: identityObjects,
  workspace: contentObjects,
  resource: contentObjects,
};
