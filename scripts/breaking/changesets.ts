import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The last release of a package, and where the package is. */
export interface Release {
  readonly folder: string;
  readonly version: string;
}

/** What the pending changesets say of a package. */
export interface Pending {
  readonly major: boolean;
  /** Names of declarations whose change a changeset calls compatible, in a line `compatible: name`. */
  readonly compatible: readonly string[];
}

/** Reads the changesets, those of a prerelease too, and the changelog, to which `changeset version` has moved others. */
export function pendingOf(root: string, packageName: string, release: Release): Pending {
  const folder = join(root, '.changeset');
  const files = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
        (name) => name.endsWith('.md') && name !== 'README.md',
      )
    : [];
  const texts = files
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .filter((text) => text.includes(packageName));
  const made = changelogSince(release);
  return {
    major:
      made.includes('### Major Changes') ||
      texts.some((text) => new RegExp(`^['"]?${packageName}['"]?: major$`, 'm').test(text)),
    compatible: [made, ...texts].flatMap((text) =>
      [...text.matchAll(/^\s*(?:- (?:\w+: )?)?compatible: (\S+)$/gm)].map(([, name = '']) => name),
    ),
  };
}

/** The part of the changelog that is newer than the release. */
function changelogSince({ folder, version }: Release): string {
  const file = join(folder, 'CHANGELOG.md');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const end = text.search(new RegExp(`^## ${version.replaceAll('.', '\\.')}$`, 'm'));
  return end === -1 ? '' : text.slice(0, end);
}
