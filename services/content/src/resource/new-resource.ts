import type { CreateResource } from '@erato/contracts/content/resource';
import { invalidField } from '@erato/contracts/kit/failure';
import { excerptOf } from './excerpt.js';
import type { PartTools, PreparedPart } from './part-type.js';
import { partNames, partTypes } from './resource-types.js';

/** How long the text of a status is at most, in code points (content.md, Rules). */
const longestStatus = 300;

/** The typed part that the request must and may hold for its type, checked and rendered; null for a type without one. */
export async function makePart(input: CreateResource, tools: PartTools): Promise<PreparedPart | null> {
  const own = partTypes[input.type];
  for (const name of partNames) {
    if (input[name] !== undefined && name !== own?.part) {
      throw invalidField(name, 'not_allowed', `a resource of type ${input.type} has no such part`);
    }
  }
  if (!own) return null;
  const given = input[own.part];
  if (given === undefined && !own.mayBeEmpty) {
    throw invalidField(own.part, 'required', `a resource of type ${input.type} needs it`);
  }
  return own.make(given ?? {}, own.part, tools);
}

/** A status has no title, every other type needs one. */
export function titleOf({ type, title }: Pick<CreateResource, 'type' | 'title'>): string | null {
  if (type === 'status') {
    if (title !== null && title !== undefined)
      throw invalidField('title', 'not_allowed', 'a status has no title');
    return null;
  }
  if (title === null || title === undefined)
    throw invalidField('title', 'required', `a resource of type ${type} needs one`);
  return title;
}

/** The excerpt: a status' own text; of other types given, or cut from the rendered body. */
export function excerptFor(
  type: CreateResource['type'],
  given: string | null | undefined,
  text: string | null,
): { excerpt: string | null; excerptGiven: boolean } {
  if (type === 'status') {
    if (given === null || given === undefined)
      throw invalidField('excerpt', 'required', 'is the text of a status');
    if (Array.from(given).length > longestStatus) {
      throw invalidField('excerpt', 'too_long', `must NOT have more than ${longestStatus} characters`);
    }
  }
  if (given !== null && given !== undefined) return { excerpt: given, excerptGiven: true };
  return { excerpt: text === null ? null : excerptOf(text), excerptGiven: false };
}
