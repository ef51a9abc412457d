import {
  OnOrganizationCreated,
  OnOrganizationDeleted,
  OnOrganizationUpdated,
} from './object/on-organization.js';
import { objectConsumers } from './object/on-object.js';
import { OnMembershipCreated, OnMembershipDeleted, OnMembershipUpdated } from './principal/on-membership.js';
import { OnTeamMemberAdded, OnTeamMemberRemoved } from './principal/on-team-member.js';
import { OnTeamCreated, OnTeamDeleted, OnTeamUpdated } from './principal/on-team.js';
import { OnUserCreated, OnUserDeleted } from './principal/on-user.js';

/** Everything that is heard of other services: who is a part of what, and what objects there are. */
export const consumers = [
  OnUserCreated,
  OnUserDeleted,
  OnMembershipCreated,
  OnMembershipUpdated,
  OnMembershipDeleted,
  OnTeamCreated,
  OnTeamUpdated,
  OnTeamDeleted,
  OnTeamMemberAdded,
  OnTeamMemberRemoved,
  OnOrganizationCreated,
  OnOrganizationUpdated,
  OnOrganizationDeleted,
  ...objectConsumers,
];
