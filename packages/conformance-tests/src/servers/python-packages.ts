import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NotHere } from './launch.ts';
import { buildOnce, cacheFolder, isExecutable, onPath } from './programs.ts';

const python = process.platform === 'win32' ? join('Scripts', 'python.exe') : join('bin', 'python');

/**
 * The interpreter of a Python environment that has one package, which is installed once into the cache.
 *
 * @param requirement as pip takes it, its version pinned: `boto3==1.44.8`
 */
export async function pythonWith(requirement: string): Promise<string> {
  const name = requirement.replaceAll(/\[[^\]]*\]/g, '').replace('==', '-');
  const cached = join(cacheFolder(), name);
  const environment = (await isExecutable(join(cached, python))) ? cached : await install(name, requirement);
  return join(environment, python);
}

async function install(name: string, requirement: string): Promise<string> {
  const system = (await onPath('python3')) ?? (await onPath('python.exe'));
  if (system === undefined) throw new NotHere(`no python3 to install ${name} with`);
  return buildOnce(name, 'pip', async (folder) => {
    const environment = join(folder, 'environment');
    await run(name, system, ['-m', 'venv', environment]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement];
    await run(name, join(environment, python), pip);
    return environment;
  });
}

/** A machine without `venv`, or without a registry of packages, does not offer this way. */
async function run(name: string, file: string, args: readonly string[]): Promise<void> {
  await promisify(execFile)(file, args).catch((error: unknown) => {
    throw new NotHere(`${name} could not be installed (${String(error).split('\n')[0] ?? ''})`, { cause: error });
  });
}
