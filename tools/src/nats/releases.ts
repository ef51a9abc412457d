/** The release of nats-server that is fetched when none is installed. */
export const release = '2.12.15';

/** Where the project publishes its releases; the archive of one platform below it is `archiveName()`. */
export const releaseAddress = `https://github.com/nats-io/nats-server/releases/download/v${release}`;

/**
 * SHA-256 of the archive for each platform, as `<system>-<architecture>`: those that the official image is built
 * from. On other platforms nats-server has to be installed.
 */
export const checksums: Readonly<Record<string, string>> = {
  'linux-amd64': '58ab8131f819263897e2fc38e503e1b755b63bcafeecc7d12582487df48ca15e',
  'linux-arm64': 'b724db99fefbf8f5c808baa82819ee50350aee9734017e4a478f7e545cef3ab6',
  'linux-s390x': '5db960be875da499f1354f41c0a7780303fb9644cf62d35022677e77b4178029',
  'linux-ppc64le': '56447e72ec0551fa27a4368388dee475e028d4d5de6d97a802d944c6f278cf1e',
};

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ppc64: 'ppc64le' };

/** This platform in the words of the release: `linux-amd64`. */
export const platformName = (platform: string = process.platform, arch: string = process.arch): string =>
  `${platform}-${architectures[arch] ?? arch}`;

/** The name of a platform's archive. */
export const archiveName = (platform: string): string => `nats-server-v${release}-${platform}.tar.gz`;
