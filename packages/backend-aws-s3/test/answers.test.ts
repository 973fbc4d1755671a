import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { AwsS3Backend, type AwsS3Options } from '../src/index.ts';
import { errorOf } from './bucket.ts';
import { type Answer, found, refusal, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

// What no emulator shows: the answers that AWS documents, one by one.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html

let server: ScriptedServer;
beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.close());

describe.each(['sdk', 'direct'] as const)("transport: '%s'", (transport) => {
  const opened: AwsS3Backend[] = [];
  afterEach(async () => {
    for (const backend of opened.splice(0)) await backend.close();
  });

  function make(options: Partial<AwsS3Options> = {}): AwsS3Backend {
    const keys = options.credentials === undefined ? { accessKey: 'AKIDEXAMPLE', secretKey: 'secret-of-the-test' } : {};
    const backend = new AwsS3Backend({
      bucketName: 'scripted',
      region: 'us-east-1',
      endpointUrl: server.url,
      service: 'aws',
      pathStyle: true,
      transport,
      retry: { attempts: 2, baseDelayMs: 1, throttledDelayMs: 1 },
      ...keys,
      ...options,
    });
    opened.push(backend);
    return backend;
  }

  describe('a bucket of another owner', () => {
    // Names of buckets are shared by everybody.
    test('that is found when it should be created is PermissionDenied, and says to set another name', async () => {
      server.answer(refusal(404, 'NoSuchBucket'), refusal(409, 'BucketAlreadyExists'));
      const error = await errorOf(make({ createBucket: true }).save('a', 'text'));
      expect(error).toMatchObject({ code: 'PermissionDenied', retryable: 'no', providerCode: 'BucketAlreadyExists' });
      expect(error.message).toContain('set another bucketName');
      expect(server.asked.map(({ method }) => method)).toEqual(['PUT', 'PUT']);
    });

    test('that it created itself a moment ago is as good as a new one', async () => {
      const stored = { status: 200, headers: { etag: '"e"' } };
      server.answer(refusal(404, 'NoSuchBucket'), refusal(409, 'BucketAlreadyOwnedByYou'), stored);
      await make({ createBucket: true }).save('a', 'text');
      expect(server.asked).toHaveLength(3);
    });

    test('that may not be used is PermissionDenied, of every call', async () => {
      const denied = refusal(403, 'AccessDenied');
      const calls: Record<string, (backend: AwsS3Backend) => Promise<unknown>> = {
        initialize: (backend) => backend.initialize(),
        save: (backend) => backend.save('a', 'text'),
        retrieve: (backend) => backend.retrieve('a'),
        listFiles: (backend) => backend.listFiles(),
        enableVersioning: (backend) => backend.enableVersioning(),
      };
      for (const [name, call] of Object.entries(calls)) {
        server.answer(denied);
        expect(await errorOf(call(make())), name).toMatchObject({ code: 'PermissionDenied', attempts: 1 });
      }
    });

    test('whose HEAD answers 403 without a body is PermissionDenied too', async () => {
      server.answer({ status: 403 }, refusal(403, 'AccessDenied'));
      expect((await errorOf(make().exists('a'))).code).toBe('PermissionDenied');
      // The object's HEAD says 404 and that of the bucket, asked to tell which of the two is missing, 403.
      server.answer({ status: 404 }, { status: 403 });
      expect((await errorOf(make().exists('a'))).code).toBe('PermissionDenied');
      expect(server.asked.map(({ method, url }) => [method, url])).toEqual([
        ['HEAD', '/scripted/a'],
        ['HEAD', transport === 'sdk' ? '/scripted/' : '/scripted'],
      ]);
    });
  });

  describe('a conditional delete', () => {
    test('sends If-Match, and tells what did not hold', async () => {
      const backend = make();
      server.answer({ status: 204 });
      await backend.delete('a', { ifMatch: '"e"' });
      expect(server.asked).toMatchObject([{ method: 'DELETE', headers: { 'if-match': '"e"' } }]);

      server.answer(refusal(412, 'PreconditionFailed'));
      expect((await errorOf(backend.delete('a', { ifMatch: '"e"' }))).code).toBe('PreconditionFailed');
      server.answer(refusal(404, 'NoSuchKey'));
      expect((await errorOf(backend.delete('a', { ifMatch: '"e"' }))).code).toBe('PreconditionFailed');
    });

    test.each<[number, string]>([
      [404, 'NoSuchKey'],
      [412, 'PreconditionFailed'],
    ])('mustExist of a missing key, answered %i, is NotFound', async (status, code) => {
      server.answer(refusal(status, code));
      expect((await errorOf(make().delete('a', { mustExist: true }))).code).toBe('NotFound');
      expect(server.asked).toMatchObject([{ headers: { 'if-match': '*' } }]);
    });

    test('409 ConditionalRequestConflict is tried again, and else Conflict', async () => {
      server.answer(refusal(409, 'ConditionalRequestConflict'), { status: 204 });
      await make().delete('a', { ifMatch: '"e"' });
      expect(server.asked).toHaveLength(2);
      server.answer(refusal(409, 'ConditionalRequestConflict'), refusal(409, 'ConditionalRequestConflict'));
      expect(await errorOf(make().delete('a', { ifMatch: '"e"' }))).toMatchObject({ code: 'Conflict', attempts: 2 });
    });
  });

  describe('throttling', () => {
    test.each<[string, Answer]>([
      ['503 SlowDown', refusal(503, 'SlowDown')],
      ['KMS', refusal(400, 'KMS.ThrottlingException')],
      ['KMS, by its other name', refusal(400, 'ThrottlingException')],
    ])('%s is tried again, slower, and else Throttled', async (_name, answer) => {
      server.answer(answer, { status: 200, headers: { etag: '"e"' } });
      await make().save('a', 'text');
      expect(server.asked).toHaveLength(2);
      server.answer(answer, answer);
      expect(await errorOf(make().save('a', 'text'))).toMatchObject({ code: 'Throttled', attempts: 2 });
    });
  });

  describe('the key service', () => {
    test.each(['KMS.NotFoundException', 'KMS.DisabledException', 'KMS.KMSInvalidStateException'])(
      '%s is InvalidConfig, and names kmsKeyId',
      async (code) => {
        server.answer(refusal(400, code));
        const error = await errorOf(make().save('a', 'text', { sse: 'aws:kms', kmsKeyId: 'alias/gone' }));
        expect(error).toMatchObject({ code: 'InvalidConfig', attempts: 1, providerCode: code });
        expect(error.message).toContain('kmsKeyId');
      },
    );
  });

  describe('a restore', () => {
    const archived = found({ 'x-amz-storage-class': 'GLACIER' });
    const restoring = found({ 'x-amz-storage-class': 'GLACIER', 'x-amz-restore': 'ongoing-request="true"' });

    test('that is in progress already resolves with where it stands', async () => {
      server.answer(archived, refusal(409, 'RestoreAlreadyInProgress'), restoring);
      const { archive } = await make().restoreFromGlacier('a', { days: 2, tier: 'Bulk' });
      expect(archive).toEqual({ status: 'restoring' });
      const [, request] = server.asked;
      expect(request).toMatchObject({ method: 'POST', url: expect.stringMatching(/^\/scripted\/a\?restore/) });
      expect(request?.body).toContain('<Days>2</Days>');
      expect(request?.body).toContain('<Tier>Bulk</Tier>');
    });

    test('for which Expedited has no room now names the other way', async () => {
      server.answer(archived, archived, refusal(503, 'GlacierExpeditedRetrievalNotAvailable'));
      const error = await errorOf(make().restoreFromGlacier('a'));
      expect(error).toMatchObject({ code: 'Unavailable', attempts: 1 });
      expect(error.message).toContain("tier: 'Standard'");
      expect(server.asked[2]?.body).toContain('<Tier>Expedited</Tier>');
    });

    test('from DEEP_ARCHIVE, which has no Expedited, is Standard', async () => {
      const deep = found({ 'x-amz-storage-class': 'DEEP_ARCHIVE' });
      server.answer(deep, deep, { status: 202 }, restoring);
      await make().restoreFromGlacier('a');
      expect(server.asked[2]?.body).toContain('<Tier>Standard</Tier>');
    });

    test('from an archive of INTELLIGENT_TIERING is for good: without days', async () => {
      const headers = { 'x-amz-storage-class': 'INTELLIGENT_TIERING', 'x-amz-archive-status': 'ARCHIVE_ACCESS' };
      server.answer(found(headers), { status: 202 }, found({ ...headers, 'x-amz-restore': 'ongoing-request="true"' }));
      const { archive } = await make().restoreFromGlacier('a', { tier: 'Standard' });
      expect(archive).toEqual({ status: 'restoring' });
      expect(server.asked[1]?.body).not.toContain('Days');
    });

    test('is waited for until the signal or the deadline', async () => {
      const reason = new Error('enough');
      const controller = new AbortController();
      // A question that is asked in the last millisecond is answered too.
      server.answer(restoring, restoring, restoring, restoring);
      const backend = make();
      const onProgress = (): void => controller.abort(reason);
      const aborted = await errorOf(backend.waitUntilRestored('a', { signal: controller.signal, onProgress }));
      expect(aborted).toMatchObject({ code: 'Aborted', cause: reason });
      expect((await errorOf(backend.waitUntilRestored('a', { timeoutMs: 50 }))).code).toBe('Timeout');
    });

    test('with a priority that there is not is refused before it is asked for', async () => {
      server.answer(archived);
      expect((await errorOf(make().restoreArchived('a', { priority: 'Now' }))).code).toBe('InvalidArgument');
      expect(server.asked.map(({ method }) => method)).toEqual(['HEAD']);
    });
  });

  test('reading an archived object is Archived, and names both calls that help', async () => {
    server.answer(refusal(403, 'InvalidObjectState', { StorageClass: 'GLACIER' }));
    const error = await errorOf(make().retrieve('a'));
    expect(error).toMatchObject({ code: 'Archived', retryable: 'no' });
    expect(error.message).toContain('restoreArchived');
    expect(error.message).toContain('restoreFromGlacier');
  });

  describe('encryption', () => {
    const stored = { status: 200, headers: { etag: '"e"', 'x-amz-server-side-encryption': 'AES256' } };
    const encryptionSent = (): (string | string[] | undefined)[] =>
      ['', '-aws-kms-key-id', '-bucket-key-enabled'].map(
        (name) => server.asked[0]?.headers[`x-amz-server-side-encryption${name}`],
      );

    test('is not asked for by default, and reported', async () => {
      server.answer(stored);
      expect((await make().save('a', 'text')).encryption).toEqual({ algorithm: 'AES256' });
      expect(encryptionSent()).toEqual([undefined, undefined, undefined]);
    });

    test('is asked for by the options, and by one save in their place', async () => {
      const backend = make({ sse: 'aws:kms', kmsKeyId: 'alias/a', bucketKeyEnabled: true });
      server.answer(stored);
      await backend.save('a', 'text');
      expect(encryptionSent()).toEqual(['aws:kms', 'alias/a', 'true']);
      server.answer(stored);
      await backend.save('a', 'text', { sse: 'AES256' });
      expect(encryptionSent()).toEqual(['AES256', undefined, undefined]);
    });

    test('that contradicts itself is InvalidArgument before any request', async () => {
      server.answer();
      const backend = make();
      for (const options of [{ kmsKeyId: 'alias/a' }, { sse: 'AES256', bucketKeyEnabled: true }, { sse: 'rot13' }]) {
        expect((await errorOf(backend.save('a', 'text', options as object))).code).toBe('InvalidArgument');
      }
      expect(server.asked).toEqual([]);
    });
  });

  test('storageClass is the tier, also as the input of the SDK; two that differ are refused', async () => {
    const backend = make({ storageClass: 'STANDARD_IA' });
    const stored = { status: 200, headers: { etag: '"e"' } };
    const classes: unknown[] = [];
    for (const options of [
      {},
      { storageClass: 'ONEZONE_IA' },
      { tier: 'ONEZONE_IA' },
      { native: { StorageClass: 'INTELLIGENT_TIERING' as const } },
    ]) {
      server.answer(stored);
      const { tier } = await backend.save('a', 'text', options);
      classes.push([tier, server.asked[0]?.headers['x-amz-storage-class']]);
    }
    expect(classes).toEqual([
      ['STANDARD_IA', 'STANDARD_IA'],
      ['ONEZONE_IA', 'ONEZONE_IA'],
      ['ONEZONE_IA', 'ONEZONE_IA'],
      ['INTELLIGENT_TIERING', 'INTELLIGENT_TIERING'],
    ]);
    const both = backend.save('a', 'text', { storageClass: 'GLACIER', tier: 'GLACIER_IR' });
    expect((await errorOf(both)).code).toBe('InvalidArgument');
  });

  test('without a region anywhere the first call is InvalidConfig and says where to set it', async () => {
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION']) vi.stubEnv(name, undefined);
    try {
      const backend = make({ region: undefined });
      server.answer();
      const error = await errorOf(backend.exists('a'));
      expect(error.code).toBe('InvalidConfig');
      expect(error.message).toContain('AWS_REGION');
      expect(server.asked).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
