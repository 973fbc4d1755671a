import { describe, expect, test } from 'vitest';
import type { MinioLifecycleRule } from '../src/index.ts';
import { checkMinioRules } from '../src/lifecycle-check.ts';
import { errorOf, isSkipped, newBackend } from './bucket.ts';

const oldVersions = {
  ID: 'DeleteOldVersions',
  Status: 'Enabled',
  NoncurrentVersionExpiration: { NoncurrentDays: 30 },
} as const;

test.skipIf(isSkipped())('rules are set, replaced, read and removed', async () => {
  await using backend = newBackend();
  await backend.save('a', 'text');
  expect(await backend.getLifecycleRules()).toEqual([]);
  await backend.setLifecycleRules([oldVersions]);
  expect(await backend.getLifecycleRules()).toEqual([oldVersions]);

  const others: MinioLifecycleRule[] = [
    { ID: 'logs', Status: 'Enabled', Filter: { Prefix: 'logs/' }, Expiration: { Days: 7 } },
    { ID: 'tagged', Status: 'Disabled', Filter: { Tag: { Key: 'k', Value: 'v' } }, Expiration: { Days: 1 } },
    { ID: 'few', Status: 'Enabled', NoncurrentVersionExpiration: { NewerNoncurrentVersions: 3 } },
  ];
  await backend.setLifecycleRules(others);
  const kept = await backend.getLifecycleRules();
  expect(kept.map(({ ID }) => ID)).toEqual(['logs', 'tagged', 'few']);
  expect(kept).toMatchObject(others);

  await backend.deleteLifecycleRules();
  await backend.deleteLifecycleRules();
  expect(await backend.getLifecycleRules()).toEqual([]);
});

test.skipIf(isSkipped())(
  'a rule that MinIO would drop is refused before anything is sent, and changes nothing',
  async () => {
    await using backend = newBackend();
    await backend.setLifecycleRules([oldVersions]);
    const dropped = { ID: 'uploads', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } };
    const error = await errorOf(backend.setLifecycleRules([oldVersions, dropped as MinioLifecycleRule]));
    expect(error).toMatchObject({ code: 'InvalidArgument', operation: 'setLifecycleRules', httpStatus: undefined });
    expect(error.message).toContain('rule "uploads" has AbortIncompleteMultipartUpload, which MinIO drops');
    expect(await backend.getLifecycleRules()).toEqual([oldVersions]);
  },
);

test.skipIf(isSkipped())('a transition to a tier that the server does not have is refused by it', async () => {
  await using backend = newBackend();
  const rule = { ID: 'cold', Status: 'Enabled', Transitions: [{ Days: 1, StorageClass: 'COLD' }] };
  const error = await errorOf(backend.setLifecycleRules([rule as unknown as MinioLifecycleRule]));
  expect(error).toMatchObject({ code: 'InvalidArgument', providerCode: 'InvalidStorageClass' });
});

describe('refused, and said why:', () => {
  const rule = (more: object): object => ({ ID: 'r', Status: 'Enabled', Expiration: { Days: 1 }, ...more });
  test.each([
    [undefined, 'the rules must be an array'],
    [[], 'deleteLifecycleRules() removes all'],
    [Array.from({ length: 1001 }, () => ({})), '1001 rules'],
    [['x'], 'rule 1 is not an object'],
    [[rule({}), rule({})], 'rule "r" has the ID of a rule before it'],
    [[rule({ ID: 'x'.repeat(256) })], 'needs an ID of 1 to 255 characters'],
    [[rule({ Status: 'on' })], 'rule "r" needs the Status Enabled or Disabled'],
    [[{ Status: 'Enabled', Filter: { Prefix: 'a' } }], 'rule 1 has no action'],
    [[rule({ Prefix: 'a', Filter: { Prefix: 'a' } })], 'has both Prefix and Filter'],
    [[rule({ Expiry: 1 })], 'rule "r" has Expiry, which is none of ID, Status'],
    [[rule({ Transition: {} })], 'has Transition, which is called Transitions'],
    [[rule({ Expiration: {} })], 'needs one of Expiration.Days'],
    [[rule({ Expiration: { Days: 0 } })], 'needs whole Expiration.Days above 0'],
    [[rule({ Expiration: { Days: 1, ExpiredObjectDeleteMarker: true } })], 'needs one of Expiration.Days'],
    [[rule({ Expiration: { Date: new Date('2030-01-01T01:00:00Z') } })], 'at midnight UTC'],
    [[rule({ NoncurrentVersionExpiration: {} })], 'needs NoncurrentVersionExpiration.NoncurrentDays'],
    [[rule({ NoncurrentVersionExpiration: { NoncurrentDays: 1.5 } })], 'whole and above 0'],
    [[rule({ Transitions: [] })], 'needs exactly one of Transitions'],
    [[rule({ Transitions: [{ Days: 1 }] })], 'the name of a remote tier'],
    [[rule({ Transitions: [{ Days: 1, StorageClass: 'lower' }] })], 'the name of a remote tier'],
  ])('%j', (rules, message) => {
    expect(() => checkMinioRules(rules)).toThrow(message);
  });
});
