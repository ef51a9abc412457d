import type { CallTable } from '@erato/contracts/kit/call';
import { natsUsers, type NatsUser } from './permissions.js';

/** A value of the server's configuration: a literal, or `$NAME` for a variable of its environment. */
const literal = (text: string): string =>
  text.startsWith('$') && !text.startsWith('$JS') ? text : JSON.stringify(text);
/** One a line, so that a change shows as what it is. */
const list = (subjects: readonly string[]): string =>
  subjects.map((subject) => `\n          ${JSON.stringify(subject)}`).join('');

function userBlock({ user, publish, subscribe }: NatsUser, password: string): string {
  return `    {
      user: ${JSON.stringify(user)}, password: ${literal(password)}
      permissions: {
        publish: { allow: [${list(publish)}
        ] }
        subscribe: { allow: [${list(subscribe)}
        ] }
      }
    }`;
}

export interface NatsConfig {
  readonly host: string;
  readonly port: number;
  /** The folder of JetStream's files. */
  readonly storeFolder: string;
  /** The password of each user; a text that begins with `$` names a variable of the server's environment. */
  readonly passwords: Readonly<Record<string, string>>;
  /** The port on which the server tells its state by HTTP; none by default. */
  readonly monitorPort?: number;
  /** The most that JetStream keeps on the disk. */
  readonly maxFileBytes: string;
  /** Calls beside those of the contracts, which only tests have. */
  readonly calls?: readonly CallTable[];
}

/** The configuration file of a NATS server with JetStream and one user for each service. */
export function natsConfig(config: NatsConfig): string {
  const users = natsUsers(config.calls).map((user) => {
    const password = config.passwords[user.user];
    if (password === undefined) throw new Error(`there is no password for the NATS user ${user.user}`);
    return userBlock(user, password);
  });
  const monitor = config.monitorPort === undefined ? '' : `http: "${config.host}:${config.monitorPort}"\n`;
  return `# Made by erato from the contracts: changes here are overwritten.
server_name: "erato"
host: ${JSON.stringify(config.host)}
port: ${config.port}
${monitor}max_payload: 4MB
# A client that does not read is cut off before it takes the server's memory.
max_pending: 64MB
write_deadline: "10s"
jetstream: {
  store_dir: ${JSON.stringify(config.storeFolder)}
  max_memory_store: 64MB
  max_file_store: ${config.maxFileBytes}
}
authorization: {
  timeout: 5
  users: [
${users.join('\n')}
  ]
}
`;
}
