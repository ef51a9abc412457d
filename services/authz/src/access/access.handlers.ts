import {
  access,
  type AllowedSubject,
  type ListAccessibleObjects,
  type ListAllowedSubjects,
} from '@erato/contracts/authz/access';
import type { ObjectRef } from '@erato/contracts/authz/object-description';
import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Serves } from '@erato/platform/transport/serves';
import { ListObjects } from './list-objects.js';
import { ListSubjects } from './list-subjects.js';

@Serves(access)
export class AccessHandlers implements Handlers<typeof access> {
  constructor(
    private readonly listObjects: ListObjects,
    private readonly listSubjects: ListSubjects,
  ) {}

  objects(input: ListAccessibleObjects, context: Context): Promise<Page<ObjectRef>> {
    return this.listObjects.page(input, context);
  }

  subjects(input: ListAllowedSubjects, context: Context): Promise<Page<AllowedSubject>> {
    return this.listSubjects.page(input, context);
  }
}
