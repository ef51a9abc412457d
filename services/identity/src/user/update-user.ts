import { Injectable } from '@nestjs/common';
import type { Context } from '@erato/contracts/kit/context';
import { invalidField, notFound, permissionDenied } from '@erato/contracts/kit/failure';
import { userUpdated } from '@erato/contracts/identity/events';
import { emailTaken, externalIdTaken, handleTaken, type UpdateUser } from '@erato/contracts/identity/user';
import type { Tx } from '@erato/platform/database/tx';
import { translating } from '@erato/platform/database/sql-fault';
import { statement } from '@erato/platform/database/statement';
import { mergePart, mergePatch } from '@erato/platform/patch/merge-patch';
import { requireVersion } from '@erato/platform/patch/if-match';
import { ceilingAllows, isAdministrator, isSelf } from '../access.js';
import { changedFields } from '../patch.js';
import type { Refusals } from '../workos/refusal.js';
import { WorkosWrites } from '../workos/workos-write.js';
import { acceptedHandle } from './handle.js';
import { mirrorUser } from './mirror-user.js';
import { UserEntity } from './user.entity.js';
import { UserReads } from './user.reads.js';

const adminOnly = ['email', 'emailVerified', 'externalId', 'metadata'] as const;

/** What WorkOS' codes mean when a user is written. */
export const userRefusals: Refusals = {
  email_not_available: () => emailTaken(),
  external_id_already_used: () => externalIdTaken(),
  password_strength_error: ({ message }) => invalidField('password', 'too_weak', message),
  email_already_verified: ({ message }) => invalidField('emailVerified', 'already_verified', message),
};

const holder = statement('SELECT 1 FROM users WHERE handle = $1 AND id <> $2');
const bump = statement(
  'UPDATE users SET version = version + 1, updated_at = now() WHERE id = $1 RETURNING version',
);

/** Changes a user: WorkOS' side and Erato's, each only where a field that it owns changes (identity.md). */
@Injectable()
export class UpdateUserWrite {
  constructor(
    private readonly writes: WorkosWrites,
    private readonly reads: UserReads,
  ) {}

  async run(input: UpdateUser, context: Context): Promise<UserEntity> {
    await this.#authorize(input, context);
    return this.writes.run(context, 'the profile in Erato', async (tx, atWorkos) => {
      const current = await tx.lock(UserEntity, { id: input.id });
      if (!current || current.deletedAt) throw notFound();
      requireVersion(context, current);
      const own = changedFields(current, ownFields(current, input));
      if (own.handle && (await tx.row(holder, [own.handle, current.id]))) throw handleTaken();
      const theirs = changedFields<Theirs>(current, workosFields(current, input));
      if (Object.keys(theirs).length > 0) {
        const { metadata, ...plain } = theirs;
        const options = {
          userId: current.id,
          ...forWorkos(plain),
          ...(metadata && input.metadata ? { metadata: input.metadata } : {}),
        };
        const answer = await atWorkos(
          'the fields that it owns',
          (sdk) => sdk.userManagement.updateUser(options),
          {
            refusals: userRefusals,
          },
        );
        await mirrorUser(tx, answer);
      }
      if (Object.keys(own).length > 0) await writeOwn(tx, current.id, own);
      const written = await tx.findOneBy(UserEntity, { id: current.id });
      if (!written) throw notFound();
      return written;
    });
  }

  async #authorize(input: UpdateUser, context: Context): Promise<void> {
    const { caller } = context;
    const user = await this.reads.find(context, input.id);
    if (!user) throw notFound();
    const administrator = isAdministrator(caller);
    if (!(administrator || isSelf(caller, user.id)) || !ceilingAllows(caller, 'user', user.id, 'update')) {
      throw permissionDenied();
    }
    const refused = adminOnly.filter((field) => input[field] !== undefined);
    if (!administrator && refused.length > 0) {
      throw permissionDenied({ detail: `Only administrators change ${refused.join(', ')}.` });
    }
  }
}

/** Writes fields that Erato owns, and says so. Meant for the end of a transaction that holds the user. */
export async function writeOwn(tx: Tx, userId: string, own: Partial<UserEntity>): Promise<void> {
  await translating({ users_handle_key: () => handleTaken() }, () =>
    tx.update(UserEntity, { id: userId }, own),
  );
  const row = await tx.row<{ version: number }>(bump, [userId]);
  tx.emit(userUpdated, userId, { userId, version: row?.version ?? 0 });
}

type Own = Partial<
  Pick<
    UserEntity,
    'handle' | 'displayName' | 'avatarUrl' | 'bannerUrl' | 'bio' | 'themeConfig' | 'preferences'
  >
>;
type OwnInput = Pick<UpdateUser, keyof Own>;
type Theirs = Pick<
  UserEntity,
  'firstName' | 'lastName' | 'email' | 'emailVerified' | 'externalId' | 'metadata'
>;

/** The fields that Erato owns, as they would be after the request; absent ones stay absent. */
export function ownFields(current: Own, input: OwnInput): Own {
  const { handle, themeConfig, preferences, displayName, avatarUrl, bannerUrl, bio } = input;
  const given = { displayName, avatarUrl, bannerUrl, bio };
  return {
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Own),
    ...(handle === undefined ? {} : { handle: handle === null ? null : keptHandle(current, handle) }),
    ...(themeConfig === undefined
      ? {}
      : { themeConfig: mergePart('themeConfig', current.themeConfig ?? null, themeConfig) }),
    ...(preferences === undefined
      ? {}
      : { preferences: mergePart('preferences', current.preferences ?? null, preferences) }),
  };
}

/** Who has a word that was reserved later keeps it. */
const keptHandle = (current: Own, handle: string): string =>
  current.handle === handle.toLowerCase() ? current.handle : acceptedHandle(handle);

function workosFields(current: UserEntity, input: UpdateUser): Partial<Theirs> {
  const { firstName, lastName, email, emailVerified, externalId, metadata } = input;
  const given = { firstName, lastName, email, emailVerified, externalId };
  return {
    ...(Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ) as Partial<Theirs>),
    ...(metadata === undefined
      ? {}
      : { metadata: sorted(current.metadata, mergePatch(current.metadata, metadata)) }),
  };
}

/** The order of keys is no change. */
function sorted(current: Record<string, string>, merged: unknown): Record<string, string> {
  const given = merged as Record<string, string>;
  const keys = [...Object.keys(current), ...Object.keys(given)].filter((key) => key in given);
  return Object.fromEntries([...new Set(keys)].map((key) => [key, given[key] ?? '']));
}

/** WorkOS takes an empty name for none; the SDK's types know no null. */
function forWorkos(fields: Partial<Omit<Theirs, 'metadata'>>) {
  const { firstName, lastName, email, emailVerified, externalId } = fields;
  return {
    ...(firstName === undefined ? {} : { firstName: firstName ?? '' }),
    ...(lastName === undefined ? {} : { lastName: lastName ?? '' }),
    ...(email === undefined || email === null ? {} : { email }),
    ...(emailVerified === undefined ? {} : { emailVerified }),
    ...(externalId === undefined ? {} : { externalId: externalId as string }),
  };
}
