import { invalidField } from '@erato/contracts/kit/failure';

/**
 * An ISWC of its form (the contract's pattern) as it is stored: `T` and ten digits.
 * @throws Failure `invalid` naming the field, where its check digit is wrong
 */
export function iswcOf(path: string, text: string): string {
  const plain = text.replaceAll(/[-.]/g, '').toUpperCase();
  if (iswcCheckDigit(plain.slice(1, 10)) !== Number(plain.at(-1))) {
    throw invalidField(path, 'malformed', 'its check digit is wrong');
  }
  return plain;
}

/** ISO 15707: the prefix counts 1, each of the nine digits its place; what is missing to the next ten. */
export function iswcCheckDigit(nine: string): number {
  const sum = [...nine].reduce((all, digit, at) => all + Number(digit) * (at + 1), 1);
  return (10 - (sum % 10)) % 10;
}
