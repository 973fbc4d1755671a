import { inspect } from 'node:util';
import type { PutRequest, StorageDriver } from '@storage/core/driver';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type AwsS3DriverOptions, createAwsS3Driver } from '../src/driver.ts';
import { AwsS3Backend, type AwsS3Options } from '../src/index.ts';
import { errorOf } from './bucket.ts';
import { type Answer, found, refusal, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

// Refusals that teach how to ask: the same request goes well the second time, within the call, retries or not.

let server: ScriptedServer;
beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.close());

describe.each(['sdk', 'direct'] as const)("transport: '%s'", (transport) => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const backend of opened.splice(0)) await backend.close();
  });

  function make(options: Partial<AwsS3Options> = {}): AwsS3Backend {
    const keys = options.credentials === undefined ? { accessKey: 'AKIDEXAMPLE', secretKey: 'secret-of-the-test' } : {};
    const place = { bucketName: 'scripted', region: 'us-east-1', endpointUrl: server.url, pathStyle: true } as const;
    const backend = new AwsS3Backend({ ...place, service: 'aws', transport, retry: false, ...keys, ...options });
    opened.push(backend);
    return backend;
  }

  /** The regions that the requests were signed for. */
  const regionsAsked = (): unknown[] =>
    server.asked.map(({ headers }) => /\/\d{8}\/([^/]+)\/s3\//.exec(String(headers.authorization))?.[1]);

  const stored: Answer = { status: 200, headers: { etag: '"e"' } };
  const context = { signal: new AbortController().signal, attempt: 1 };
  const streamed = (): PutRequest => ({
    key: 'a',
    body: { size: 4, open: () => new Blob(['text']).stream() },
    attributes: { headers: { contentType: 'text/plain' }, metadata: {} },
    condition: {},
    integrity: 'default',
  });

  async function openDriver(more: Partial<AwsS3DriverOptions> = {}): Promise<StorageDriver> {
    const driver = createAwsS3Driver({
      ...{ bucketName: 'scripted', region: 'us-east-1', endpointUrl: server.url, service: 'aws', pathStyle: true },
      ...{ createBucket: false, versions: true, transport },
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret-of-the-test' },
      ...more,
    });
    opened.push(driver);
    await driver.open(context);
    return driver;
  }

  describe('a bucket in another region', () => {
    const west = { 'x-amz-bucket-region': 'eu-west-1' };
    const malformed = refusal(400, 'AuthorizationHeaderMalformed', { Region: 'eu-west-1' });
    const moved: readonly [string, Answer][] = [
      ['the redirect of an old endpoint', refusal(301, 'PermanentRedirect', {}, west)],
      ['a redirect for a while', refusal(307, 'TemporaryRedirect', {}, west)],
      ['a signature for another region', malformed],
    ];

    test.each(moved)('%s is followed once, and remembered', async (_name, answer) => {
      const backend = make();
      server.answer(answer, stored, stored);
      await backend.save('a', 'text');
      await backend.save('b', 'text');
      expect(regionsAsked()).toEqual(['us-east-1', 'eu-west-1', 'eu-west-1']);
      expect(server.asked.map(({ body }) => body)).toEqual(['text', 'text', 'text']);
      expect(await backend.getUrl('a')).toContain('eu-west-1');
    });

    test('of calls at the same time each is', async () => {
      const backend = make();
      server.answerEach(({ headers }) =>
        headers.authorization?.includes('/eu-west-1/') === true ? stored : malformed,
      );
      await Promise.all(['a', 'b', 'c'].map((key) => backend.save(key, 'text')));
      expect(server.asked).toHaveLength(6);
    });

    test('what the SDK sends learns from what is sent here, and the other way', async () => {
      server.answer(malformed, stored, { status: 200, body: '<VersioningConfiguration/>' });
      const backend = make();
      await backend.save('a', 'text');
      await backend.getVersioning();
      expect(regionsAsked()).toEqual(['us-east-1', 'eu-west-1', 'eu-west-1']);
      const other = make();
      server.answer(malformed, { status: 200, body: '<VersioningConfiguration/>' }, stored);
      await other.getVersioning();
      await other.save('a', 'text');
      expect(regionsAsked()).toEqual(['us-east-1', 'eu-west-1', 'eu-west-1']);
    });

    test.each(moved)('%s that leads to another one is InvalidConfig, and names the region', async (_name, answer) => {
      const north = { 'x-amz-bucket-region': 'eu-north-1' };
      server.answer(answer, refusal(301, 'PermanentRedirect', {}, north));
      const error = await errorOf(make().retrieve('a'));
      expect(error).toMatchObject({ code: 'InvalidConfig', retryable: 'no', attempts: 1 });
      expect(error.message).toContain("set region: 'eu-north-1'");
      expect(server.asked).toHaveLength(2);
    });

    test.each(['evil.example/', '', 'EU-WEST-1', 'localhost:80'])('%j is no region, and not followed', async (name) => {
      server.answer(refusal(301, 'PermanentRedirect', {}, { 'x-amz-bucket-region': name }));
      expect((await errorOf(make().retrieve('a'))).code).toBe('InvalidConfig');
      expect(server.asked).toHaveLength(1);
    });

    test('HEAD, whose answer has no body, finds it too', async () => {
      server.answer({ status: 301, headers: west }, found());
      expect(await make().getMetadata('a')).toMatchObject({ size: 4 });
      expect(regionsAsked()).toEqual(['us-east-1', 'eu-west-1']);

      // It is asked what is wrong by GET, which is refused and sent again; then HEAD once more.
      server.answer({ status: 400 }, malformed, found({ 'content-range': 'bytes 0-0/4' }), found());
      expect(await make().getMetadata('a')).toMatchObject({ size: 4 });
      expect(regionsAsked()).toEqual(['us-east-1', 'us-east-1', 'eu-west-1', 'eu-west-1']);
    });

    test('a stream is left to the next attempt, which is sent there', async () => {
      server.answer(malformed, stored);
      const driver = await openDriver();
      const error = await driver.put(streamed(), context).catch((reason: unknown) => reason);
      expect(driver.classify(error)).toMatchObject({
        code: 'InvalidConfig',
        retryable: 'safe',
        hint: expect.stringContaining("set region: 'eu-west-1'"),
      });
      await driver.put(streamed(), context);
      expect(regionsAsked()).toEqual(['us-east-1', 'eu-west-1']);
      expect(server.asked[1]?.body).toContain('text');
    });
  });

  test.each(['create', 'complete', 'abort'] as const)('%s of an upload in parts is sent there', async (name) => {
    const driver = await openDriver();
    const { multipart } = driver;
    if (multipart === undefined) throw new Error('no uploads in parts');
    const { attributes } = streamed();
    const parts = [{ partNumber: 1, size: 4, etag: '"<&>"' }];
    const calls = {
      create: () => multipart.create({ key: 'a', attributes, integrity: 'default' }, context),
      complete: () => multipart.complete({ key: 'a', uploadId: 'u', parts, attributes, condition: {} }, context),
      abort: () => multipart.abort({ key: 'a', uploadId: 'u' }, context),
    };
    const malformed = refusal(400, 'AuthorizationHeaderMalformed', { Region: 'eu-west-1' });
    server.answer(malformed, { status: 200, body: '<R><UploadId>u</UploadId><ETag>e</ETag></R>' });
    await calls[name]();
    expect(regionsAsked()).toEqual(['us-east-1', 'eu-west-1']);
    expect(server.asked[1]?.body).toBe(server.asked[0]?.body);
  });

  describe('credentials', () => {
    interface Given {
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken: string;
      readonly expiration?: Date;
    }
    const expired = refusal(400, 'ExpiredToken');
    const numbered = (number: number): Given => ({
      accessKeyId: `AKID${number}`,
      secretAccessKey: `secret-number-${number}`,
      sessionToken: `token-number-${number}`,
    });
    const tokens = (): unknown[] => server.asked.map(({ headers }) => headers['x-amz-security-token']);

    test('of a provider are asked for again when AWS says that they have expired', async () => {
      let given = 0;
      const credentials = vi.fn(async () => numbered((given += 1)));
      const backend = make({ credentials });
      server.answer(expired, stored, stored);
      await backend.save('a', 'text');
      await backend.save('b', 'text');
      expect(tokens()).toEqual(['token-number-1', 'token-number-2', 'token-number-2']);
      expect(credentials).toHaveBeenLastCalledWith(expect.objectContaining({ forceRefresh: true }));
    });

    test('a second refusal is the answer', async () => {
      let given = 0;
      server.answer(expired, expired, stored);
      const error = await errorOf(make({ credentials: async () => numbered((given += 1)) }).retrieve('a'));
      expect(error).toMatchObject({ code: 'Unauthenticated', attempts: 1 });
      expect(server.asked).toHaveLength(2);
    });

    test('are asked for once by calls at the same time', async () => {
      let given = 0;
      const backend = make({ credentials: async () => numbered((given += 1)) });
      server.answer(stored);
      await backend.save('a', 'text');
      server.answerEach(({ headers }) => (headers['x-amz-security-token'] === 'token-number-1' ? expired : stored));
      await Promise.all(['a', 'b', 'c'].map((key) => backend.save(key, 'text')));
      expect(server.asked).toHaveLength(6);
      expect(given).toBeLessThanOrEqual(transport === 'direct' ? 2 : 4);
    });

    test('of a stream are left to the next attempt', async () => {
      let given = 0;
      server.answer(expired, stored);
      const driver = await openDriver({ credentials: async () => numbered((given += 1)) });
      const error = await driver.put(streamed(), context).catch((reason: unknown) => reason);
      expect(driver.classify(error)).toMatchObject({ code: 'Unauthenticated', retryable: 'safe' });
      await driver.put(streamed(), context);
      expect(tokens()).toEqual(['token-number-1', 'token-number-2']);
    });

    test('of a provider that has no others, and keys that were given, are Unauthenticated at once', async () => {
      const credentials = async (): Promise<{ accessKeyId: string; secretAccessKey: string }> => ({
        accessKeyId: 'AKIDEXAMPLE',
        secretAccessKey: 'secret-of-a-provider',
      });
      for (const options of [{ credentials }, {}]) {
        server.answer(expired, stored);
        const retry = { attempts: 2, baseDelayMs: 1 };
        const error = await errorOf(make({ ...options, retry }).save('a', 'text'));
        expect(error).toMatchObject({ code: 'Unauthenticated', attempts: 1 });
        expect(error.message).toContain('have expired');
        expect(server.asked).toHaveLength(1);
      }
    });

    test('of a provider are renewed before they expire, without an error', async () => {
      let given = 0;
      const credentials = async (): Promise<Given> => {
        given += 1;
        return { ...numbered(given), expiration: new Date(Date.now() + (given === 1 ? 60_000 : 3_600_000)) };
      };
      server.answer(stored, stored);
      const backend = make({ credentials });
      await backend.save('a', 'text');
      await backend.save('a', 'text');
      expect(server.asked[1]?.headers.authorization).toContain('AKID2');
    });

    test('of a provider are in no error', async () => {
      server.answer(refusal(403, 'AccessDenied', { Message: 'secret-number-1 and token-number-1 may not' }));
      const error = await errorOf(make({ credentials: async () => numbered(1) }).save('a', 'text'));
      const shown = JSON.stringify(error) + inspect(error) + String(error.stack);
      expect(shown).toContain('[redacted] and [redacted] may not');
      expect(shown).not.toMatch(/(?:secret|token)-number/);
    });
  });

  test('a clock that is wrong is learned of once, by the next attempt', async () => {
    const date = new Date(Date.now() - 3_600_000).toUTCString();
    const late = { status: 200, headers: { etag: '"e"', date } };
    server.answer(refusal(403, 'RequestTimeTooSkewed', {}, { date }), late, late);
    const backend = make({ retry: { attempts: 2, baseDelayMs: 1 } });
    await backend.save('a', 'text');
    await backend.save('b', 'text');
    const hours = server.asked.map(({ headers }) => {
      const [, year, month, day, hour, minute] =
        /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/.exec(String(headers['x-amz-date'])) ?? [];
      const at = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
      return Math.round((Date.now() - at) / 3_600_000);
    });
    expect(hours).toEqual([0, 1, 1]);
  });
});
