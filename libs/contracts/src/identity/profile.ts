import { calls, query, whole } from '../kit/call.js';
import { Nullable, Text, TextList } from '../kit/fields.js';

/** What everybody may know of a user who has chosen to be found: one who has a handle. */
export class PublicName {
  @Text({ max: 64 }) userId: string;
  @Text({ max: 30 }) handle: string;
  @Text({ max: 80 }) @Nullable() displayName: string | null;
  @Text({ max: 2048 }) @Nullable() avatarUrl: string | null;
}

export class FindPublicNames {
  @TextList({ max: 100, length: 64 }) userIds: string[];
}

/** Public profiles, for services that name users; services only. */
export const profiles = calls('identity.profile', {
  find: query({
    scope: null,
    callers: ['content'],
    request: FindPublicNames,
    reply: whole(PublicName),
    summary: 'The public names of these users; who has no handle is left out.',
  }),
});
