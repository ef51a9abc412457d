interface KnownHost {
  readonly name: string;
  readonly icon: string;
  readonly matches: RegExp;
}

/** Hosts whose links get name and icon when they are left out (content.md, Rules). */
const knownHosts: readonly KnownHost[] = [
  { name: 'Spotify', icon: 'mdi:spotify', matches: /^(?:[a-z-]+\.)?spotify\.(?:com|link)$/ },
  {
    name: 'Apple Music',
    icon: 'simple-icons:applemusic',
    matches: /^(?:(?:geo|embed)\.)?(?:music|itunes)\.apple\.com$/,
  },
  { name: 'SoundCloud', icon: 'mdi:soundcloud', matches: /^(?:[a-z]+\.)?soundcloud\.com$/ },
  { name: 'YouTube', icon: 'mdi:youtube', matches: /^(?:(?:[a-z]+\.)?youtube\.com|youtu\.be)$/ },
  { name: 'Bandcamp', icon: 'simple-icons:bandcamp', matches: /^(?:[a-z0-9-]+\.)?bandcamp\.com$/ },
  { name: 'Deezer', icon: 'simple-icons:deezer', matches: /^(?:[a-z]+\.)?deezer\.com$/ },
  { name: 'Tidal', icon: 'simple-icons:tidal', matches: /^(?:[a-z]+\.)?tidal\.com$/ },
  {
    name: 'Amazon Music',
    icon: 'simple-icons:amazonmusic',
    matches: /^music\.amazon\.(?:com|ca|de|fr|it|es|in|co\.uk|co\.jp|com\.au|com\.br|com\.mx)$/,
  },
];

/** The known host of an address, or null. A host whose name only ends alike (`notspotify.com`) is none. */
export function knownHost(url: URL): { name: string; icon: string } | null {
  return knownHosts.find(({ matches }) => matches.test(url.hostname)) ?? null;
}
