import {
  pressReleases,
  type PutPressRelease,
  type PressReleasePart,
} from '@erato/contracts/content/press-release';
import type { PartOf } from '@erato/contracts/content/part-calls';
import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Serves } from '@erato/platform/transport/serves';
import { PartRoutes } from '../resource/part-routes.js';

@Serves(pressReleases)
export class PressReleaseHandlers implements Handlers<typeof pressReleases> {
  constructor(private readonly parts: PartRoutes) {}

  get({ id }: PartOf, context: Context): Promise<PressReleasePart> {
    return this.parts.get(context, id, 'pressRelease');
  }

  put(
    { id, body, contact = null, boilerplate = null }: PutPressRelease,
    context: Context,
  ): Promise<PressReleasePart> {
    return this.parts.put(context, 'pressRelease', { id, pressRelease: { body, contact, boilerplate } });
  }
}
