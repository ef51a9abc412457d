/** The release of nats-server that is fetched when none is installed. */
export const release = '2.12.4';

/** Where the project publishes its releases; the archive of one platform below it is `archiveName()`. */
export const releaseAddress = `https://github.com/nats-io/nats-server/releases/download/v${release}`;

/** SHA-256 of the archive for each platform, as `<system>-<architecture>`. The others install nats-server. */
export const checksums: Readonly<Record<string, string>> = {};

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** This platform in the words of the release: `linux-amd64`. */
export const platformName = (platform: string = process.platform, arch: string = process.arch): string =>
  `${platform}-${architectures[arch] ?? arch}`;

/** The name of a platform's archive. */
export const archiveName = (platform: string): string => `nats-server-v${release}-${platform}.tar.gz`;
