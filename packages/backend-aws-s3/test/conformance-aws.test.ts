import type { S3Access } from '@storage/conformance-tests/servers';
import { conformance } from '@storage/conformance-tests/vitest';
import { expect, inject, test } from 'vitest';
import { AwsS3Backend } from '../src/index.ts';
import { errorOf } from './bucket.ts';
import { refusal, startScriptedServer } from './scripted-server.ts';
import { harnessOf, noSymlinks } from './store.ts';

const moto = inject('moto');
const isLong = process.env['STORAGE_TESTS_LONG'] === '1';
const sourceOfMoto = 'https://github.com/getmoto/moto/blob/5.2.3/moto/s3/responses.py';

// What AWS has and MinIO has not, on an emulator of AWS.
if ('skipped' in moto) test.skip(moto.skipped);
else {
  for (const transport of isLong ? (['auto', 'sdk'] as const) : (['auto'] as const)) run(moto, transport);
}

function run(access: S3Access, transport: 'auto' | 'sdk'): void {
  const place = { service: 'aws', region: 'us-east-1', pathStyle: true } as const;
  const harness = harnessOf(access, { ...place, versions: false, transport });
  conformance({
    name: transport === 'auto' ? 'aws-s3' : 'aws-s3, by the SDK',
    harness: {
      ...harness,
      evidence: 'emulator',
      reset: async () => {
        const admin = await harness.make();
        if (!(admin instanceof AwsS3Backend)) throw new TypeError('not of this package');
        await admin.initialize();
        await admin.deletePrefix('', { allowAll: true });
        await admin.close();
      },
      deviations: {
        127: {
          title: 'mustExist',
          reason: 'moto compares the `*` of `If-Match: *` with the etag, so that a delete of what is there is refused.',
          link: sourceOfMoto,
          shows: mustExistByScript,
          evidence: 'scripted',
        },
        135: noSymlinks,
        169: { reason: 'moto takes any `If-Match` for a key that is not there.', link: sourceOfMoto },
        170: { reason: 'moto completes an upload whatever its `If-Match` says.', link: sourceOfMoto },
        179: {
          title: 'mustExist',
          reason: 'moto refuses a delete with `If-Match: *` of what is there.',
          link: sourceOfMoto,
        },
      },
    },
    areas: isLong ? ['keys', 'conditions', 'delete', 'tiers'] : ['delete', 'tiers'],
  });
}

/** What AWS documents of `If-Match: *`: 412 or 404 where there is nothing, else the object is deleted. */
async function mustExistByScript(): Promise<void> {
  const server = await startScriptedServer();
  try {
    await using backend = new AwsS3Backend({
      bucketName: 'scripted',
      region: 'us-east-1',
      endpointUrl: server.url,
      service: 'aws',
      pathStyle: true,
      accessKey: 'AKIDEXAMPLE',
      secretKey: 'secret-of-the-test',
    });
    server.answer({ status: 204 });
    await backend.delete('a', { mustExist: true });
    expect(server.asked).toMatchObject([{ method: 'DELETE', headers: { 'if-match': '*' } }]);
    for (const answer of [refusal(412, 'PreconditionFailed'), refusal(404, 'NoSuchKey')]) {
      server.answer(answer);
      expect((await errorOf(backend.delete('a', { mustExist: true }))).code).toBe('NotFound');
    }
  } finally {
    await server.close();
  }
}
