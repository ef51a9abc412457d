import { Injectable } from '@nestjs/common';
import type { Context } from '@erato/contracts/kit/context';
import { internal } from '@erato/contracts/kit/failure';
import { handleTaken, type CreateUser } from '@erato/contracts/identity/user';
import { statement } from '@erato/platform/database/statement';
import { HomeOrganization } from '../home/home-organization.js';
import { mirrorMembership } from '../member/mirror-membership.js';
import { Creations } from '../workos/creation.js';
import { withoutNulls } from '../workos/fields.js';
import { WorkosWrites } from '../workos/workos-write.js';
import { mirrorUser } from './mirror-user.js';
import { ownFields, userRefusals, writeOwn } from './update-user.js';
import { UserEntity } from './user.entity.js';

const holder = statement('SELECT id FROM users WHERE handle = $1');

/** Creates a user in WorkOS, makes him a member of the home organization, and keeps what Erato owns of him. */
@Injectable()
export class CreateUserWrite {
  constructor(
    private readonly writes: WorkosWrites,
    private readonly creations: Creations,
    private readonly home: HomeOrganization,
  ) {}

  async run(input: CreateUser, context: Context): Promise<UserEntity> {
    const home = await this.home.id();
    const own = ownFields({}, input);
    return this.writes.run(context, 'the profile in Erato', async (tx, atWorkos) => {
      const holderOf = own.handle ? await tx.row<{ id: string }>(holder, [own.handle]) : null;
      if (holderOf) throw handleTaken();
      const idempotencyKey = await this.creations.key(tx, context, 'user', input);
      const { email, firstName, lastName, password, emailVerified = true, externalId } = input;
      const metadata = withoutNulls(input.metadata ?? {});
      const user = await atWorkos(
        'the user',
        (sdk) =>
          sdk.userManagement.createUser({
            email,
            emailVerified,
            metadata,
            ...(firstName ? { firstName } : {}),
            ...(lastName ? { lastName } : {}),
            ...(password === undefined ? {} : { password }),
            ...(externalId ? { externalId } : {}),
          }),
        { idempotencyKey, refusals: userRefusals },
      );
      await mirrorUser(tx, user);
      const membership = await this.home.joinAtWorkos(context, user.id, home);
      await mirrorMembership(tx, membership);
      if (Object.keys(own).length > 0) await writeOwn(tx, user.id, own);
      const made = await tx.findOneBy(UserEntity, { id: user.id });
      if (!made) throw internal({ detail: 'The user is gone again.' });
      return made;
    });
  }
}
