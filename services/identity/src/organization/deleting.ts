import type { OrganizationEntity } from './organization.entity.js';

const markMs = 30_000;

/** Whether it is being deleted now. The mark of a deletion that died on the way is over by itself. */
export const isDeleting = ({ deletingAt }: Pick<OrganizationEntity, 'deletingAt'>): boolean =>
  deletingAt !== null && Date.now() - deletingAt.getTime() < markMs;
