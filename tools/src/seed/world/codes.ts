const countries = ['DE', 'GB', 'US', 'FR', 'SE', 'NL'] as const;
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';

/** The ISRC of the recording with that number in a world: `DE-A07-25-00042`. No two numbers have the same. */
export function isrcOf(number: number, year: number): string {
  const block = Math.floor(number / 100_000);
  const registrant = `${letters.charAt(block % letters.length)}${String(Math.floor(block / letters.length)).padStart(2, '0')}`;
  const country = countries[number % countries.length] ?? 'DE';
  return `${country}-${registrant}-${String(year % 100).padStart(2, '0')}-${String(number % 100_000).padStart(5, '0')}`;
}

/** The UPC of the album with that number, with its check digit (GS1: from the left, digits count 3 and 1 in turn). */
export function upcOf(number: number): string {
  const digits = `8${String(number).padStart(10, '0')}`;
  const sum = [...digits].reduce((all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  return `${digits}${String((10 - (sum % 10)) % 10)}`;
}
