import { cpSync, existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { publishedPackages, root } from '../workspace.ts';
import { run } from './run.ts';

// The rehearsal commits and tags; a machine that runs it may have nobody to do so as, or somebody who signs.
const settings = [
  'user.name=Rehearsal',
  'user.email=rehearsal@example.invalid',
  'commit.gpgSign=false',
  'tag.gpgSign=false',
].flatMap((setting) => ['--config', setting]);

export interface Clone {
  readonly folder: string;
  git(...args: readonly string[]): Promise<string>;
  commit(message: string): Promise<void>;
}

/**
 * Clones this repository as it is on disk, changes that are not committed included, with its dependencies: all of them
 * where it is to be built, otherwise those that are published, among which pnpm finds the versions of the siblings.
 */
export async function cloneWorkspace(folder: string, build: boolean): Promise<Clone> {
  await run('git', ['clone', '--quiet', '--no-hardlinks', ...settings, root, folder], dirname(folder));
  const git = (...args: readonly string[]): Promise<string> => run('git', args, folder);
  const commit = async (message: string): Promise<void> => {
    await git('add', '--all');
    await git('commit', '--quiet', '--allow-empty', '--no-verify', '--message', message);
  };
  await takeWorkingChanges(folder, git);
  await commit('Take the changes that are not committed yet');
  const kind = build ? [] : ['--prod', '--ignore-scripts'];
  await run('pnpm', ['install', '--frozen-lockfile', '--prefer-offline', ...kind], folder, { CI: 'true' });
  return { folder, git, commit };
}

async function takeWorkingChanges(folder: string, git: Clone['git']): Promise<void> {
  const patch = `${folder}.patch`;
  await run('git', ['diff', 'HEAD', '--binary', '--no-color', '--no-ext-diff', `--output=${patch}`], root);
  if (statSync(patch).size > 0) await git('apply', '--whitespace=nowarn', patch);
  const untracked = await run('git', ['ls-files', '--others', '--exclude-standard', '-z'], root);
  for (const path of untracked.split('\0').filter((each) => each !== '')) cpSync(join(root, path), join(folder, path));
}

/** Takes over what is built here; the releases of a rehearsal change no code. */
export function takeBuilds({ folder }: Clone): void {
  for (const each of publishedPackages()) {
    const dist = join(each.folder, 'dist');
    if (!existsSync(dist)) throw new Error(`${each.manifest.name} is not built: run \`pnpm build\``);
    cpSync(dist, join(folder, 'packages', basename(each.folder), 'dist'), { recursive: true });
  }
}
