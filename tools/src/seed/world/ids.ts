import { shortIdAlphabet, shortIdLength } from '@erato/contracts/content/resource';
import { Chance } from './chance.js';

const hex = (value: number, digits: number): string =>
  (value >>> 0).toString(16).padStart(8, '0').slice(-digits);

/** A UUID of version 7 with that time; the rest of it is told by the name. */
export function idAt(time: number, name: string): string {
  const chance = new Chance(name);
  const at = time.toString(16).padStart(12, '0');
  const variant = (8 + (chance.bits() & 3)).toString(16);
  const [a, b, c] = [hex(chance.bits(), 3), hex(chance.bits(), 3), hex(chance.bits(), 8)];
  return `${at.slice(0, 8)}-${at.slice(8)}-7${a}-${variant}${b}-${c}${hex(chance.bits(), 4)}`;
}

const letters = BigInt(shortIdAlphabet.length);
const shortIds = letters ** BigInt(shortIdLength);
/** Without a common factor with their number, so that no two numbers of a world get the same. */
const stride = 11_400_714_819_323_198_485n;

/** The short id of the resource with that number in a world. */
export function shortIdOf(world: string, number: number): string {
  const chance = new Chance(`${world} short`);
  const first = (BigInt(chance.bits()) << 32n) + BigInt(chance.bits());
  let rest = (first + BigInt(number) * stride) % shortIds;
  let text = '';
  for (let at = 0; at < shortIdLength; at++) {
    text += shortIdAlphabet.charAt(Number(rest % letters));
    rest /= letters;
  }
  return text;
}
