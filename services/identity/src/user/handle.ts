import { invalidField } from '@erato/contracts/kit/failure';

/** Words that stand for pages and people of the platform itself; nobody may be called so. */
const reserved = new Set(
  (
    'about account admin administrator api app artist artists auth billing blog c cms collections contact dashboard ' +
    'discover docs erato explore feed guest health help home images invite issues jobs l label labels legal login logout ' +
    'me media metrics moderator music news null notifications oauth official openapi org organization organizations ' +
    'playlist playlists press pricing privacy r register resources root search security settings share shop sign_in ' +
    'sign_out sign_up signin signout signup staff static status store studio support system team teams terms undefined ' +
    'user users v1 vela webhooks workspace workspaces www'
  ).split(' '),
);

/** A handle as it is kept: small letters. */
export const normalHandle = (handle: string): string => handle.toLowerCase();

/** The handle to keep; 400 `reserved` where the platform keeps the word for itself. */
export function acceptedHandle(handle: string): string {
  const normal = normalHandle(handle);
  if (reserved.has(normal)) throw invalidField('handle', 'reserved', 'is reserved');
  return normal;
}
