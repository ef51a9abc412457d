import type { WorkosUser } from '../workos/objects.js';
import type { UserEntity } from './user.entity.js';

/** The fields of a user that WorkOS owns. */
export type MirroredUser = Pick<
  UserEntity,
  | 'id'
  | 'email'
  | 'emailVerified'
  | 'firstName'
  | 'lastName'
  | 'profilePictureUrl'
  | 'externalId'
  | 'metadata'
  | 'workosCreatedAt'
  | 'workosUpdatedAt'
  | 'lastSignInAt'
>;

/** What WorkOS says of a user, as it is mirrored. WorkOS takes an empty name for none, and so does the mirror. */
export function mirroredUser(user: WorkosUser): MirroredUser {
  return {
    id: user.id,
    email: user.email,
    emailVerified: user.emailVerified,
    firstName: user.firstName || null,
    lastName: user.lastName || null,
    profilePictureUrl: user.profilePictureUrl,
    externalId: user.externalId,
    metadata: user.metadata,
    workosCreatedAt: new Date(user.createdAt),
    workosUpdatedAt: new Date(user.updatedAt),
    lastSignInAt: user.lastSignInAt ? new Date(user.lastSignInAt) : null,
  };
}
