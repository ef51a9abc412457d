/** An ISRC of its form (the contract's pattern) as it is stored: capitals, without hyphens. ISO 3901 has no check digit. */
export const isrcOf = (text: string): string => text.replaceAll('-', '').toUpperCase();
