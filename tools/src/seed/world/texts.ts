import type { Chance } from './chance.js';
import { adjectives, cities, nouns } from './words.js';

/**
 * What people write. Letters, digits and plain punctuation alone: then Markdown means nothing in it, and how it is shown is
 * known without rendering (services/content/src/post/markdown.ts, prose).
 */
const sentences = [
  'Between two rehearsals we found a tape from the first winter and put it on again.',
  'Half of it was noise, the other half is now the bridge of {title}.',
  'We recorded it in {city}, in one room, with the windows open.',
  'You can hear the tram if you listen closely, and we decided to keep it.',
  'The first version was twice as long and had no chorus at all.',
  'Then {name} sat down at the piano, and after an hour we knew what the song was about.',
  'Thank you to everyone who came out in {city}, the room was louder than we were.',
  'We sold the last copies of the first pressing at the door.',
  'There will be a second one, on heavier vinyl, with the sleeve printed properly this time.',
  'The mix took four attempts, and the second one won.',
  'What you hear at the end is the dog of our landlord, who gets a credit.',
  'It is the quietest thing that we have ever made, and the one that we argued about most.',
  'We borrowed an organ that nobody had played since {year}, and it was almost in tune.',
  'The drums were done in a single night because the studio in {city} closed the next morning.',
  'If you have followed us for a while you know the melody already, from the encore.',
  'Tickets for {city} go on sale on Friday at ten, and we will play everything from start to end.',
  'The video was shot on the ferry, without a permit, between two and four in the morning.',
  'None of this would exist without the people who lent us their gear.',
  'We are writing again, slowly, which is the only way that has ever worked for us.',
  'Some of the lyrics come from letters that we found in the house.',
] as const;

const statusTexts = [
  'In the studio in {city}. More soon.',
  'Doors at eight, we are on at half past nine. See you in {city}!',
  '{title} is out now, everywhere.',
  'New strings, new songs.',
  'Soundcheck. The room is beautiful.',
  'We have been told that the vinyl is on its way. Really, this time.',
  'Which one should open the set: {title} or something you have never heard?',
  'Thank you, {city}. We lost our voices and one of the drums.',
  'Mixing day {number}. It is done when it is done.',
  'Up at five for the train to {city}.',
] as const;

const postTitles = [
  'Notes from {city}',
  'How {title} was made',
  'On the road in {month}',
  '{title} is here',
  'A letter from the studio',
  'The winter tapes, part {number}',
  'Dates for {year}',
  'What we listened to in {month}',
  'A room in {city}',
  'Second pressing',
] as const;

const songForms = [
  '{A} {N}',
  '{N}',
  'The {N} of {city}',
  '{A}',
  '{N} in {month}',
  'No {N}',
  '{A} {N}, {A} {N}',
] as const;

/** What a text is about. */
export interface Subject {
  readonly name: string;
  readonly title: string;
  readonly month: string;
  readonly year: number;
}

/** Fills a form's gaps. */
function filled(form: string, chance: Chance, about: Subject): string {
  return form.replaceAll(/\{(\w+)\}/g, (_, gap: string) => {
    switch (gap) {
      case 'A':
        return chance.one(adjectives);
      case 'N':
        return chance.one(nouns);
      case 'city':
        return chance.one(cities);
      case 'number':
        return String(chance.whole(2, 40));
      case 'year':
        return String(about.year);
      case 'month':
        return about.month;
      case 'name':
        return about.name;
      default:
        return about.title;
    }
  });
}

export const songTitle = (chance: Chance, about: Subject): string =>
  filled(chance.one(songForms), chance, about);
export const postTitle = (chance: Chance, about: Subject): string =>
  filled(chance.one(postTitles), chance, about);
export const statusText = (chance: Chance, about: Subject): string =>
  filled(chance.one(statusTexts), chance, about);

/** Paragraphs of 300 to 3,000 characters in all, most of them few. */
export function bodyOf(chance: Chance, about: Subject): string {
  const length = 300 + 2_700 * chance.part() ** 4;
  const paragraphs: string[] = [];
  for (let written = 0; written < length;) {
    const count = chance.whole(2, 5);
    const said = Array.from({ length: count }, () => filled(chance.one(sentences), chance, about));
    const paragraph = said.join(' ');
    paragraphs.push(paragraph);
    written += paragraph.length;
  }
  return paragraphs.join('\n\n');
}

/** A body as it is shown, and its words. */
export function shown(body: string): { html: string; text: string } {
  const paragraphs = body.split('\n\n');
  return { html: paragraphs.map((each) => `<p>${each}</p>`).join('\n'), text: paragraphs.join(' ') };
}

/** The words of a body that stand for it in lists: at most 320, cut at a word (content.md, Rules). */
export function excerptOf(text: string): string {
  const most = 320;
  if (text.length <= most) return text;
  const head = text.slice(0, most);
  return text.charAt(most) === ' ' ? head : head.slice(0, head.lastIndexOf(' '));
}
