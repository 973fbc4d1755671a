import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NotHere } from './launch.ts';
import { buildOnce, cacheFolder, isExecutable, onPath } from './programs.ts';

const version = '5.2.3';
const name = `moto-${version}`;
const python = process.platform === 'win32' ? join('Scripts', 'python.exe') : join('bin', 'python');

/** How moto is started as a process. */
export interface MotoProgram {
  readonly file: string;
  readonly args: readonly string[];
}

/** `moto_server` from PATH, or moto in a Python environment of its own, which is installed once into the cache. */
export async function motoProgram(): Promise<MotoProgram> {
  const found = await onPath('moto_server');
  if (found !== undefined) return { file: found, args: [] };
  const cached = join(cacheFolder(), name);
  const environment = (await isExecutable(join(cached, python))) ? cached : await install();
  // By the module, not by the script beside it: that holds the path where it was installed first.
  return { file: join(environment, python), args: ['-m', 'moto.server'] };
}

async function install(): Promise<string> {
  const system = (await onPath('python3')) ?? (await onPath('python.exe'));
  if (system === undefined) throw new NotHere('no moto_server on PATH, and no python3 to install it with');
  return buildOnce(name, 'pip', async (folder) => {
    const environment = join(folder, 'environment');
    await run(system, ['-m', 'venv', environment]);
    const requirement = `moto[server,s3]==${version}`;
    await run(join(environment, python), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      requirement,
    ]);
    return environment;
  });
}

/** A machine without `venv`, or without a registry of packages, does not offer this way. */
async function run(file: string, args: readonly string[]): Promise<void> {
  await promisify(execFile)(file, args).catch((error: unknown) => {
    throw new NotHere(`moto ${version} could not be installed (${String(error).split('\n')[0] ?? ''})`, {
      cause: error,
    });
  });
}
