import { join } from 'node:path';
import { Erato, type EratoOptions } from '@erato/client';
import { addressOf } from '../doctor/gateway.js';
import { readText } from '../launch/files.js';
import type { Settings } from '../launch/settings.js';

/** The API of the installation that runs, with the administrator's key: the environment's, else that of the data folder. */
export function administratorOf(
  settings: Settings,
  options: Pick<EratoOptions, 'fetch' | 'timeoutMs'> = {},
): Erato {
  const { adminKey, dataFolder } = settings;
  const credential = adminKey ?? readText(join(dataFolder, 'admin-key'))?.trim();
  if (credential === undefined) {
    throw new Error(
      `there is no administrator's key in ${dataFolder}: set ERATO_ADMIN_KEY, or ERATO_DATA_DIR to where it lies`,
    );
  }
  return new Erato({ ...options, url: addressOf(settings), credential });
}
