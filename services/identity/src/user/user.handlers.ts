import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import {
  users,
  type CreateUser,
  type DeleteUser,
  type Erasure,
  type GetErasure,
  type GetUser,
  type GetUserByHandle,
  type ListUsers,
  type UpdateUser,
  type User,
} from '@erato/contracts/identity/user';
import { Serves } from '@erato/platform/transport/serves';
import { ErasureReads } from '../erasure/erasure.reads.js';
import { withVersion } from '../with-version.js';
import { CreateUserWrite } from './create-user.js';
import { DeleteUserWrite } from './delete-user.js';
import { UserList } from './list-users.js';
import { UpdateUserWrite } from './update-user.js';
import type { UserEntity } from './user.entity.js';
import { UserReads } from './user.reads.js';

@Serves(users)
export class UserHandlers implements Handlers<typeof users> {
  constructor(
    private readonly reads: UserReads,
    private readonly lists: UserList,
    private readonly creating: CreateUserWrite,
    private readonly updating: UpdateUserWrite,
    private readonly deleting: DeleteUserWrite,
    private readonly erasures: ErasureReads,
  ) {}

  list(input: ListUsers, context: Context): Promise<Page<User>> {
    return this.lists.page(input, context);
  }

  async get({ id }: GetUser, context: Context): Promise<User> {
    return this.#show(context, await this.reads.find(context, id));
  }

  async byHandle({ handle }: GetUserByHandle, context: Context): Promise<User> {
    return this.#show(context, await this.reads.findByHandle(handle));
  }

  async create(input: CreateUser, context: Context): Promise<User> {
    return this.#show(context, await this.creating.run(input, context));
  }

  async update(input: UpdateUser, context: Context): Promise<User> {
    return this.#show(context, await this.updating.run(input, context));
  }

  async delete(input: DeleteUser, context: Context): Promise<void> {
    await this.deleting.run(input, context);
  }

  erasure({ id }: GetErasure): Promise<Erasure> {
    return this.erasures.get(id);
  }

  async #show(context: Context, user: UserEntity | null): Promise<User> {
    if (!user) throw notFound();
    return withVersion(await this.reads.view(context, user), user.version);
  }
}
