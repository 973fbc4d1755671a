import assert from 'node:assert/strict';
import { isStorageError } from '@storage/core';
import { absent, expectCode, holds, sameBytes } from '../assertions.ts';
import { pattern } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { count } from '../case.ts';
import type { ConnectionFault, ProxiedRequest, ProxyRule } from '../faults/connection-fault.ts';
import { eachRequest, eachWired, textOf } from './faults-wire.ts';

const uses = ['server'] as const;

const oneRefusal: ConformanceCase = {
  number: 222,
  letter: 'e',
  title:
    'over a connection: one 429, 500, 502, 503 or 504, as a gateway gives it, is made good for each request of each call',
  uses,
  timeoutMs: 60_000,
  run: async (context) => {
    for (const status of [429, 500, 502, 503, 504]) {
      const fault: ConnectionFault = { kind: 'answer', status, body: '<html>not of the service</html>' };
      // Parts are large: of one status only.
      const effect = status === 503 ? 'any' : 'small';
      await eachRequest(context, effect, fault, async ({ error, key, expected }) => {
        assert.equal(error, undefined, `${status}: ${String(error)}`);
        assert.equal(await textOf(context, key), expected);
      });
    }
  },
};

const retryAfter: ConformanceCase = {
  number: 222,
  letter: 'f',
  title: 'over a connection: Retry-After is waited for, in seconds and as a date',
  uses,
  run: async (context) => {
    await context.backend.save(context.key(), 'text');
    const inTwoSeconds = (): string => new Date(Date.now() + 2000).toUTCString();
    await Promise.all(
      [
        { status: 503, after: '1' },
        { status: 429, after: '1' },
        { status: 503, after: inTwoSeconds() },
      ].map(async ({ status, after }) => {
        const { backend, proxy } = await context.makeProxied({ retry: { throttledDelayMs: 10, baseDelayMs: 10 } });
        await proxy.arm({ fault: { kind: 'answer', status, headers: { 'retry-after': after } } });
        const began = performance.now();
        await holds(backend, context.key(), new TextEncoder().encode('text'));
        assert.equal(proxy.fired, 1);
        // A date has seconds only: of two, more than one is left.
        assert.ok(performance.now() - began > 850, `${status} ${after}: ${Math.round(performance.now() - began)} ms`);
      }),
    );
  },
};

const staysBusy: ConformanceCase = {
  number: 222,
  letter: 'g',
  title: 'over a connection: a service that stays busy is asked a few times, and what it said is told',
  uses,
  run: (context) =>
    eachWired(context, 'any', { retry: { throttledDelayMs: 5, baseDelayMs: 5 } }, async ({ proxy, prepare }) => {
      const { call } = await prepare();
      await proxy.arm({ times: 10_000, fault: { kind: 'answer', status: 503 } });
      const error = await expectCode(call, 'Throttled', 'Unavailable');
      assert.equal(error.httpStatus, 503);
      assert.equal(error.attempts, 5);
      assert.equal(proxy.fired, error.attempts, 'each attempt is one request');
    }),
};

const notRepeated: ConformanceCase = {
  number: 222,
  letter: 'h',
  title:
    'over a connection: what cannot succeed is sent once: 400, 401, 403, 404, 412 and what the server itself refuses',
  uses,
  run: async (context) => {
    for (const status of [400, 401, 403]) {
      await eachWired(context, 'any', {}, async ({ proxy, prepare }) => {
        const { call } = await prepare();
        await proxy.arm({ times: 10_000, fault: { kind: 'answer', status } });
        const error = await expectCode(call, 'InvalidArgument', 'Unauthenticated', 'PermissionDenied');
        assert.equal(error.attempts, 1, `${status}: ${error.message}`);
        sentOnce(proxy.requests);
      });
    }
    const { backend, proxy } = await context.makeProxied();
    await proxy.arm({ times: 10_000, fault: { kind: 'answer', status: 412 } });
    await expectCode(backend.retrieve(context.key()), 'PreconditionFailed');
    sentOnce(proxy.requests);

    await context.backend.save(context.key('there'), 'x');
    const refusals: (() => Promise<unknown>)[] = [
      () => expectCode(backend.retrieve(context.key('missing')), 'NotFound'),
      () => backend.exists(context.key('missing')),
      () => expectCode(backend.retrieve(context.key('there'), { range: { start: 1 } }), 'InvalidRange'),
      () => expectCode(backend.retrieve(context.key('there'), { ifMatch: '"other"' }), 'PreconditionFailed'),
    ];
    const { ifAbsentPut, ifMatchPut } = context.capabilities;
    if (ifAbsentPut) {
      refusals.push(() => expectCode(backend.save(context.key('there'), 'y', { ifAbsent: true }), 'AlreadyExists'));
    }
    if (ifMatchPut) {
      const stale = { ifMatch: '"00000000000000000000000000000000"' };
      refusals.push(() => expectCode(backend.save(context.key('there'), 'y', stale), 'PreconditionFailed'));
    }
    for (const refusal of refusals) {
      await proxy.arm();
      await refusal();
      sentOnce(proxy.requests);
    }
  },
};

function sentOnce(requests: readonly ProxiedRequest[]): void {
  const lines = requests.map(({ method, path, query }) => `${method} ${path}?${query}`);
  assert.ok(lines.length > 0, 'something was sent');
  assert.deepEqual(lines, [...new Set(lines)], 'nothing is sent twice');
}

/** Calls whose answers say in their body what was done. */
const toldInBody: ReadonlySet<string> = new Set([
  'listFiles',
  'getTags',
  'getVersions',
  'copy',
  'deleteMany',
  'save in parts',
]);

const successThatIsNone: ConformanceCase = {
  number: 223,
  title: 'over a connection: a 200 that is empty, cut short or an error is no success of what is told in a body',
  uses,
  timeoutMs: 60_000,
  run: async (context) => {
    const error = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>InternalError</Code><Message>x</Message></Error>';
    const html = '<html><body>It works!</body></html>';
    const faults: readonly ConnectionFault[] = [
      ...['', error, html].map((body) => ({ kind: 'answer', status: 200, headers: xml, body }) as const),
      ...[0, 50, 250].map((afterBytes) => ({ kind: 'shorten-answer', afterBytes }) as const),
    ];
    await eachWired(context, 'any', { retry: { baseDelayMs: 5 } }, async ({ subject, proxy, prepare }) => {
      if (!toldInBody.has(subject.name)) return;
      const model = await prepare();
      await proxy.arm();
      const result = resultOf(await model.call(), model.key);
      const last = proxy.requests.length - 1;
      const method = proxy.requests[last]?.method ?? '';
      const after = await stateOf(model.key);
      for (const fault of faults) {
        const what = `${JSON.stringify(fault)} in answer to ${method}`;
        const { key, call } = await prepare();
        const before = await stateOf(key);
        await proxy.arm({ when: nth(last, method), times: 1000, fault });
        const outcome: unknown = await call().catch((reason: unknown) => reason);
        assert.ok(proxy.fired >= 1, what);
        const state = await stateOf(key);
        if (isStorageError(outcome)) assert.ok([before, after].includes(state), `${what}: changed otherwise`);
        else assert.deepEqual([resultOf(outcome, key), state], [result, after], `${what}: reported as success`);
      }
    });

    async function stateOf(key: string): Promise<string> {
      return JSON.stringify([await textOf(context, key), await textOf(context, `${key}-copy`)]);
    }
  },
};

/** From the request of this place on, those of one method: another may have an answer that is empty by right. */
function nth(place: number, method: string): (request: ProxiedRequest) => boolean {
  let seen = 0;
  return (request) => {
    seen += 1;
    return seen > place && request.method === method;
  };
}

const xml = { 'content-type': 'application/xml' };

/** What a read resolved to, with nothing in it that differs from key to key. */
function resultOf(value: unknown, key: string): string {
  const kept = JSON.stringify({ value }, (name, inner: unknown) => (varying.has(name) ? undefined : inner));
  return kept.replaceAll(key, 'key');
}

const varying: ReadonlySet<string> = new Set(['etag', 'lastModified', 'versionId', 'revision']);

const serverIsNamed: ConformanceCase = {
  number: 224,
  letter: 'a',
  title: 'the harness of a backend that talks to a service names its server, so that connections can be harmed',
  run: async ({ capabilities, harness }) => {
    const needed = capabilities.durability === 'service';
    assert.ok(
      !needed || harness.server !== undefined,
      'add `server` to the harness: a service is reached by connections',
    );
  },
};

const twoHundred: ConformanceCase = {
  number: 255,
  letter: 'a',
  title: 'over a connection: 200 concurrent operations that each meet one 500, 503, 429 or reset all succeed',
  uses,
  timeoutMs: 60_000,
  run: async (context) => {
    const { backend, proxy } = await context.makeProxied();
    const names = Array.from({ length: 200 }, (_, index) => context.key(`k${index}`));
    const faults: readonly ConnectionFault[] = [
      { kind: 'answer', status: 500 },
      { kind: 'answer', status: 503 },
      { kind: 'answer', status: 429 },
      { kind: 'reset-before' },
      { kind: 'lose-answer' },
    ];
    const placeOf = ({ path }: ProxiedRequest): number => Number(/k(\d+)$/.exec(path)?.[1] ?? Number.NaN);
    const rules = faults.map((fault, kind): ProxyRule => {
      return { each: true, when: (request) => placeOf(request) % faults.length === kind, fault };
    });
    for (let round = 0; round < count(1, 10); round += 1) {
      await proxy.arm(...rules);
      await Promise.all(names.map((key, index) => backend.save(key, pattern(64, index))));
      assert.equal(proxy.fired, 200, 'each save met one');
      const bodies = await Promise.all(names.map(async (key) => (await backend.retrieve(key)).bytes()));
      for (const [index, found] of bodies.entries()) sameBytes(found, pattern(64, index), names[index]);
      assert.equal(proxy.fired, 400, 'each read met one');
      await Promise.all(names.map((key) => backend.delete(key)));
      assert.equal(proxy.fired, 600, 'each delete met one');
      await absent(context.backend, names[7] as string);
    }
  },
};

/** What is answered and what is tried again, on a real connection. */
export const wireAnswers: readonly ConformanceCase[] = [
  oneRefusal,
  retryAfter,
  staysBusy,
  notRepeated,
  successThatIsNone,
  serverIsNamed,
  twoHundred,
];
