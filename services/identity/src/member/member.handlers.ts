import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import {
  members,
  type AddMember,
  type ChangeMember,
  type GetMember,
  type ListMembers,
  type Member,
  type RemoveMember,
} from '@erato/contracts/identity/member';
import { Serves } from '@erato/platform/transport/serves';
import { MemberReads } from './member.reads.js';
import { MemberWrites } from './write-member.js';

@Serves(members)
export class MemberHandlers implements Handlers<typeof members> {
  constructor(
    private readonly reads: MemberReads,
    private readonly writes: MemberWrites,
  ) {}

  list(input: ListMembers, context: Context): Promise<Page<Member>> {
    return this.reads.page(input, context);
  }

  get(input: GetMember, context: Context): Promise<Member> {
    return this.reads.get(input, context);
  }

  add(input: AddMember, context: Context): Promise<Member> {
    return this.writes.add(input, context);
  }

  update(input: ChangeMember, context: Context): Promise<Member> {
    return this.writes.update(input, context);
  }

  async remove(input: RemoveMember, context: Context): Promise<void> {
    await this.writes.remove(input, context);
  }
}
