import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { StorageBackend, StorageError } from '@storage/core';
import { errorCodes, isStorageError } from '@storage/core';
import { absent, expectCode, rejectionOf } from '../assertions.ts';
import { failingBody, iterable, utf8 } from '../bodies.ts';
import type { CaseContext, ConformanceCase } from '../case.ts';

/** A call that must fail, and how. */
interface Failing {
  readonly name: string;
  readonly operation: string;
  readonly key?: string;
  readonly call: () => Promise<unknown>;
}

/** Calls that fail in every layer: at the door, in the transfer, at the service. */
function failingCalls(context: CaseContext, backend: StorageBackend): readonly Failing[] {
  const missing = context.key('missing');
  const there = context.key('there');
  return [
    { name: 'a missing object', operation: 'retrieve', key: missing, call: () => backend.retrieve(missing) },
    { name: 'an empty key', operation: 'save', key: '', call: () => backend.save('', 'x') },
    { name: 'a bad key', operation: 'exists', key: 'a\u0000b', call: () => backend.exists('a\u0000b') },
    { name: 'a key that is no text', operation: 'delete', call: () => backend.delete(7 as unknown as string) },
    {
      name: 'a body of a wrong type',
      operation: 'save',
      key: there,
      call: () => backend.save(there, 7 as unknown as string),
    },
    {
      name: 'a source that throws',
      operation: 'save',
      key: there,
      call: () => backend.save(there, failingBody(utf8('x'), new Error('source'))),
    },
    {
      name: 'a wrong length',
      operation: 'save',
      key: there,
      call: () => backend.save(there, iterable(utf8('x')), { size: 2 }),
    },
    {
      name: 'a range behind the end',
      operation: 'retrieve',
      key: there,
      call: () => backend.retrieve(there, { range: { start: 99 } }),
    },
    { name: 'a bad option', operation: 'listFiles', call: () => backend.listFiles('', { limit: -1 }) },
    {
      name: 'an unknown option',
      operation: 'retrieve',
      key: there,
      call: () => backend.retrieve(there, { nope: 1 } as object),
    },
    {
      name: 'options of a wrong type',
      operation: 'exists',
      key: there,
      call: () => backend.exists(there, 'x' as unknown as object),
    },
    { name: 'a foreign cursor', operation: 'listPage', call: () => backend.listPage({ cursor: 'foreign' }) },
    { name: 'everything without saying so', operation: 'deletePrefix', call: () => backend.deletePrefix('') },
    {
      name: 'keys of a wrong type',
      operation: 'deleteMany',
      call: () => backend.deleteMany('x' as unknown as string[]),
    },
    { name: 'a bad token', operation: 'resumeUpload', call: () => backend.resumeUpload('foreign') },
    { name: 'a walk with a bad page size', operation: 'walk', call: () => backend.walk('', { pageSize: 0 }).next() },
    { name: 'a bad deadline', operation: 'exists', key: there, call: () => backend.exists(there, { timeoutMs: -1 }) },
  ];
}

const everyError: ConformanceCase = {
  number: 227,
  title: 'every rejection is a StorageError with code, operation, key, backend, retryable and attempts',
  run: async (context) => {
    const { backend } = context;
    await backend.save(context.key('there'), 'text');
    for (const { name, operation, key, call } of failingCalls(context, backend)) {
      const error = await rejectionOf(call);
      assert.ok(isStorageError(error), `${name}: ${String(error)}`);
      assert.ok(error instanceof Error, `${name} is an Error`);
      assert.ok(errorCodes.includes(error.code), `${name} has a known code, not ${error.code}`);
      assert.equal(error.operation, operation, `${name}: operation`);
      assert.equal(error.key, key, `${name}: key`);
      assert.equal(error.backend, backend.name, `${name}: backend`);
      assert.ok(['no', 'safe', 'ambiguous'].includes(error.retryable), `${name}: retryable`);
      assert.ok(Number.isInteger(error.attempts) && error.attempts >= 0, `${name}: attempts`);
      assert.ok(error.message.length > 10 && error.message.includes(operation), `${name}: ${error.message}`);
      assert.doesNotThrow(() => JSON.stringify(error), `${name} can be written as JSON`);
    }
  },
};

const neverThrows: ConformanceCase = {
  number: 227,
  letter: 'a',
  title: 'no method throws in place of rejecting',
  run: async (context) => {
    for (const { name, call } of failingCalls(context, context.backend)) {
      let result: unknown;
      assert.doesNotThrow(() => {
        result = call();
      }, `${name} rejects`);
      assert.ok(result instanceof Promise, `${name} gives a promise`);
      await rejectionOf(result);
    }
  },
};

const namesTheKey: ConformanceCase = {
  number: 228,
  title: 'the error of a missing object names its key',
  run: async (context) => {
    for (const name of ['missing.txt', 'mi ssing%2F 🙀.txt']) {
      const key = context.key(name);
      const error = await expectCode(context.backend.retrieve(key), 'NotFound');
      assert.equal(error.key, key);
      assert.ok(error.message.includes(key), error.message);
      assert.ok(error.message.includes('retrieve'), error.message);
      assert.equal(error.retryable, 'no');
    }
  },
};

const causeUntouched: ConformanceCase = {
  number: 229,
  title: 'the error of the service is the cause, untouched',
  run: async (context) => {
    const provider = Object.assign(new Error('strange'), { status: 418, requestId: 'r-1' });
    const { backend, faults } = await context.makeFaulty([
      {
        on: ['put', 'get', 'head', 'remove', 'listPage'],
        times: 5,
        fault: { kind: 'fail-before', error: () => provider },
      },
    ]);
    const key = context.key();
    const calls = [
      () => backend.save(key, 'x'),
      () => backend.retrieve(key),
      () => backend.exists(key),
      () => backend.delete(key),
      () => backend.listFiles(context.prefix),
    ];
    for (const call of calls) {
      const error = (await rejectionOf(call)) as StorageError;
      assert.ok(isStorageError(error));
      assert.equal(error.cause, provider);
      assert.equal(error.attempts, 1);
    }
    assert.equal(faults.fired, calls.length);
    assert.deepEqual(
      Object.fromEntries(Object.entries(provider)),
      { status: 418, requestId: 'r-1' },
      'nothing was added to it',
    );
  },
};

const sourceIsCause: ConformanceCase = {
  number: 229,
  letter: 'a',
  title: 'what a body throws is the cause, whatever it is',
  run: async (context) => {
    for (const thrown of [
      new Error('disk'),
      new TypeError('type'),
      'text',
      42,
      null,
      Object.freeze({ a: 1 }),
    ] as readonly unknown[]) {
      const source = (async function* () {
        yield utf8('x');
        throw thrown;
      })();
      const error = (await rejectionOf(context.backend.save(context.key(), source))) as StorageError;
      assert.ok(isStorageError(error), `${String(thrown)}: ${String(error)}`);
      assert.equal(error.cause, thrown);
    }
    await absent(context.backend, context.key());
  },
};

/** Text as errors of services carry it; every part after `SECRET` must be blanked wherever our error is printed. */
const leaks: readonly string[] = [
  'GET https://h/b/k?X-Amz-Credential=AKIASECRET1&X-Amz-Signature=SECRETa2b4c6d8e0 failed',
  'https://a.blob.core.windows.net/c/k?sv=2024&sig=SECRETAbCd%2BEf%3D&se=2026',
  'Authorization: AWS4-HMAC-SHA256 Credential=AKIASECRET2/20260101/us-east-1/s3/aws4_request, Signature=SECRETff00ff',
  'Authorization: Bearer SECRETeyJhbGciOi.J9.abc',
  'SharedKey account:SECRETabcdefghijklmnop=',
  'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=SECRETkeykeykey==;EndpointSuffix=x',
  'x-amz-security-token: SECRETtokentokentoken',
];

const noSecrets: ConformanceCase = {
  number: 230,
  title: 'no signature, token or key of an error of the service appears where ours is printed',
  run: async (context) => {
    for (const leak of leaks) {
      const { backend, faults } = await context.makeFaulty([
        { on: 'head', fault: { kind: 'fail-before', error: () => new Error(leak) } },
      ]);
      const error = (await rejectionOf(backend.exists(context.key()))) as StorageError;
      assert.equal(faults.fired, 1);
      for (const [where, text] of printed(error)) {
        assert.ok(!text.includes('SECRET'), `${where} shows a secret: ${text}`);
      }
    }
  },
};

/** Every text that an error is turned into. */
function printed(error: StorageError): readonly (readonly [string, string])[] {
  return [
    ['message', error.message],
    ['stack', error.stack ?? ''],
    ['JSON', JSON.stringify(error)],
    ['inspect', inspect(error, { depth: 5 })],
    ['inspect in an object', inspect({ nested: { error } }, { depth: 5 })],
    ['text', String(error)],
  ];
}

/** What every error carries, and what it never shows. */
export const errorShapes: readonly ConformanceCase[] = [
  everyError,
  neverThrows,
  namesTheKey,
  causeUntouched,
  sourceIsCause,
  noSecrets,
];
