import { invalidField } from '@erato/contracts/kit/failure';

/**
 * Holds a UPC-A or EAN-13 (digits, by the contract's pattern) to its check digit.
 * @throws Failure `invalid` naming the field
 */
export function requireUpc(path: string, digits: string): void {
  if (upcCheckDigit(digits.slice(0, -1)) !== Number(digits.at(-1))) {
    throw invalidField(path, 'malformed', 'its check digit is wrong');
  }
}

/** GS1: from the right, digits count 3 and 1 in turn; what is missing to the next ten. */
export function upcCheckDigit(rest: string): number {
  const sum = [...rest].reduceRight(
    (all, digit, at) => all + Number(digit) * ((rest.length - at) % 2 === 1 ? 3 : 1),
    0,
  );
  return (10 - (sum % 10)) % 10;
}
