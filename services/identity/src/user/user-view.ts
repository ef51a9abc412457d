import type { User } from '@erato/contracts/identity/user';
import type { UserEntity } from './user.entity.js';

/** What everybody may see of a user. */
export function publicProfile(user: UserEntity): User {
  const { id, handle, displayName, avatarUrl, bannerUrl, bio } = user;
  return { id, handle, displayName, avatarUrl, bannerUrl, bio };
}

/** What oneself and administrators see. `organizationId` is the session's organization or the home organization. */
export function fullUser(user: UserEntity, organizationId: string): User {
  return {
    ...publicProfile(user),
    email: user.email ?? '',
    emailVerified: user.emailVerified,
    firstName: user.firstName,
    lastName: user.lastName,
    profilePictureUrl: user.profilePictureUrl,
    externalId: user.externalId,
    metadata: user.metadata,
    themeConfig: user.themeConfig,
    preferences: user.preferences,
    organizationId,
    lastSignInAt: user.lastSignInAt?.toISOString() ?? null,
    createdAt: user.workosCreatedAt.toISOString(),
    updatedAt: newer(user.workosUpdatedAt, user.updatedAt).toISOString(),
    version: user.version,
  };
}

/** `updatedAt` is the newer of the two sides (identity.md, Field ownership and writes). */
export const newer = (workos: Date, own: Date | null): Date => (own && own > workos ? own : workos);
