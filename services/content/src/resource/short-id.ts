import { customAlphabet } from 'nanoid';
import { shortIdAlphabet, shortIdLength } from '@erato/contracts/content/resource';

/** A new short id: some 56 bits of chance, so that guessing finds nothing at the rates that are let through. */
export const newShortId = customAlphabet(shortIdAlphabet, shortIdLength);
