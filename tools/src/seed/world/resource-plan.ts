import type { NewSong, NewPressRelease, NewArtwork, NewAlbum } from '@erato/client';
import { Chance } from './chance.js';
import { isrcOf, upcOf } from './codes.js';
import { idAt, shortIdOf } from './ids.js';
import { bodyOf, postTitle, songTitle, statusText, type Subject } from './texts.js';
import { monthOf } from './words.js';
import { resourcesPerWorkspace, worldEnd, type World } from './world.js';
import type { LinkPlan, OwnerPlan, WorkspacePlan } from './workspace-plan.js';

/** Who is named: a workspace or a person, by number. */
export type AuthorPlan =
  | { readonly workspace: number; readonly role: string | null }
  | { readonly person: number; readonly role: string | null };

/** What all types have in common. */
interface Common {
  /** Its number among all resources of the world. */
  readonly number: number;
  readonly id: string;
  readonly shortId: string;
  readonly title: string | null;
  readonly status: 'LISTED' | 'UNLISTED';
  readonly draft: boolean;
  readonly owner: OwnerPlan;
  readonly authors: readonly AuthorPlan[];
  readonly links: readonly LinkPlan[];
  readonly made: number;
}

export interface TrackPlan {
  /** The song by its place among the workspace's resources. */
  readonly slot: number;
  readonly trackNumber: number;
  readonly discNumber: number;
}

/** A resource of any type with its part. */
export type ResourcePlan = Common &
  (
    | { readonly type: 'post'; readonly body: string; readonly featuredImage: string | null }
    | { readonly type: 'status'; readonly excerpt: string }
    | {
        readonly type: 'song';
        readonly song: Required<Pick<NewSong, 'duration' | 'genre' | 'releaseDate' | 'isrc'>>;
      }
    | { readonly type: 'album'; readonly album: Required<NewAlbum>; readonly tracks: readonly TrackPlan[] }
    | { readonly type: 'artwork'; readonly artwork: Required<NewArtwork> }
    | { readonly type: 'press-release'; readonly pressRelease: Required<NewPressRelease> }
  );

type Type = ResourcePlan['type'];

const types: Readonly<Record<string, Type>> = {
  p: 'post',
  s: 'status',
  o: 'song',
  l: 'album',
  a: 'artwork',
  r: 'press-release',
};

/** What a workspace publishes, in the order of time, a letter each; an album comes after its songs. Twenty in all. */
const careers = {
  label: 'pppppprrrrssssppppaa',
  album: 'spooooooooolprsssapo',
  double: 'poooooooooooolrspasp',
  singles: 'pppospospppossaosspp',
  writer: 'pppppspsppppsrsspsrp',
} as const;

function careerOf(workspace: WorkspacePlan, chance: Chance): string {
  if (workspace.kind === 'label') return careers.label;
  if (workspace.kind !== 'artist') return careers.writer;
  return careers[chance.one(['album', 'album', 'double', 'singles'] as const)];
}

/** All that a workspace publishes, oldest first. */
export function resourcesOf(world: World, workspace: WorkspacePlan): readonly ResourcePlan[] {
  const chance = new Chance(`${world.seed} career ${String(workspace.number)}`);
  const career = [...careerOf(workspace, chance)].flatMap((letter) => types[letter] ?? []);
  const span = (worldEnd - workspace.made) / (resourcesPerWorkspace + 1);
  const made: ResourcePlan[] = [];
  for (const [slot, type] of career.entries()) {
    const at = Math.floor(workspace.made + span * (slot + chance.part()));
    made.push(planned({ world, workspace, type, slot, at, chance, before: made }));
  }
  return made;
}

interface About {
  readonly world: World;
  readonly workspace: WorkspacePlan;
  readonly type: Type;
  readonly slot: number;
  readonly at: number;
  readonly chance: Chance;
  readonly before: readonly ResourcePlan[];
}

function planned(about: About): ResourcePlan {
  const { world, workspace, type, slot, at, chance, before } = about;
  const number = workspace.number * resourcesPerWorkspace + slot;
  const album =
    before.findLast((each) => each.type === 'album') ?? before.findLast((each) => each.type === 'song');
  const year = new Date(at).getUTCFullYear();
  const subject = { name: workspace.name, title: album?.title ?? workspace.name, month: monthOf(at), year };
  const isMusic = type === 'song' || type === 'album';
  const common = {
    ...{ number, made: at, owner: workspace.owner },
    id: idAt(at, `${world.tag} resource ${String(number)}`),
    shortId: shortIdOf(world.tag, number),
    status: isMusic || !chance.percent(15) ? ('LISTED' as const) : ('UNLISTED' as const),
    draft: type === 'post' && chance.percent(10),
    authors: authorsOf(about),
    links: isMusic ? streams(number, type, chance) : [],
  };
  const date = new Date(at).toISOString().slice(0, 10);
  switch (type) {
    case 'status':
      return { ...common, type, title: null, excerpt: statusText(chance, subject) };
    case 'post': {
      const featuredImage = chance.percent(30) ? `https://images.example/${String(number)}.jpg` : null;
      return {
        ...common,
        type,
        title: postTitle(chance, subject),
        body: bodyOf(chance, subject),
        featuredImage,
      };
    }
    case 'song': {
      const { genre } = workspace;
      const song = { duration: chance.whole(95, 420), genre, releaseDate: date, isrc: isrcOf(number, year) };
      return { ...common, type, title: songTitle(chance, subject), song };
    }
    case 'album': {
      const cover = `https://images.example/${String(number)}.jpg`;
      const own = { releaseDate: date, coverArtUrl: cover, upc: upcOf(number) };
      return { ...common, type, title: songTitle(chance, subject), album: own, tracks: tracksOf(before) };
    }
    case 'artwork': {
      const imageUrl = `https://images.example/${String(number)}.png`;
      const medium = chance.one(['Photograph', 'Linocut', 'Oil on canvas', 'Collage']);
      const artwork = { imageUrl, medium, year, alt: `A ${medium.toLowerCase()} for ${subject.title}.` };
      return { ...common, type, title: `Sleeve of ${subject.title}`, artwork };
    }
    case 'press-release':
      return { ...common, type, ...pressRelease(subject, chance, workspace) };
  }
}

function pressRelease(subject: Subject, chance: Chance, { description, slug }: WorkspacePlan) {
  const contact = `press@${slug}.example`;
  const title = `${subject.name}: ${subject.title}`;
  return { title, pressRelease: { body: bodyOf(chance, subject), contact, boilerplate: description } };
}

/** The workspace; of press releases the label's too, of songs that nobody else owns the person who wrote them. */
function authorsOf({ world, workspace, type, slot }: About): AuthorPlan[] {
  const { number, owner } = workspace;
  if ('label' in owner) {
    const label = type === 'press-release' && number >= world.size.labels;
    return [
      { workspace: number, role: roleIn(type) },
      ...(label ? [{ workspace: owner.label, role: null }] : []),
    ];
  }
  const { person } = owner;
  if (type === 'post' && slot % 10 === 2) return [{ person, role: null }];
  return [
    { workspace: number, role: roleIn(type) },
    ...(type === 'song' ? [{ person, role: 'composer' }] : []),
  ];
}

const roleIn = (type: Type): string | null => (type === 'song' || type === 'album' ? 'performer' : null);

const hosts = [
  (id: string) => `https://open.spotify.com/${id}`,
  (id: string) => `https://music.apple.com/${id}`,
  (id: string) => `https://www.deezer.com/${id}`,
  (id: string) => `https://tidal.com/${id}`,
] as const;

function streams(number: number, type: 'song' | 'album', chance: Chance): LinkPlan[] {
  const count = type === 'album' ? chance.whole(2, 4) : chance.whole(0, 2);
  return hosts.slice(0, count).map((address) => ({ url: address(`${type}/${String(number)}`) }));
}

/** All songs so far, eight a disc, where there are more than ten. */
function tracksOf(before: readonly ResourcePlan[]): TrackPlan[] {
  const slots = [...before.keys()].filter((slot) => before[slot]?.type === 'song');
  const perDisc = slots.length > 10 ? Math.ceil(slots.length / 2) : slots.length;
  return slots.map((slot, at) => ({
    slot,
    trackNumber: (at % perDisc) + 1,
    discNumber: Math.floor(at / perDisc) + 1,
  }));
}
