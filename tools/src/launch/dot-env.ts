import { existsSync } from 'node:fs';

/** Takes variables from the file .env of the current folder, if there is one; what is set already stays. */
export function loadDotEnv(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}
