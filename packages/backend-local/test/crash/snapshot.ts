import { readdir } from 'node:fs/promises';
import type { StorageDriver } from '@storage/core/driver';
import { rootsOf } from '../../src/names/place.ts';
import { context, getText } from '../driver.ts';
import { filesBelow } from '../store.ts';

type Driver = Required<StorageDriver>;

/** Keys that scenarios use: their histories are compared even when no listing shows them. */
const keys = ['folder/a.txt', 'other/b.txt'];

/** What users see of a store, without what differs from run to run: etags, times, version ids. */
export interface Snapshot {
  /** As JSON: objects with their metadata and histories. */
  readonly objects: string;
  /** As JSON: uploads that are not completed. */
  readonly sessions: string;
}

export async function snapshot(driver: Driver, withVersions: boolean): Promise<Snapshot> {
  const { entries, prefixes } = await driver.listPage({ prefix: '', limit: 1000 }, context());
  const objects = [];
  for (const { key, size, etag } of entries) {
    const { metadata, contentType, etag: ofHead } = await driver.head({ key }, context());
    const tags = await driver.tags.get({ key }, context());
    const text = await getText(driver, key);
    objects.push({ key, size, text, metadata, contentType, tags, sameEtag: etag === ofHead });
  }
  const histories = withVersions ? await Promise.all(keys.map((key) => history(driver, key))) : [];
  const uploads = (await driver.multipart.listIncomplete?.({}, context()))?.uploads ?? [];
  const sessions = await Promise.all(uploads.map((upload) => partsOf(driver, upload)));
  return {
    objects: JSON.stringify({ objects, prefixes, histories }, undefined, 1),
    sessions: JSON.stringify(sessions),
  };
}

async function history(driver: Driver, key: string): Promise<unknown[]> {
  const { versions } = await driver.versions.list({ key, limit: 100 }, context());
  return Promise.all(
    versions.map(async ({ versionId, isCurrent, isDeleteMarker, size }) => {
      if (isDeleteMarker) return { isCurrent, isDeleteMarker };
      const { metadata, contentType } = await driver.head({ key, versionId }, context());
      return { isCurrent, size, text: await getText(driver, key, versionId), metadata, contentType };
    }),
  );
}

async function partsOf(driver: Driver, { key, uploadId }: { readonly key: string; readonly uploadId: string }) {
  const { parts } = await driver.multipart.listParts({ key, uploadId }, context());
  return { key, parts: parts.map(({ partNumber, size }) => ({ partNumber, size })) };
}

/** What is in a store that belongs to no object, version or open upload. */
export async function remains(basePath: string): Promise<string[]> {
  const roots = rootsOf(basePath);
  const relative = async (root: string): Promise<string[]> =>
    (await filesBelow(root)).map((path) => path.slice(root.length + 1));

  const data = new Set(await relative(roots.data));
  const records = (await relative(roots.metadata)).filter((path) => !data.has(path.replace(/\.json$/, '')));
  const versions = await relative(roots.versions);
  const unpaired = versions.filter((path) =>
    path.endsWith('.json') ? !versions.includes(path.slice(0, -5)) : !versions.includes(`${path}.json`),
  );
  const hidden = [...(await relative(roots.staging)), ...(await relative(roots.locks))];
  const sessions = (await relative(roots.uploads)).filter((path) => path.endsWith('/session.json'));
  const lost = (await relative(roots.uploads)).filter(
    (path) => !sessions.some((session) => path.startsWith(session.slice(0, session.indexOf('/') + 1))),
  );
  const hollow = [...(await hollowFolders(roots.data)), ...(await hollowFolders(roots.metadata))];
  return [...records, ...unpaired, ...hidden, ...lost, ...hollow];
}

async function hollowFolders(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => `${entry.parentPath}/${entry.name}`);
  const found: string[] = [];
  for (const folder of folders) if ((await readdir(folder)).length === 0) found.push(folder);
  return found;
}
