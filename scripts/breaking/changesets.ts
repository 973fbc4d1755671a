import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the pending changesets say of a package. */
export interface Pending {
  readonly major: boolean;
  /** Names of declarations whose change a changeset calls compatible, in a line `compatible: name`. */
  readonly compatible: readonly string[];
}

export function pendingOf(root: string, packageName: string): Pending {
  const folder = join(root, '.changeset');
  const files = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md')
    : [];
  const texts = files
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .filter((text) => text.includes(packageName));
  return {
    major: texts.some((text) => new RegExp(`^['"]?${packageName}['"]?: major$`, 'm').test(text)),
    compatible: texts.flatMap((text) => [...text.matchAll(/^compatible: (\S+)$/gm)].map(([, name = '']) => name)),
  };
}
