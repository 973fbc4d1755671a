import { mkdirSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runServer } from 'verdaccio';
import { type Env, run } from './run.ts';

/** A registry that has nothing of ours, and hands on everything else from the registry of this machine. */
export interface Registry {
  readonly url: string;
  /** Makes npm, and what reads its configuration, use the registry. */
  readonly env: Env;
  /** What the registry knows of a package of ours; undefined before its first release. */
  look(name: string): Promise<Packument | undefined>;
  close(): Promise<void>;
}

/** The part of a package's document that the rehearsal reads. */
interface Packument {
  readonly versions: Readonly<Record<string, unknown>>;
  readonly 'dist-tags': Readonly<Record<string, string>>;
}

/** Starts a registry that keeps what it gets below `folder`. */
export async function startRegistry(folder: string): Promise<Registry> {
  mkdirSync(folder, { recursive: true });
  const server = await listen(await serverOf(folder));
  const url = `http://localhost:${String((server.address() as AddressInfo).port)}/`;
  return {
    url,
    // npm reads the first, pnpm the second, both the third: nothing of a rehearsal may go anywhere else.
    env: { npm_config_registry: url, pnpm_config_registry: url, npm_config_userconfig: userConfig(folder, url) },
    async look(name) {
      const response = await fetch(new URL(encodeURIComponent(name), url));
      if (response.status === 404) return undefined;
      if (!response.ok) throw new Error(`the registry answers ${String(response.status)} for ${name}`);
      return (await response.json()) as Packument;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serverOf(folder: string): Promise<Server> {
  const upstream = await run('npm', ['config', 'get', 'registry'], folder);
  const everyone = { access: ['$all'], publish: ['$all'], unpublish: ['$all'] };
  const configuration = {
    storage: join(folder, 'storage'),
    self_path: folder,
    uplinks: { upstream: { url: upstream } },
    packages: {
      // No uplink: what is published under these names elsewhere is not what is rehearsed.
      '@storage/*': everyone,
      '**': { ...everyone, proxy: ['upstream'] },
    },
    log: { type: 'file', path: join(folder, 'registry.log'), format: 'json', level: 'warn' },
  };
  return (await runServer(configuration)) as Server;
}

function listen(server: Server): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // By name, not by address: consumers come as `localhost`, which may be either family.
    server.listen(0, 'localhost', () => resolve(server));
  });
}

/** npm wants a token to publish, whatever the registry asks for. */
function userConfig(folder: string, url: string): string {
  const file = join(folder, 'npmrc');
  const { host } = new URL(url);
  writeFileSync(
    file,
    `registry=${url}\n//${host}/:_authToken=rehearsal\nfund=false\naudit=false\nupdate-notifier=false\n`,
  );
  return file;
}
