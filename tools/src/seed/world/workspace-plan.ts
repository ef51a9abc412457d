import { Chance } from './chance.js';
import { independents, labelAt } from './cast.js';
import { idAt } from './ids.js';
import { adjectives, cities, forms, genres, nouns } from './words.js';
import { worldEnd, worldStart, type World } from './world.js';

/** A link as it is given: hosts that are known need no name. */
export interface LinkPlan {
  readonly url: string;
  readonly name?: string;
  readonly icon?: string;
  readonly kind?: 'social';
}

/** Who owns something, by the numbers of the world. */
export type OwnerPlan = { readonly label: number } | { readonly person: number };

export interface WorkspacePlan {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly kind: 'artist' | 'label' | 'curator' | 'press' | 'other';
  readonly owner: OwnerPlan;
  readonly visibility: 'public' | 'private';
  readonly genre: string;
  readonly made: number;
  readonly links: readonly LinkPlan[];
}

const day = 86_400_000;

/** The profile with that number: first those of the labels themselves, then artists, and few who write about music. */
export function workspaceAt(world: World, number: number): WorkspacePlan {
  const { seed, tag, size } = world;
  const chance = new Chance(`${seed} workspace ${String(number)}`);
  const isLabel = number < size.labels;
  const label = isLabel ? labelAt(world, number) : null;
  const name = label?.name ?? artistName(seed, number);
  const key = slugOf(name);
  const genre = chance.one(genres);
  const owner = ownerOf(world, number, chance);
  const kind = isLabel ? 'label' : kindOf(chance, owner);
  const made = Math.floor(worldStart + chance.part() * (worldEnd - worldStart - 60 * day));
  const site = `https://${key}.example`;
  return {
    ...{ number, name, owner, kind, genre, made },
    id: idAt(made, `${tag} workspace ${String(number)}`),
    // Labels may share a name, artists do not.
    slug: label?.slug ?? `${key}-${tag}`,
    description: described(kind, genre, chance.one(cities)),
    visibility: !isLabel && chance.percent(8) ? 'private' : 'public',
    links: [
      { url: site, name: 'Website', icon: 'mdi:web', kind: 'social' },
      { url: `https://www.instagram.com/${key}`, name: 'Instagram', icon: 'mdi:instagram', kind: 'social' },
      { url: `https://${key}.bandcamp.com` },
    ],
  };
}

function described(kind: WorkspacePlan['kind'], genre: string, city: string): string {
  const whole = `${genre.charAt(0).toUpperCase()}${genre.slice(1)} from ${city}.`;
  if (kind === 'label') return `A label for ${genre} and what lies beside it, at home in ${city}.`;
  if (kind === 'artist') return `${whole} New record out soon.`;
  return `Writing about ${genre} in ${city}.`;
}

function ownerOf(world: World, number: number, chance: Chance): OwnerPlan {
  const { labels } = world.size;
  if (number < labels) return { label: number };
  const alone = independents(world);
  return chance.percent(60) ? { label: chance.whole(0, labels - 1) } : { person: chance.one(alone) };
}

function kindOf(chance: Chance, owner: OwnerPlan): WorkspacePlan['kind'] {
  if ('label' in owner || chance.percent(80)) return 'artist';
  return chance.one(['curator', 'press', 'other']);
}

/** Walks through all names in an order that looks like none; no two numbers have the same until all were used. */
function artistName(seed: string, number: number): string {
  const names = adjectives.length * nouns.length * forms.length;
  const first = new Chance(`${seed} names`).bits() % names;
  // A prime that is no factor of the number of names.
  const at = (first + number * 7_919) % names;
  const adjective = adjectives[at % adjectives.length] ?? '';
  const rest = Math.floor(at / adjectives.length);
  const form = forms[Math.floor(rest / nouns.length)] ?? '';
  return `${form}${adjective} ${nouns[rest % nouns.length] ?? ''}`;
}

const slugOf = (name: string): string => name.toLowerCase().replaceAll(' ', '-');
