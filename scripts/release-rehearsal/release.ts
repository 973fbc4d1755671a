import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Package, publishedPackages, root } from '../workspace.ts';
import type { Registry } from './registry.ts';
import type { Release } from './releases.ts';
import { run } from './run.ts';
import type { Clone } from './scratch-clone.ts';

/** A version that a release has brought into the registry. */
export interface Published {
  readonly name: string;
  readonly version: string;
  /** What its changelog says. */
  readonly why: string;
}

export interface ReleaseOptions {
  readonly clone: Clone;
  readonly registry: Registry;
  /** Build first, as the release workflow does. */
  readonly build: boolean;
}

/** Makes one release with the commands of the release workflow, and checks what the registry then has. */
export async function make(release: Release, options: ReleaseOptions): Promise<readonly Published[]> {
  const { clone, registry, build } = options;
  const before = await versionsIn(registry);
  const tagsBefore = await tagsIn(registry);
  if (release.pre !== undefined) await changeset(options, 'pre', ...release.pre);
  for (const [name, kind] of Object.entries(release.changes)) change(clone, name, kind, release.step);
  await clone.commit(`Change something: ${release.step}`);
  await changeset(options, 'version');
  await clone.commit(`Version packages: ${release.step}`);
  if (build) await run('pnpm', ['run', 'build'], clone.folder, { CI: 'true' });
  await changeset(options, 'publish');

  const after = await versionsIn(registry);
  const published = publishedPackages().flatMap((each) =>
    [...(after.get(each.manifest.name) ?? [])]
      .filter((version) => before.get(each.manifest.name)?.has(version) !== true)
      .map((version) => ({ name: each.manifest.name, version, why: changelogOf(clone, each, version) })),
  );
  check(release, published, tagsBefore, await tagsIn(registry));
  return published;
}

/** The program that this repository has installed, at work in the clone. */
async function changeset({ clone, registry }: ReleaseOptions, ...args: readonly string[]): Promise<void> {
  const bin = join(root, 'node_modules', '@changesets', 'cli', 'bin.js');
  await run(process.execPath, [bin, ...args], clone.folder, { ...registry.env, CI: 'true' });
}

/** A change that users get (README files are published), with the changeset that announces it. */
function change({ folder }: Clone, name: string, kind: string, step: string): void {
  const found = publishedPackages().find(({ manifest }) => manifest.name === name);
  if (found === undefined) throw new Error(`${name} is not published`);
  appendFileSync(join(folder, 'packages', basename(found.folder), 'README.md'), `\n<!-- ${step} -->\n`);
  writeFileSync(
    join(folder, '.changeset', `${step.replaceAll(/[^a-z0-9]+/g, '-')}.md`),
    `---\n'${name}': ${kind}\n---\n\nRehearse a ${step}.\n`,
  );
}

/** The section of a version in its changelog, in one line. */
function changelogOf({ folder }: Clone, { folder: own, manifest }: Package, version: string): string {
  const file = join(folder, 'packages', basename(own), 'CHANGELOG.md');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const section = text.split(/^## /m).find((each) => each.startsWith(`${version}\n`));
  if (section === undefined) throw new Error(`the changelog of ${manifest.name} has nothing on ${version}`);
  return section
    .split('\n')
    .slice(1)
    .map((line) =>
      line
        .trim()
        .replace(/^- (?:[0-9a-f]{7}: )?/, '')
        .replace(/ \[[0-9a-f, ]+\]$/, ''),
    )
    .filter((line) => line !== '')
    .map((line) => (line.startsWith('### ') ? `${line.slice('### '.length).replace(' Changes', '')}:` : line))
    .join(' ');
}

function check({ step, publishes, tag }: Release, published: readonly Published[], tagsBefore: Tags, tags: Tags): void {
  const got = published.map(({ name }) => name).toSorted();
  const wanted = publishes.toSorted();
  if (got.join() !== wanted.join()) {
    throw new Error(`${step}: published ${got.join(', ') || 'nothing'}, not ${wanted.join(', ')}`);
  }
  for (const { name, version } of published) {
    if (version.startsWith('0.'))
      throw new Error(`${step}: ${name}@${version} is not 1.0.0 or later; name it in a changeset`);
    if (tags.get(name)?.[tag] !== version) throw new Error(`${step}: the tag ${tag} of ${name} is not ${version}`);
    if (tag !== 'latest' && tags.get(name)?.['latest'] !== tagsBefore.get(name)?.['latest']) {
      throw new Error(`${step}: the tag latest of ${name} has moved`);
    }
  }
}

type Tags = ReadonlyMap<string, Readonly<Record<string, string>>>;

async function tagsIn(registry: Registry): Promise<Tags> {
  const documents = await lookAtAll(registry);
  return new Map(documents.map(([name, document]) => [name, document?.['dist-tags'] ?? {}]));
}

async function versionsIn(registry: Registry): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const documents = await lookAtAll(registry);
  return new Map(documents.map(([name, document]) => [name, new Set(Object.keys(document?.versions ?? {}))]));
}

function lookAtAll(registry: Registry): Promise<[string, Awaited<ReturnType<Registry['look']>>][]> {
  return Promise.all(publishedPackages().map(async ({ manifest: { name } }) => [name, await registry.look(name)]));
}
