import assert from 'node:assert/strict';
import type { FileVersion, SaveResult, StorageBackend } from '@storage/core';
import { absent, expectRefused } from '../assertions.ts';
import type { CaseContext, ConformanceCase } from '../case.ts';

export type Run = (context: CaseContext) => Promise<void>;

/** Every call that needs versions, refused. */
export async function refuseVersions(context: CaseContext): Promise<void> {
  const key = context.key();
  await context.backend.save(key, 'text');
  const calls: readonly ((backend: StorageBackend) => Promise<unknown>)[] = [
    (backend) => backend.getVersions(key),
    (backend) => backend.restoreVersion(key, 'v1'),
    (backend) => backend.retrieve(key, { versionId: 'v1' }),
    (backend) => backend.getMetadata(key, { versionId: 'v1' }),
    (backend) => backend.delete(key, { versionId: 'v1' }),
    (backend) => backend.copy(key, context.key('copy'), { sourceVersionId: 'v1' }),
    (backend) => backend.undelete(key),
  ];
  for (const call of calls) await expectRefused(context, key, call);
  await absent(context.backend, context.key('copy'));
}

export function versionCase(number: number, letter: string | undefined, title: string, run: Run): ConformanceCase {
  return {
    number,
    ...(letter === undefined ? {} : { letter }),
    title,
    claims: ['versions'],
    needs: (capabilities) => capabilities.versions !== false,
    refused: refuseVersions,
    run,
  };
}

/** The version that a save made, which it must tell. */
export function versionOf(saved: SaveResult): string {
  assert.equal(typeof saved.versionId, 'string', 'the result of a save names its version');
  return saved.versionId as string;
}

/** Saves bodies one after the other; resolves to their versions, oldest first. */
export async function saveAll(backend: StorageBackend, key: string, bodies: readonly string[]): Promise<string[]> {
  const versions: string[] = [];
  for (const body of bodies) versions.push(versionOf(await backend.save(key, body, { metadata: { body } })));
  return versions;
}

export async function readVersion(backend: StorageBackend, key: string, versionId: string): Promise<string> {
  return (await backend.retrieve(key, { versionId })).text();
}

/** Versions that hold bytes, without the deletions. */
export function objects(versions: readonly FileVersion[]): readonly FileVersion[] {
  return versions.filter((version) => !version.isDeleteMarker);
}
