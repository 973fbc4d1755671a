/**
 * Fails when the public API of a package breaks what it was at its last release, and no pending changeset makes that a
 * major one. The API is the committed report, `etc/*.api.md`; the last release is the tag that changesets set.
 * A change of a signature that breaks nobody is said to be so by a line of its changeset: `compatible: StorageManager.backend`.
 *
 * @param --root the repository, for the test of this check
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { pendingOf } from './breaking/changesets.ts';
import { breaksBetween } from './breaking/declarations.ts';
import { root as here, publishedPackages } from './workspace.ts';

const { values } = parseArgs({ options: { root: { type: 'string', default: here } } });
const { root } = values;

function git(...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}

/** The newest tag of a package that is no prerelease; undefined before its first release. */
function lastRelease(name: string): string | undefined {
  const tags = git('tag', '--list', `${name}@*`, '--sort=-version:refname')?.split('\n');
  return tags?.find((tag) => /@\d+\.\d+\.\d+$/.test(tag));
}

function breaksOf(folder: string, tag: string): string[] {
  const etc = relative(root, join(folder, 'etc')).replaceAll('\\', '/');
  const before = git('ls-tree', '--name-only', tag, `${etc}/`)?.split('\n').filter(Boolean) ?? [];
  const now = existsSync(join(folder, 'etc')) ? readdirSync(join(folder, 'etc')) : [];
  return before.flatMap((path) => {
    const name = path.slice(etc.length + 1);
    if (!now.includes(name)) return [`the entry of ${name} is gone`];
    return breaksBetween(git('show', `${tag}:${path}`) ?? '', readFileSync(join(folder, 'etc', name), 'utf8'));
  });
}

for (const { folder, manifest } of publishedPackages(root)) {
  const { name } = manifest;
  const tag = lastRelease(name);
  if (tag === undefined) {
    console.log(`ok      ${name}: never released, so there is nothing to break`);
    continue;
  }
  const { major, compatible } = pendingOf(root, name, { folder, version: tag.slice(name.length + 1) });
  const breaks = breaksOf(folder, tag).filter((line) => !compatible.includes(line.split(' ')[0] ?? ''));
  const fine = breaks.length === 0 || major;
  console.log(
    `${fine ? 'ok    ' : 'not ok'}  ${name}: ${String(breaks.length)} breaks since ${tag}${major ? ', and a major changeset' : ''}`,
  );
  if (fine) continue;
  for (const line of breaks) console.log(`        ${line}`);
  console.log('        Give it a major changeset, or say in one what is compatible (see the head of this script).');
  process.exitCode = 1;
}
