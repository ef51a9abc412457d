import type { Album, AlbumPatch, NewAlbum } from '@erato/contracts/content/album';
import { jsonOf } from '../access/json.js';
import { requireHttpsUrls } from '../link/https-url.js';
import type { PartType, PreparedPart } from '../resource/part-type.js';
import { requireUpc } from './upc.js';

function prepare(given: NewAlbum, path: string): Promise<PreparedPart> {
  const { releaseDate = null, coverArtUrl = null, upc = null } = given;
  requireHttpsUrls({ [`${path}.coverArtUrl`]: coverArtUrl });
  if (upc !== null) requireUpc(`${path}.upc`, upc);
  const shown: Album = { releaseDate, coverArtUrl, upc };
  return Promise.resolve({ values: [releaseDate, coverArtUrl, upc], shown, text: null });
}

/** Albums; their songs are tracks (../track). */
export const albumType: PartType = {
  part: 'album',
  table: 'albums',
  columns: { release_date: 'date', cover_art_url: 'text', upc: 'text' },
  mayBeEmpty: true,
  json: jsonOf({ releaseDate: 'p.release_date', coverArtUrl: 'p.cover_art_url', upc: 'p.upc' }),
  make: prepare,
  patch: (standing: Album, patch: AlbumPatch, path) => prepare({ ...standing, ...patch }, path),
  given: (shown: Album): NewAlbum => shown,
  textOf: () => null,
};
