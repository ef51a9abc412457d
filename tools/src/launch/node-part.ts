import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { LogFile } from './log-file.js';
import { Lines, shortLine, Trickle } from './log-lines.js';
import { Part, type PartOptions } from './part.js';

export interface NodePartOptions {
  readonly name: string;
  /** The script to run. */
  readonly script: string;
  /** Its whole environment. Secrets travel here, never in the arguments, which every user of the machine can read. */
  readonly env: NodeJS.ProcessEnv;
  /** Its readiness is `GET http://127.0.0.1:<port><path>` with 200. */
  readonly readiness: { readonly port: number; readonly path: string };
  readonly logFolder: string;
  readonly runFolder: string;
  readonly stopWithinMs: number;
  /** Hears warnings and errors in short form. */
  readonly onWarning: (line: string) => void;
}

// Always the built one: a process that is started by this one runs without the development conditions.
const withParent = fileURLToPath(new URL('../../dist/launch/with-parent.js', import.meta.url));
/** Room for what lives as long as a request, in MiB a half: with more of it the collector's pauses show in the slowest answers. */
const youngSpace = '--max-semi-space-size=8';
/** What nobody asks for a minute is asked again without being compiled again: V8 drops code that has not run for some collections. */
const keepCode = '--no-flush-bytecode';
/** How many of its last lines on standard error tell why it ended. */
const keptLines = 12;

/** A line of a stack or of Node's frame around an error: for the log file, not for the terminal. */
const isTrace = (line: string): boolean =>
  /^\s+(at |throw |\^)|^\s*[\^}]|^node:|^Node\.js v|^\s+(code|url): /.test(line);

async function answers({ port, path }: NodePartOptions['readiness']): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

/**
 * A Node process of the system: its output goes to `<logs>/<name>.log`, warnings also to the launcher; it ends with
 * the launcher, and is in a process group of its own so that Ctrl-C reaches it only through the launcher, in order.
 */
export function nodePart(options: NodePartOptions): Part {
  const log = new LogFile(join(options.logFolder, `${options.name}.log`));
  const warnings = new Trickle(options.onWarning);
  let last: string[] = [];
  let started = false;
  const keep = (line: string): void => {
    last = [...last, line].slice(-keptLines);
  };
  const settings: PartOptions = {
    name: options.name,
    spawn() {
      last = [];
      started = false;
      const child = spawn(process.execPath, [youngSpace, keepCode, '--import', withParent, options.script], {
        env: options.env,
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: true,
      });
      // The pipe breaks when the process ends; that is told by its end.
      child.stdin.on('error', () => undefined);
      const out = new Lines((line) => {
        const short = shortLine(line);
        if (short === undefined) return;
        if (/^(error|fatal) /.test(short)) keep(short);
        warnings.push(short);
      });
      const err = new Lines((line) => {
        if (isTrace(line)) return;
        keep(line);
        // What it says while it starts is told once, as the reason, if it does not start.
        if (started) warnings.push(line);
      });
      for (const [stream, lines] of [
        [child.stdout, out],
        [child.stderr, err],
      ] as const) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          log.write(text);
          lines.push(text);
        });
      }
      return Promise.resolve(child);
    },
    ready: () => answers(options.readiness),
    readyWithinMs: 60_000,
    stopWithinMs: options.stopWithinMs,
    runFolder: options.runFolder,
    reason: () => (last.length > 0 ? last.join('\n    ') : undefined),
  };
  const part = new Part(settings);
  part.on('event', ({ kind }) => {
    if (kind === 'ready') started = true;
  });
  return part;
}
