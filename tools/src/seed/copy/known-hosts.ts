/** What links to these hosts are called when they name nothing themselves, by their domain (content.md, Rules). */
export const knownHosts: Readonly<Record<string, { readonly name: string; readonly icon: string }>> = {
  'spotify.com': { name: 'Spotify', icon: 'mdi:spotify' },
  'apple.com': { name: 'Apple Music', icon: 'simple-icons:applemusic' },
  'deezer.com': { name: 'Deezer', icon: 'simple-icons:deezer' },
  'tidal.com': { name: 'Tidal', icon: 'simple-icons:tidal' },
  'bandcamp.com': { name: 'Bandcamp', icon: 'simple-icons:bandcamp' },
};
