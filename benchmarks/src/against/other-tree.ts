import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const here = new URL('../../../', import.meta.url).pathname;
const benchmark = ['src', 'package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'];

export interface OtherTree {
  /** Its packages, measured by the benchmark of this tree. */
  readonly childPath: string;
  readonly commit: string;
  remove(): void;
}

/** Builds the packages of a git ref in a worktree with its own dependencies. */
export function buildTree(ref: string): OtherTree {
  const commit = git('rev-parse', '--short', `${ref}^{commit}`).trim();
  const folder = mkdtempSync(join(tmpdir(), 'storage-bench-against-'));
  const remove = (): void => {
    git('worktree', 'remove', '--force', folder);
    rmSync(folder, { recursive: true, force: true });
  };
  git('worktree', 'add', '--detach', '--force', folder, commit);
  process.once('exit', remove);
  console.log(`builds ${ref} (${commit})`);
  run(folder, 'pnpm', 'install', '--prefer-offline', '--frozen-lockfile');
  run(folder, 'pnpm', 'exec', 'turbo', 'run', 'build', '--filter=./packages/*');
  for (const name of benchmark) {
    rmSync(join(folder, 'benchmarks', name), { recursive: true, force: true });
    cpSync(join(here, 'benchmarks', name), join(folder, 'benchmarks', name), { recursive: true });
  }
  run(folder, 'pnpm', '--dir', 'benchmarks', 'install', '--prefer-offline', '--frozen-lockfile');
  return {
    childPath: join(folder, 'benchmarks/src/child.ts'),
    commit,
    remove: () => {
      process.off('exit', remove);
      remove();
    },
  };
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: here, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Says what it said only when it failed. */
function run(folder: string, file: string, ...args: string[]): void {
  try {
    execFileSync(file, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${file} ${args.join(' ')} failed there:\n${stdout}${stderr}`);
  }
}
