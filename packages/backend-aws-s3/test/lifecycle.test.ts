import { describe, expect, inject, test } from 'vitest';
import type { LifecycleRule } from '../src/index.ts';
import { checkAwsRules } from '../src/lifecycle-check.ts';
import { errorOf, newBackend } from './bucket.ts';

const oldVersions = {
  ID: 'DeleteOldVersions',
  Status: 'Enabled',
  NoncurrentVersionExpiration: { NoncurrentDays: 30 },
} as const satisfies LifecycleRule;
const logs = { ID: 'logs', Status: 'Enabled', Filter: { Prefix: 'logs/' }, Expiration: { Days: 7 } } as const;
const tagged = {
  ID: 'tagged',
  Status: 'Disabled',
  Filter: { Tag: { Key: 'k', Value: 'v' } },
  Expiration: { Days: 1 },
} as const;

const servers = [
  ['MinIO, as another service', inject('minio'), 'generic'],
  ['moto, as AWS', inject('moto'), 'aws'],
] as const;

describe.each(servers)('on %s', (_name, server, service) => {
  test.skipIf('skipped' in server)('rules are set, replaced, read and removed', async () => {
    if ('skipped' in server) return;
    await using backend = newBackend(server, { service });
    await backend.save('a', 'text');
    expect(await backend.getLifecycleRules()).toEqual([]);
    await backend.setLifecycleRules([oldVersions]);
    expect(await backend.getLifecycleRules()).toMatchObject([oldVersions]);

    await backend.setLifecycleRules([logs, tagged]);
    const kept = await backend.getLifecycleRules();
    expect(kept.map(({ ID }) => ID)).toEqual(['logs', 'tagged']);
    expect(kept).toMatchObject([logs, tagged]);

    await backend.deleteLifecycleRules();
    await backend.deleteLifecycleRules();
    expect(await backend.getLifecycleRules()).toEqual([]);
  });

  test.skipIf('skipped' in server)('a rule that is refused changes nothing, and was not sent', async () => {
    if ('skipped' in server) return;
    await using backend = newBackend(server, { service });
    await backend.setLifecycleRules([logs]);
    const never = { ID: 'never', Status: 'Enabled', Expiration: { Days: 0 } } as const;
    const error = await errorOf(backend.setLifecycleRules([never]));
    expect(error).toMatchObject({ code: 'InvalidArgument', operation: 'setLifecycleRules', httpStatus: undefined });
    expect(error.message).toContain('rule "never" needs whole Expiration.Days above 0');
    expect(await backend.getLifecycleRules()).toMatchObject([logs]);
  });

  test.skipIf('skipped' in server)('of a bucket that is not there they are refused', async () => {
    if ('skipped' in server) return;
    await using missing = newBackend(server, { service, createBucket: false });
    expect((await errorOf(missing.setLifecycleRules([logs]))).code).toBe('BucketNotFound');
    expect((await errorOf(missing.getLifecycleRules())).code).toBe('BucketNotFound');
    expect((await errorOf(missing.deleteLifecycleRules())).code).toBe('BucketNotFound');
  });
});

test.skipIf('skipped' in inject('moto'))(
  'what AWS has and MinIO has not is kept: classes, unfinished uploads',
  async () => {
    const moto = inject('moto');
    if ('skipped' in moto) return;
    await using backend = newBackend(moto, { service: 'aws' });
    const rules = [
      {
        ID: 'cold',
        Status: 'Enabled',
        Filter: { And: { Prefix: 'reports/', Tags: [{ Key: 'k', Value: 'v' }] } },
        Transitions: [
          { Days: 30, StorageClass: 'STANDARD_IA' },
          { Days: 90, StorageClass: 'GLACIER' },
        ],
      },
      {
        ID: 'uploads',
        Status: 'Enabled',
        Filter: { Prefix: '' },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
    ] satisfies LifecycleRule[];
    await backend.setLifecycleRules(rules);
    expect(await backend.getLifecycleRules()).toMatchObject(rules);
  },
);

test('a rule without a filter is sent as one of the whole bucket, which AWS wants to be told', () => {
  expect(checkAwsRules([oldVersions], 'aws')).toEqual([{ ...oldVersions, Filter: { Prefix: '' } }]);
  expect(checkAwsRules([logs], 'aws')).toEqual([logs]);
  const old = { ID: 'old', Status: 'Enabled', Prefix: 'a', Expiration: { Days: 1 } };
  expect(checkAwsRules([old], 'aws')).toEqual([old]);
});

describe('refused of AWS, and said why:', () => {
  const rule = (more: object): object => ({ ID: 'r', Status: 'Enabled', ...more });
  const to = (transition: object): object => rule({ Transitions: [transition] });
  const later = (transition: object): object => rule({ NoncurrentVersionTransitions: [transition] });
  const uploads = { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } };
  const tags = { Filter: { And: { Tags: [{ Key: 'k', Value: 'v' }] } } };
  test.each([
    [rule({}), 'AbortIncompleteMultipartUpload'],
    [rule({ Expiration: { Days: 1 }, Filter: { Prefix: 'a', Tag: { Key: 'k', Value: 'v' } } }), 'Filter.And'],
    [
      rule({ NoncurrentVersionExpiration: { NewerNoncurrentVersions: 3 } }),
      'NoncurrentVersionExpiration.NoncurrentDays',
    ],
    [rule({ NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 101 } }), 'at most 100'],
    [rule({ AbortIncompleteMultipartUpload: {} }), 'DaysAfterInitiation above 0'],
    [rule({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 0 } }), 'DaysAfterInitiation above 0'],
    [rule({ ...uploads, ...tags }), 'no tag can choose'],
    [rule({ Expiration: { ExpiredObjectDeleteMarker: true }, ...tags }), 'no tag can choose'],
    [rule({ Transitions: [] }), 'Transitions as an array that is not empty'],
    [to({ StorageClass: 'GLACIER' }), 'Transitions[0] with either Days or Date'],
    [to({ Days: 1, Date: new Date(0), StorageClass: 'GLACIER' }), 'with either Days or Date'],
    [to({ Date: new Date('2030-01-01T01:00:00Z'), StorageClass: 'GLACIER' }), 'at midnight UTC'],
    [to({ Days: -1, StorageClass: 'GLACIER' }), 'with whole Days'],
    [to({ Days: 1, StorageClass: 'COLD' }), 'a StorageClass of STANDARD_IA'],
    [to({ Days: 29, StorageClass: 'ONEZONE_IA' }), 'after 30 days or more'],
    [later({ StorageClass: 'GLACIER' }), 'NoncurrentVersionTransitions[0] with whole NoncurrentDays'],
    [later({ NoncurrentDays: 1, NewerNoncurrentVersions: 0, StorageClass: 'GLACIER' }), '1 to 100'],
    [later({ NoncurrentDays: 29, StorageClass: 'STANDARD_IA' }), 'after 30 days or more'],
  ])('%j', (bad, message) => {
    expect(() => checkAwsRules([bad], 'aws')).toThrow(message);
  });
});
