/** Compiled, never run: an option that a backend does not claim must not compile, and every backend is a StorageBackend. */
import type { Capabilities, StorageBackend } from '../../src/index.ts';

type Poor = Capabilities & {
  readonly ifAbsentPut: false;
  readonly ifMatchPut: false;
  readonly ifNoneMatchPut: false;
  readonly ifMatchDelete: false;
  readonly mustExistDelete: false;
  readonly ifAbsentCopy: false;
  readonly versions: false;
  readonly tags: false;
  readonly tiers: false;
  readonly modifiedSinceRead: false;
};
type Rich = Capabilities & {
  readonly ifAbsentPut: true;
  readonly ifMatchPut: true;
  readonly ifMatchDelete: true;
  readonly mustExistDelete: true;
  readonly versions: 'native';
  readonly tags: true;
  readonly tiers: readonly ['hot', 'cold'];
};

export async function optionsFollowClaims(poor: StorageBackend<Poor>, rich: StorageBackend<Rich>): Promise<void> {
  await rich.save('k', 'v', { ifAbsent: true, tags: { a: 'b' }, tier: 'hot' });
  await rich.delete('k', { ifMatch: '"e"', versionId: '1' });
  await rich.retrieve('k', { versionId: '1' });

  // @ts-expect-error ifAbsent is not claimed
  await poor.save('k', 'v', { ifAbsent: true });
  // @ts-expect-error tags are not claimed
  await poor.save('k', 'v', { tags: { a: 'b' } });
  // @ts-expect-error tiers are not claimed
  await poor.save('k', 'v', { tier: 'hot' });
  // @ts-expect-error a conditional delete is not claimed
  await poor.delete('k', { ifMatch: '"e"' });
  // @ts-expect-error versions are not claimed
  await poor.retrieve('k', { versionId: '1' });
  // @ts-expect-error a create-only copy is not claimed
  await poor.copy('a', 'b', { ifAbsent: true });
  // @ts-expect-error no such option
  await rich.save('k', 'v', { contentTyp: 'text/plain' });
}

export function everyBackendIsAStorageBackend(
  poor: StorageBackend<Poor>,
  rich: StorageBackend<Rich>,
): StorageBackend[] {
  return [poor, rich];
}
