import type { Part, PartEvent } from './part.js';

/** Tells a person what happens. */
export interface Progress {
  /** One thing worth knowing. */
  note(line: string): void;
  /** A warning or an error of a part. */
  warning(part: string, line: string): void;
  /** Tells of a part's starts, crashes and restarts. */
  follow(part: Part): void;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function describe(event: PartEvent): string | undefined {
  switch (event.kind) {
    case 'ready':
      return `ready in ${seconds(event.afterMs)}`;
    case 'crashed':
      return `ended unexpectedly (${event.how})${event.reason === undefined ? '' : `: ${event.reason}`}`;
    case 'restarting':
      return `starting again in ${seconds(event.inMs)}`;
    default:
      return undefined;
  }
}

/** Writes lines with the part's name before them. */
export function lineProgress(write: (line: string) => void): Progress {
  const line = (name: string, text: string): void => write(`  ${name.padEnd(9)} ${text}`);
  return {
    note: (text) => write(`  ${text}`),
    warning: line,
    follow: (part) =>
      void part.on('event', (event) => {
        const text = describe(event);
        if (text !== undefined) line(part.name, text);
      }),
  };
}

/** Says nothing; for tests, whose failures bring their own words. */
export const silent: Progress = { note: () => undefined, warning: () => undefined, follow: () => undefined };
