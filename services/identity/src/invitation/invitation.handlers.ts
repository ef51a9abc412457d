import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { invalidField, notFound } from '@erato/contracts/kit/failure';
import {
  alreadyInvited,
  invitationOver,
  invitations,
  type CreateInvitation,
  type GetInvitation,
  type Invitation,
  type ListInvitations,
  type RevokeInvitation,
} from '@erato/contracts/identity/invitation';
import { alreadyMember } from '@erato/contracts/identity/member';
import { homeOrganization, organizationDeleting } from '@erato/contracts/identity/organization';
import { Serves } from '@erato/platform/transport/serves';
import { isDeleting } from '../organization/deleting.js';
import { OrganizationAccess } from '../organization/organization-access.js';
import { Creations } from '../workos/creation.js';
import { ListCursor } from '../workos/list-cursor.js';
import { isWorkosId, type WorkosInvitation } from '../workos/objects.js';
import { unlessMissing, type Refusals } from '../workos/refusal.js';
import { Workos } from '../workos/workos.js';
import { WorkosWrites } from '../workos/workos-write.js';

const refusals: Refusals = {
  email_already_invited_to_organization: () => alreadyInvited(),
  email_already_invited: () => alreadyInvited(),
  user_already_organization_member: () => alreadyMember(),
  invite_not_pending: () => invitationOver(),
  invalid_role: ({ message }) => invalidField('role', 'unknown', message),
  role_not_found: ({ message }) => invalidField('role', 'unknown', message),
};

/** Invitations, which WorkOS keeps and sends; Erato adds who may. */
@Serves(invitations)
export class InvitationHandlers implements Handlers<typeof invitations> {
  constructor(
    private readonly workos: Workos,
    private readonly writes: WorkosWrites,
    private readonly creations: Creations,
    private readonly access: OrganizationAccess,
  ) {}

  async list(input: ListInvitations, context: Context): Promise<Page<Invitation>> {
    const { id: organizationId, email } = input;
    await this.access.require(context, organizationId, 'manage');
    const cursor = new ListCursor(input, ['invitations', organizationId, email]);
    const listed = await this.workos.ask(context, (sdk) =>
      sdk.userManagement.listInvitations({
        organizationId,
        ...(email === undefined ? {} : { email }),
        ...cursor.options,
        order: 'desc',
      }),
    );
    return cursor.page(
      listed.data.map((invitation) => view(organizationId, invitation)),
      listed.listMetadata,
    );
  }

  async get(input: GetInvitation, context: Context): Promise<Invitation> {
    await this.access.require(context, input.id, 'manage');
    const invitation = await this.#find(input, context);
    const open = invitation.state === 'pending';
    return { ...view(input.id, invitation), ...(open ? { acceptUrl: invitation.acceptInvitationUrl } : {}) };
  }

  async create(input: CreateInvitation, context: Context): Promise<Invitation> {
    const { id: organizationId, email, role, expiresInDays } = input;
    const { organization } = await this.access.require(context, organizationId, 'manage');
    if (organization.home) throw homeOrganization({ detail: 'Everybody belongs to the home organization.' });
    if (isDeleting(organization)) throw organizationDeleting();
    const { caller } = context;
    const made = await this.writes.run(context, 'the invitation in Erato', async (tx, atWorkos) => {
      const idempotencyKey = await this.creations.key(tx, context, 'invitation', input);
      return atWorkos(
        'the invitation',
        (sdk) =>
          sdk.userManagement.sendInvitation({
            email,
            organizationId,
            ...(role === undefined ? {} : { roleSlug: role }),
            ...(expiresInDays === undefined ? {} : { expiresInDays }),
            ...(caller.subjectType === 'user' && isWorkosId('user', caller.subjectId)
              ? { inviterUserId: caller.subjectId }
              : {}),
          }),
        { idempotencyKey, refusals },
      );
    });
    return view(organizationId, made);
  }

  async revoke(input: RevokeInvitation, context: Context): Promise<void> {
    await this.access.require(context, input.id, 'manage');
    const invitation = await this.#find(input, context);
    await this.workos.ask(context, (sdk) => sdk.userManagement.revokeInvitation(invitation.id), { refusals });
  }

  /** One of another organization is not there. */
  async #find({ id, invitationId }: GetInvitation, context: Context): Promise<WorkosInvitation> {
    if (!isWorkosId('invitation', invitationId)) throw notFound();
    const invitation = await this.workos.ask(context, (sdk) =>
      unlessMissing(sdk.userManagement.getInvitation(invitationId)),
    );
    if (invitation?.organizationId !== id) throw notFound();
    return invitation;
  }
}

function view(organizationId: string, invitation: WorkosInvitation): Invitation {
  const { id, email, roleSlug, state, inviterUserId, acceptedUserId } = invitation;
  return {
    id,
    organizationId,
    email,
    role: roleSlug,
    state,
    inviterUserId,
    acceptedUserId,
    expiresAt: invitation.expiresAt,
    createdAt: invitation.createdAt,
    updatedAt: invitation.updatedAt,
  };
}
