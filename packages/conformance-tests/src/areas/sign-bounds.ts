import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { expectCode, rejectionOf, unchanged } from '../assertions.ts';
import { utf8 } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { pause } from '../timing.ts';
import { expectSuccess, methodsOf, refusedByServer, send, signCase } from './sign-case.ts';

const withoutQuery = signCase({
  number: 199,
  title: 'the URL without its signature is refused',
  run: async (context, backend) => {
    await backend.save(context.key(), 'text');
    const request = await backend.signRequest(context.key());
    const bare = new URL(request.url);
    bare.search = '';
    await refusedByServer(send(request, { url: bare.href }), 'the bare URL');
  },
});

const methodBound = signCase({
  number: 200,
  title: 'a signed request is good for its own method only',
  claims: ['sign.methods'],
  run: async (context, backend) => {
    const key = context.key();
    await backend.save(key, 'old');
    const methods = methodsOf(backend);
    assert.ok(methods.includes('GET'), 'GET can be signed');
    for (const method of methods) {
      const request = await backend.signRequest(key, { method });
      for (const other of ['GET', 'PUT', 'DELETE'].filter((name) => name !== method)) {
        const body = other === 'PUT' ? { body: utf8('intruder') } : {};
        await unchanged(backend, key, () =>
          refusedByServer(send(request, { method: other, ...body }), `${other} with a URL for ${method}`),
        );
      }
    }
  },
});

const unclaimedMethods = signCase({
  number: 200,
  letter: 'a',
  title: 'a method that cannot be signed is refused before any request',
  claims: ['sign.methods'],
  run: async (context, backend) => {
    const methods = methodsOf(backend);
    for (const method of (['GET', 'HEAD', 'PUT', 'DELETE'] as const).filter((name) => !methods.includes(name))) {
      await expectCode(backend.signRequest(context.key(), { method }), 'Unsupported');
    }
    await expectCode(backend.signRequest(context.key(), { method: 'PATCH' as 'GET' }), 'InvalidArgument');
    await expectCode(backend.signRequest(context.key(), { method: 'get' as 'GET' }), 'InvalidArgument');
  },
});

const expires = signCase({
  number: 205,
  title: 'an expired URL is refused',
  run: async (context, backend) => {
    await backend.save(context.key(), 'text');
    const request = await backend.signRequest(context.key(), { expiresIn: 2 });
    assert.ok(request.expiresAt.getTime() <= Date.now() + 2000);
    await expectSuccess(send(request), 'before it expires');
    await pause(Math.max(0, request.expiresAt.getTime() - Date.now()) + 1200);
    await refusedByServer(send(request), 'an expired URL');
  },
});

const tampered = signCase({
  number: 206,
  title: 'a URL with any parameter changed or dropped, or for another key, is refused',
  run: async (context, backend) => {
    const [key, other] = [context.key('own'), context.key('other')];
    await backend.save(key, 'own');
    await backend.save(other, 'other');
    const request = await backend.signRequest(key, { expiresIn: 600 });
    const names = [...new URL(request.url).searchParams.keys()];
    assert.ok(names.length > 0, 'the URL carries its signature');
    for (const name of names) {
      const changed = new URL(request.url);
      changed.searchParams.set(name, alter(changed.searchParams.get(name) ?? ''));
      await refusedByServer(send(request, { url: changed.href }), `a changed ${name}`);
      const dropped = new URL(request.url);
      dropped.searchParams.delete(name);
      await refusedByServer(send(request, { url: dropped.href }), `a dropped ${name}`);
    }
    const elsewhere = new URL(request.url);
    elsewhere.pathname = new URL((await backend.signRequest(other)).url).pathname;
    await refusedByServer(send(request, { url: elsewhere.href }), 'another key');
    await expectSuccess(send(request), 'the URL as it was');
  },
});

/** A value of the same form that is another one. */
function alter(value: string): string {
  const first = value.charAt(0);
  const replaced = /\d/.test(first) ? String((Number(first) + 1) % 10) : first === 'A' ? 'B' : 'A';
  return `${replaced}${value.slice(1)}`;
}

const badExpiry = signCase({
  number: 207,
  title: 'an expiry that is negative, zero, fractional, no number or beyond the limit is refused before any request',
  claims: ['sign.maxExpiresIn'],
  run: async (context, backend) => {
    const { maxExpiresIn } = backend.capabilities.sign || { maxExpiresIn: 0 };
    for (const expiresIn of [-1, 0, 1.5, Number.NaN, Infinity, '60' as unknown as number, maxExpiresIn + 1]) {
      await expectCode(backend.signRequest(context.key(), { expiresIn }), 'InvalidArgument');
      await expectCode(backend.getUrl(context.key(), { expiresIn }), 'InvalidArgument');
    }
    const longest = await backend.signRequest(context.key(), { expiresIn: maxExpiresIn });
    assert.ok(longest.expiresAt.getTime() > Date.now() + (maxExpiresIn - 60) * 1000);
    await expectCode(backend.getUrl(''), 'InvalidKey');
    await expectCode(backend.signRequest(context.key('../x'), { method: 'PUT' }), 'InvalidKey', 'Unsupported');
  },
});

const notInErrors = signCase({
  number: 214,
  title: 'a signed URL that an error of the service repeats is not shown',
  run: async (context, backend) => {
    await backend.save(context.key(), 'text');
    const { url } = await backend.signRequest(context.key());
    const secrets = secretsOf(url, (await backend.signRequest(context.key('other'))).url);
    assert.ok(secrets.length > 0, 'two URLs differ in their signature');
    const { backend: failing, faults } = await context.makeFaulty([
      { on: 'head', fault: { kind: 'fail-before', error: () => new Error(`could not fetch ${url} today`) } },
    ]);
    const error = (await rejectionOf(failing.exists(context.key()))) as Error;
    assert.equal(faults.fired, 1);
    for (const text of [error.message, error.stack ?? '', JSON.stringify(error), inspect(error)]) {
      for (const secret of secrets) assert.ok(!text.includes(secret), `shows ${secret}: ${text}`);
    }
  },
});

/** Long parameters in which two signed URLs differ: their signatures, in both spellings. */
function secretsOf(url: string, other: string): readonly string[] {
  const [own, others] = [new URL(url).searchParams, new URL(other).searchParams];
  return [...own]
    .filter(([name, value]) => value.length >= 20 && value !== others.get(name))
    .flatMap(([, value]) => [value, encodeURIComponent(value)]);
}

/** What a signature is not good for. */
export const signatureBounds: readonly ConformanceCase[] = [
  withoutQuery,
  methodBound,
  unclaimedMethods,
  expires,
  tampered,
  badExpiry,
  notInErrors,
];
