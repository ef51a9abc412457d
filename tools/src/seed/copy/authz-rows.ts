import type { AccessPath } from './content-rows.js';
import { Table } from './table.js';
import { ownerIn, type Cast } from '../api/cast.js';
import type { ResourcePlan } from '../world/resource-plan.js';
import type { WorkspacePlan } from '../world/workspace-plan.js';

const everyone = (open: boolean): readonly string[] => (open ? ['read'] : []);

/** Gathers what authz knows of objects: what content tells it by its events (services/content/src/access/targets.ts). */
export class AuthzRows {
  readonly objects = new Table(
    'objects',
    'type id parents owner_type owner_id everyone read_as version'.split(' '),
  );

  /** What lies above each object: its parents, since none of these has a parent with parents of its own. */
  readonly elements = new Table('object_elements', [
    'element_type',
    'element_id',
    'object_type',
    'object_id',
  ]);

  constructor(private readonly cast: Cast) {}

  get tables(): readonly Table[] {
    return [this.objects, this.elements];
  }

  addWorkspace({ id, owner, visibility }: WorkspacePlan): void {
    this.#add('workspace', id, { owner, parents: [], open: visibility === 'public', readAs: 'read' });
  }

  addResource({ id, owner, draft }: ResourcePlan, { workspaces, users, open }: AccessPath): void {
    const parents = [
      ...workspaces.map((each) => ({ type: 'workspace', id: each })),
      ...users.map((each) => ({ type: 'user', id: each })),
    ];
    this.#add('resource', id, { owner, parents, open, readAs: draft ? 'update' : 'read' });
  }

  #add(
    type: string,
    id: string,
    about: {
      owner: WorkspacePlan['owner'];
      parents: readonly { type: string; id: string }[];
      open: boolean;
      readAs: string;
    },
  ): void {
    const { ownerType, ownerId } = ownerIn(this.cast, about.owner);
    const organization = ownerType === 'organization' ? [{ type: 'organization', id: ownerId }] : [];
    const parents = [...about.parents, ...organization];
    const text = JSON.stringify(parents);
    this.objects.add([type, id, text, ownerType, ownerId, everyone(about.open), about.readAs, 1]);
    for (const parent of parents) this.elements.add([parent.type, parent.id, type, id]);
  }
}
