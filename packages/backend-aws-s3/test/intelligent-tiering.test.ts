import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AwsS3Backend, type AwsS3Options, type IntelligentTieringConfiguration } from '../src/index.ts';
import { checkIntelligentTiering } from '../src/intelligent-tiering-check.ts';
import { errorOf } from './bucket.ts';
import { refusal, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

// No emulator has these calls: the answers are those that AWS documents.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketIntelligentTieringConfiguration.html

let server: ScriptedServer;
beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.close());

function make(options: Partial<AwsS3Options> = {}): AwsS3Backend {
  return new AwsS3Backend({
    bucketName: 'scripted',
    region: 'us-east-1',
    endpointUrl: server.url,
    service: 'aws',
    pathStyle: true,
    accessKey: 'AKIDEXAMPLE',
    secretKey: 'secret-of-the-test',
    retry: false,
    ...options,
  });
}

const rule: IntelligentTieringConfiguration = {
  Id: 'OldReports',
  Status: 'Enabled',
  Filter: { And: { Prefix: 'reports/', Tags: [{ Key: 'k', Value: 'v' }] } },
  Tierings: [
    { AccessTier: 'ARCHIVE_ACCESS', Days: 90 },
    { AccessTier: 'DEEP_ARCHIVE_ACCESS', Days: 180 },
  ],
};

const page = (id: string, next: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><ListBucketIntelligentTieringConfigurationsOutput>${next}<IntelligentTieringConfiguration><Id>${id}</Id><Filter><And><Prefix>reports/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter><Status>Enabled</Status><Tiering><AccessTier>ARCHIVE_ACCESS</AccessTier><Days>90</Days></Tiering><Tiering><AccessTier>DEEP_ARCHIVE_ACCESS</AccessTier><Days>180</Days></Tiering></IntelligentTieringConfiguration></ListBucketIntelligentTieringConfigurationsOutput>`;

test('a configuration is put by its Id, with its filter and its tierings', async () => {
  await using backend = make();
  server.answer({ status: 200 });
  await backend.setIntelligentTiering(rule);
  const [asked] = server.asked;
  expect(asked?.method).toBe('PUT');
  const { pathname, searchParams } = new URL(String(asked?.url), server.url);
  expect(pathname).toMatch(/^\/scripted\/?$/);
  expect(searchParams.has('intelligent-tiering')).toBe(true);
  expect(searchParams.get('id')).toBe('OldReports');
  expect(asked?.body).toContain('<Prefix>reports/</Prefix>');
  expect(asked?.body).toContain('<Key>k</Key><Value>v</Value>');
  expect(asked?.body).toMatch(/<Tiering>(?:<Days>90<\/Days>|<AccessTier>ARCHIVE_ACCESS<\/AccessTier>){2}<\/Tiering>/);
});

test('all configurations are read, page by page', async () => {
  await using backend = make();
  const next = '<IsTruncated>true</IsTruncated><NextContinuationToken>more</NextContinuationToken>';
  server.answer(
    { status: 200, body: page('OldReports', next) },
    { status: 200, body: page('b', '<IsTruncated>false</IsTruncated>') },
  );
  expect(await backend.getIntelligentTiering()).toEqual([rule, { ...rule, Id: 'b' }]);
  expect(server.asked[1]?.url).toContain('continuation-token=more');
});

test('none is an empty array, and removing what is not there resolves', async () => {
  await using backend = make();
  const none =
    '<ListBucketIntelligentTieringConfigurationsOutput><IsTruncated>false</IsTruncated></ListBucketIntelligentTieringConfigurationsOutput>';
  server.answer({ status: 200, body: none }, { status: 204 }, refusal(404, 'NoSuchConfiguration'));
  expect(await backend.getIntelligentTiering()).toEqual([]);
  await backend.deleteIntelligentTiering('OldReports');
  await backend.deleteIntelligentTiering('OldReports');
  expect(server.asked.map(({ method }) => method)).toEqual(['GET', 'DELETE', 'DELETE']);
  expect(server.asked[1]?.url).toContain('id=OldReports');
});

test('what AWS refuses is told by its code', async () => {
  await using backend = make();
  server.answer(refusal(403, 'AccessDenied'), refusal(404, 'NoSuchBucket'));
  expect((await errorOf(backend.setIntelligentTiering(rule))).code).toBe('PermissionDenied');
  expect((await errorOf(backend.deleteIntelligentTiering('a'))).code).toBe('BucketNotFound');
});

test('bad input, another service and an access point are refused before any request', async () => {
  server.answer();
  await using backend = make();
  const bad = await errorOf(backend.setIntelligentTiering({ ...rule, Tierings: [] }));
  expect(bad).toMatchObject({ code: 'InvalidArgument', operation: 'setIntelligentTiering' });
  expect((await errorOf(backend.deleteIntelligentTiering(''))).code).toBe('InvalidArgument');
  await using generic = make({ service: 'generic' });
  for (const call of [
    generic.setIntelligentTiering(rule),
    generic.getIntelligentTiering(),
    generic.deleteIntelligentTiering('a'),
  ]) {
    expect(await errorOf(call)).toMatchObject({ code: 'Unsupported' });
  }
  await using point = make({
    bucketName: 'arn:aws:s3:us-east-1:123456789012:accesspoint/point',
    endpointUrl: undefined,
    pathStyle: undefined,
  });
  for (const call of [point.getIntelligentTiering(), point.enableVersioning(), point.getLifecycleRules()]) {
    const error = await errorOf(call);
    expect(error).toMatchObject({ code: 'Unsupported', httpStatus: undefined });
    expect(error.message).toContain('access point');
  }
  expect(server.asked).toEqual([]);
});

describe('refused, and said why:', () => {
  const archive = { AccessTier: 'ARCHIVE_ACCESS', Days: 90 };
  test.each([
    [null, 'must be an object'],
    [{ ...rule, Id: '' }, 'Id must be a string'],
    [{ ...rule, Name: 'a' }, 'Name is none of Id, Status, Filter, Tierings'],
    [{ ...rule, Status: 'on' }, 'Status must be Enabled or Disabled'],
    [{ ...rule, Filter: {} }, 'Filter must have one of'],
    [{ ...rule, Filter: { Prefix: 'a', Tag: { Key: 'k', Value: 'v' } } }, 'Filter must have one of'],
    [{ ...rule, Filter: { ObjectSizeGreaterThan: 1 } }, 'Filter must have one of'],
    [{ ...rule, Tierings: undefined }, 'Tierings must be an array'],
    [{ ...rule, Tierings: [null] }, 'AccessTier must be ARCHIVE_ACCESS or DEEP_ARCHIVE_ACCESS'],
    [{ ...rule, Tierings: [archive, archive] }, 'ARCHIVE_ACCESS is there twice'],
    [{ ...rule, Tierings: [{ ...archive, Days: 89 }] }, '90 to 730'],
    [{ ...rule, Tierings: [{ ...archive, Days: 90.5 }] }, '90 to 730'],
    [{ ...rule, Tierings: [{ AccessTier: 'DEEP_ARCHIVE_ACCESS', Days: 179 }] }, '180 to 730'],
    [{ ...rule, Tierings: [{ AccessTier: 'DEEP_ARCHIVE_ACCESS', Days: 731 }] }, '180 to 730'],
  ])('%j', (bad, message) => {
    expect(() => checkIntelligentTiering(bad)).toThrow(message);
  });
});
