import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { errorCodes, isStorageError } from '@storage/core';
import type { StorageBackend, StorageError } from '@storage/core';
import type { StorageDriver } from '@storage/core/driver';
import { absent, expectCode, expectRefused, rejectionOf } from '../assertions.ts';
import { failingBody, iterable, pattern, utf8 } from '../bodies.ts';
import type { Area, CaseContext, ConformanceCase } from '../case.ts';
import { defineArea } from '../case.ts';
import { pause, withinMs } from '../timing.ts';

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
    assert.deepEqual({ ...provider }, { status: 418, requestId: 'r-1' }, 'nothing was added to it');
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

/** A public call that can be aborted on its way, and the request that it is held up in. */
interface Abortable {
  readonly name: string;
  readonly on: 'head' | 'get' | 'put' | 'remove' | 'listPage';
  readonly call: (backend: StorageBackend, key: string, signal: AbortSignal) => Promise<unknown>;
}

const abortables: readonly Abortable[] = [
  { name: 'save', on: 'put', call: (b, key, signal) => b.save(key, 'new', { signal }) },
  { name: 'retrieve', on: 'get', call: (b, key, signal) => b.retrieve(key, { signal }) },
  { name: 'exists', on: 'head', call: (b, key, signal) => b.exists(key, { signal }) },
  { name: 'getMetadata', on: 'head', call: (b, key, signal) => b.getMetadata(key, { signal }) },
  { name: 'delete', on: 'remove', call: (b, key, signal) => b.delete(key, { signal }) },
  { name: 'listFiles', on: 'listPage', call: (b, key, signal) => b.listFiles(key, { signal }) },
  { name: 'listPage', on: 'listPage', call: (b, key, signal) => b.listPage({ prefix: key, signal }) },
  { name: 'walk', on: 'listPage', call: (b, key, signal) => b.walk(key, { signal }).next() },
  { name: 'deletePrefix', on: 'listPage', call: (b, key, signal) => b.deletePrefix(key, { signal }) },
];

const aborts: ConformanceCase = {
  number: 231,
  title: 'an abort on the way rejects Aborted at once, with the reason as cause, and changes nothing',
  run: async (context) => {
    const key = context.key();
    await context.backend.save(key, 'old');
    for (const { name, on, call } of abortables) {
      const { backend, faults } = await context.makeFaulty([{ on, times: 100, fault: { kind: 'delay', ms: 60_000 } }]);
      const controller = new AbortController();
      const reason = new Error(`enough of ${name}`);
      setTimeout(() => controller.abort(reason), 30);
      const error = await withinMs(3000, name, () => expectCode(call(backend, key, controller.signal), 'Aborted'));
      assert.equal(error.name, 'AbortError', name);
      assert.equal(error.cause, reason, name);
      assert.equal(error.operation, name);
      assert.equal(faults.fired, 1, `${name}: no new request after the abort`);
    }
    assert.equal(await (await context.backend.retrieve(key)).text(), 'old');
  },
};

const abortedBefore: ConformanceCase = {
  number: 231,
  letter: 'a',
  title: 'a signal that was aborted before sends nothing; reasons of any type are kept',
  run: async (context) => {
    const key = context.key();
    for (const reason of [new Error('before'), 'text', 7, undefined]) {
      const signal = reason === undefined ? AbortSignal.abort() : AbortSignal.abort(reason);
      const { backend, faults } = await context.makeFaulty([]);
      for (const { call } of abortables) {
        const error = await expectCode(call(backend, key, signal), 'Aborted');
        assert.equal(error.cause, signal.reason);
        assert.equal(error.attempts, 0);
      }
      assert.deepEqual(faults.calls, []);
    }
    await absent(context.backend, key);
  },
};

const signalsAreReleased: ConformanceCase = {
  number: 231,
  letter: 'b',
  title: 'a signal that outlives its calls keeps none of their listeners',
  run: async (context) => {
    const key = context.key();
    await context.backend.save(key, pattern(100));
    const { signal } = new AbortController();
    let listeners = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    const registered = new Set<unknown>();
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      registered.add(given[1]);
      listeners = registered.size;
      add(...given);
    };
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      registered.delete(given[1]);
      remove(...given);
    };
    await context.backend.save(key, iterable(pattern(500)), { signal });
    await (await context.backend.retrieve(key, { signal })).bytes();
    await context.backend.listFiles(key, { signal });
    await pause(0);
    assert.ok(listeners >= 1, 'the signal was listened to');
    assert.equal(registered.size, 0, 'listeners that are left');
  },
};

/** A call with something that a backend may not claim. */
interface Unclaimed {
  readonly name: string;
  readonly claimed: (backend: StorageBackend) => boolean;
  readonly call: (backend: StorageBackend, key: string) => Promise<unknown>;
}

const optional: readonly Unclaimed[] = [
  {
    name: 'ifAbsentPut',
    claimed: (b) => b.capabilities.ifAbsentPut,
    call: (b, key) => b.save(key, 'x', { ifAbsent: true }),
  },
  {
    name: 'ifMatchPut',
    claimed: (b) => b.capabilities.ifMatchPut,
    call: (b, key) => b.save(key, 'x', { ifMatch: '"e"' }),
  },
  {
    name: 'ifNoneMatchPut',
    claimed: (b) => b.capabilities.ifNoneMatchPut,
    call: (b, key) => b.save(key, 'x', { ifNoneMatch: '"e"' }),
  },
  {
    name: 'ifMatchDelete',
    claimed: (b) => b.capabilities.ifMatchDelete,
    call: (b, key) => b.delete(key, { ifMatch: '"e"' }),
  },
  {
    name: 'mustExistDelete',
    claimed: (b) => b.capabilities.mustExistDelete,
    call: (b, key) => b.delete(key, { mustExist: true }),
  },
  {
    name: 'modifiedSinceRead',
    claimed: (b) => b.capabilities.modifiedSinceRead,
    call: (b, key) => b.retrieve(key, { ifModifiedSince: new Date(0) }),
  },
  { name: 'copy', claimed: (b) => b.capabilities.copy, call: (b, key) => b.copy(key, `${key}-2`) },
  { name: 'move', claimed: (b) => b.capabilities.copy, call: (b, key) => b.move(key, `${key}-2`) },
  {
    name: 'setMetadata',
    claimed: (b) => b.capabilities.setMetadata,
    call: (b, key) => b.updateMetadata(key, { a: '1' }),
  },
  { name: 'multipart', claimed: (b) => b.capabilities.multipart !== false, call: (b, key) => b.createUpload(key) },
  { name: 'sign', claimed: (b) => b.capabilities.sign !== false, call: (b, key) => b.getUrl(key) },
  { name: 'versions', claimed: (b) => b.capabilities.versions !== false, call: (b, key) => b.getVersions(key) },
  { name: 'undelete', claimed: (b) => b.capabilities.undelete, call: (b, key) => b.undelete(key) },
  { name: 'tiers', claimed: (b) => b.capabilities.tiers !== false, call: (b, key) => b.setTier(key, 'x') },
  {
    name: 'archiveTiers',
    claimed: (b) => b.capabilities.archiveTiers !== false,
    call: (b, key) => b.restoreArchived(key),
  },
  { name: 'tags', claimed: (b) => b.capabilities.tags, call: (b, key) => b.setTags(key, { a: '1' }) },
  {
    name: 'listMetadata',
    claimed: (b) => b.capabilities.listMetadata !== false,
    call: (b, key) => b.listFiles(key, { include: ['metadata'] }),
  },
];

const unsupported: ConformanceCase = {
  number: 232,
  title: 'what is not claimed rejects Unsupported before any request, names the capability and changes nothing',
  run: async (context) => {
    const key = context.key();
    await context.backend.save(key, 'old', { metadata: { a: '1' } });
    for (const { name, claimed, call } of optional) {
      if (claimed(context.backend)) continue;
      const error = await expectRefused(context, key, (backend) => call(backend, key));
      assert.equal(error.attempts, 0, name);
      assert.equal(error.retryable, 'no', name);
      assert.ok(error.message.includes('capabilities.'), `${name}: ${error.message}`);
    }
    await absent(context.backend, `${key}-2`);
  },
};

const classifies: ConformanceCase = {
  number: 233,
  title: 'the driver names any error with a code of the closed set, and never throws',
  run: async (context) => {
    const drivers: StorageDriver[] = [];
    context.backend.with((driver) => {
      drivers.push(driver);
      return driver;
    });
    const [driver] = drivers;
    assert.ok(driver, 'the layer was given the driver');
    const hostile = new Proxy({}, { get: () => undefined, has: () => false });
    const errors: readonly unknown[] = [
      undefined,
      null,
      0,
      '',
      'text',
      7n,
      Symbol('x'),
      {},
      [],
      new Error('x'),
      Object.freeze(new TypeError('x')),
      Object.create(null),
      hostile,
    ];
    for (const error of errors) {
      const { code, retryable } = driver.classify(error);
      assert.ok(errorCodes.includes(code), `${inspect(error)} is ${code}`);
      assert.ok(['no', 'safe', 'ambiguous'].includes(retryable), inspect(error));
    }
  },
};

const nativeClient: ConformanceCase = {
  number: 234,
  title: 'native gives the client of the service, or rejects Unsupported where there is none',
  run: async ({ backend }) => {
    let client: unknown;
    try {
      client = await backend.native();
    } catch (error) {
      await expectCode(Promise.reject(error as Error), 'Unsupported');
      return;
    }
    assert.ok(client !== undefined && client !== null, 'there is a client');
    assert.equal(await backend.native(), client, 'it is the same every time');
  },
};

export const errors: Area = defineArea({
  name: 'errors',
  title: 'N. Errors',
  cases: [
    everyError,
    neverThrows,
    namesTheKey,
    causeUntouched,
    sourceIsCause,
    noSecrets,
    aborts,
    abortedBefore,
    signalsAreReleased,
    unsupported,
    classifies,
    nativeClient,
  ],
});
