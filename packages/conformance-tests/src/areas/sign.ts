import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import type { Capabilities, SignMethod, SignRequestOptions, StorageBackend } from '@storage/core';
import type { SignedRequest } from '@storage/core/driver';
import { absent, expectCode, expectRefused, headOf, holds, rejectionOf, sameBytes, unchanged } from '../assertions.ts';
import { pattern, utf8 } from '../bodies.ts';
import type { Area, CaseContext, Claim, ConformanceCase } from '../case.ts';
import { defineArea } from '../case.ts';
import { weirdNames } from '../keys.ts';
import { storedAttributes } from '../stored.ts';
import { pause } from '../timing.ts';

type SignClaims = Exclude<Capabilities['sign'], false>;

/** The instance whose signed URLs can be fetched. */
async function served(context: CaseContext): Promise<StorageBackend> {
  return context.harness.makeServed === undefined ? context.backend : context.makeExtra('makeServed');
}

/** A case of signed requests; where they are not claimed, or not with this option, it shows the refusal. */
function signCase(item: {
  readonly number: number;
  readonly letter?: string;
  readonly title: string;
  readonly claims?: readonly Claim[];
  readonly needs?: keyof SignClaims;
  /** What the refusal asks for. */
  readonly option?: SignRequestOptions;
  readonly timeoutMs?: number;
  readonly run: (context: CaseContext, backend: StorageBackend) => Promise<void>;
}): ConformanceCase {
  const { needs, option = {}, claims = [], run, ...rest } = item;
  const own: readonly Claim[] = needs === undefined ? ['sign'] : ['sign', `sign.${needs}`];
  return {
    ...rest,
    claims: [...own, ...claims],
    needs: ({ sign }) => sign !== false && (needs === undefined || sign[needs] !== false),
    run: async (context) => run(context, await served(context)),
    refused: async (context) => {
      await context.backend.save(context.key(), 'text');
      await expectRefused(context, context.key(), (backend) => backend.signRequest(context.key(), option));
      if (context.capabilities.sign === false) {
        await expectRefused(context, context.key(), (backend) => backend.getUrl(context.key()));
      }
    },
  };
}

function methodsOf({ capabilities }: StorageBackend): readonly SignMethod[] {
  return capabilities.sign === false ? [] : capabilities.sign.methods;
}

/** Sends a signed request as it was signed, with changes. */
function send(
  request: SignedRequest,
  changes: {
    readonly method?: string;
    readonly url?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Uint8Array;
  } = {},
): Promise<Response> {
  const { body } = changes;
  return fetch(changes.url ?? request.url, {
    method: changes.method ?? request.method,
    headers: changes.headers ?? request.headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> }),
  });
}

/** Asserts that the server lets nobody in with this request. */
async function refusedByServer(response: Promise<Response>, what: string): Promise<void> {
  const answer = await response;
  await answer.arrayBuffer();
  assert.ok(answer.status >= 400 && answer.status < 500, `${what} is refused, not answered with ${answer.status}`);
}

async function expectSuccess(response: Promise<Response>, what: string): Promise<Uint8Array> {
  const answer = await response;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  assert.ok(answer.ok, `${what}: ${answer.status} ${new TextDecoder().decode(bytes.subarray(0, 300))}`);
  return bytes;
}

const getWorks = signCase({
  number: 198,
  title: 'a signed GET gives the bytes and headers to somebody without credentials',
  run: async (context, backend) => {
    const key = context.key();
    await backend.save(key, pattern(5000), { contentType: 'application/x-own', cacheControl: 'max-age=60' });
    const request = await backend.signRequest(key);
    assert.equal(request.method, 'GET');
    assert.ok(request.expiresAt.getTime() > Date.now());
    const answer = await send(request);
    assert.equal(answer.status, 200);
    sameBytes(new Uint8Array(await answer.arrayBuffer()), pattern(5000));
    assert.equal(answer.headers.get('content-type'), 'application/x-own');
    assert.equal(answer.headers.get('cache-control'), 'max-age=60');
    assert.equal(answer.headers.get('content-length'), '5000');
    const url = await backend.getUrl(key);
    sameBytes(await expectSuccess(fetch(url), 'getUrl'), pattern(5000));
  },
});

const getRange = signCase({
  number: 198,
  letter: 'a',
  title: 'a signed GET serves ranges and answers If-None-Match with 304',
  run: async (context, backend) => {
    const key = context.key();
    await backend.save(key, '0123456789');
    const request = await backend.signRequest(key);
    const part = await send(request, { headers: { ...request.headers, range: 'bytes=2-4' } });
    assert.equal(part.status, 206);
    assert.equal(part.headers.get('content-range'), 'bytes 2-4/10');
    assert.equal(await part.text(), '234');
    const { etag } = await headOf(backend, key);
    const same = await send(request, { headers: { ...request.headers, 'if-none-match': etag } });
    assert.equal(same.status, 304);
    await same.arrayBuffer();
  },
});

const getVersion: ConformanceCase = {
  ...signCase({
    number: 198,
    letter: 'b',
    title: 'a signed GET of a version gives that version',
    claims: ['versions'],
    run: async (context, backend) => {
      const key = context.key();
      const { versionId } = await backend.save(key, 'old');
      await backend.save(key, 'new');
      assert.ok(versionId, 'a save tells its version');
      const old = await backend.signRequest(key, { versionId });
      assert.equal(new TextDecoder().decode(await expectSuccess(send(old), 'the version')), 'old');
    },
  }),
  needs: ({ sign, versions }) => sign !== false && versions !== false,
  refused: async (context) => {
    await context.backend.save(context.key(), 'text');
    await expectRefused(context, context.key(), (backend) => backend.signRequest(context.key(), { versionId: 'v' }));
  },
};

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

/** A case of signed uploads, which a backend may not sign. */
function uploadCase(item: Parameters<typeof signCase>[0]): ConformanceCase {
  const own = signCase({ ...item, claims: [...(item.claims ?? []), 'sign.methods'] });
  const { needs } = item;
  return {
    ...own,
    needs: ({ sign }) =>
      sign !== false && sign.methods.includes('PUT') && (needs === undefined || sign[needs] !== false),
    refused: async (context) => {
      await context.backend.save(context.key(), 'text');
      const option = { method: 'PUT', ...item.option } as const;
      await expectRefused(context, context.key(), (backend) => backend.signRequest(context.key(), option));
    },
  };
}

const putWorks = uploadCase({
  number: 201,
  title: 'a signed PUT stores the body, and is refused without a header that belongs to it',
  run: async (context, backend) => {
    const key = context.key();
    const request = await backend.signRequest(key, { method: 'PUT' });
    await expectSuccess(send(request, { body: pattern(3000) }), 'the PUT');
    await holds(backend, key, pattern(3000));
    for (const name of Object.keys(request.headers)) {
      const { [name]: _left, ...headers } = request.headers;
      await unchanged(backend, key, () =>
        refusedByServer(send(request, { headers, body: utf8('x') }), `the PUT without ${name}`),
      );
    }
  },
});

const bindsType = uploadCase({
  number: 202,
  title: 'a signed content type is the only one that is accepted',
  needs: 'bindsContentType',
  option: { contentType: 'text/plain' },
  run: async (context, backend) => {
    const key = context.key();
    const request = await backend.signRequest(key, { method: 'PUT', contentType: 'text/x-own' });
    const name = Object.keys(request.headers).find((header) => header.toLowerCase() === 'content-type');
    assert.ok(name, 'the content type is a header to be sent');
    const { [name]: _type, ...others } = request.headers;
    const body = utf8('body');
    await refusedByServer(send(request, { headers: { ...others, [name]: 'text/html' }, body }), 'another type');
    await refusedByServer(send(request, { headers: others, body }), 'no type');
    await absent(backend, key);
    await expectSuccess(send(request, { body }), 'the signed type');
    assert.equal((await headOf(backend, key)).contentType, 'text/x-own');
  },
});

const bindsLength = uploadCase({
  number: 203,
  title: 'a body of another length than the signed one is refused',
  needs: 'bindsContentLength',
  option: { contentLength: 10 },
  run: async (context, backend) => {
    const key = context.key();
    const request = await backend.signRequest(key, { method: 'PUT', contentLength: 100 });
    // The client computes the length; what was signed is compared with what arrives.
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => name.toLowerCase() !== 'content-length'),
    );
    for (const size of [101, 99, 0, 5000]) {
      await refusedByServer(send(request, { headers, body: pattern(size) }), `${size} bytes`);
    }
    await absent(backend, key);
    await expectSuccess(send(request, { headers, body: pattern(100) }), 'the signed length');
    await holds(backend, key, pattern(100));
  },
});

const bindsChecksum = uploadCase({
  number: 204,
  title: 'a body with another checksum than the signed one is refused',
  needs: 'bindsChecksum',
  option: { checksum: { algorithm: 'sha256', value: createHash('sha256').digest('hex') } },
  run: async (context, backend) => {
    const key = context.key();
    const body = pattern(500, 1);
    const checksum = { algorithm: 'sha256', value: createHash('sha256').update(body).digest('hex') } as const;
    const request = await backend.signRequest(key, { method: 'PUT', checksum });
    await refusedByServer(send(request, { body: pattern(500, 2) }), 'another body');
    await absent(backend, key);
    await expectSuccess(send(request, { body }), 'the signed body');
    await holds(backend, key, body);
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

const missingKey = signCase({
  number: 208,
  title: 'a missing key can be signed, and its GET is 404 until it is there',
  run: async (context, backend) => {
    const request = await backend.signRequest(context.key());
    const answer = await send(request);
    await answer.arrayBuffer();
    assert.equal(answer.status, 404);
    await backend.save(context.key(), 'now');
    assert.equal(new TextDecoder().decode(await expectSuccess(send(request), 'the GET')), 'now');
  },
});

const headWorks: ConformanceCase = {
  ...signCase({
    number: 209,
    title: 'a signed HEAD gives the headers',
    claims: ['sign.methods'],
    run: async (context, backend) => {
      await backend.save(context.key(), pattern(1234), { contentType: 'text/x-own' });
      const request = await backend.signRequest(context.key(), { method: 'HEAD' });
      assert.equal(request.method, 'HEAD');
      const answer = await send(request);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('content-length'), '1234');
      assert.equal(answer.headers.get('content-type'), 'text/x-own');
      assert.equal((await answer.arrayBuffer()).byteLength, 0);
    },
  }),
  needs: ({ sign }) => sign !== false && sign.methods.includes('HEAD'),
  refused: async (context) => {
    await context.backend.save(context.key(), 'text');
    await expectRefused(context, context.key(), (backend) => backend.signRequest(context.key(), { method: 'HEAD' }));
  },
};

const deleteWorks: ConformanceCase = {
  ...signCase({
    number: 209,
    letter: 'a',
    title: 'a signed DELETE deletes its key and no other',
    claims: ['sign.methods'],
    run: async (context, backend) => {
      await backend.save(context.key('a'), 'a');
      await backend.save(context.key('ab'), 'ab');
      await expectSuccess(send(await backend.signRequest(context.key('a'), { method: 'DELETE' })), 'the DELETE');
      await absent(backend, context.key('a'));
      await holds(backend, context.key('ab'), utf8('ab'));
    },
  }),
  needs: ({ sign }) => sign !== false && sign.methods.includes('DELETE'),
  refused: async (context) => {
    await context.backend.save(context.key(), 'text');
    await expectRefused(context, context.key(), (backend) => backend.signRequest(context.key(), { method: 'DELETE' }));
  },
};

const weirdKeys = signCase({
  number: 210,
  title: 'weird keys are signed, read and written by their URLs',
  run: async (context, backend) => {
    const methods = methodsOf(backend);
    for (const name of weirdNames) {
      const key = context.key(name);
      if (methods.includes('PUT')) {
        await expectSuccess(
          send(await backend.signRequest(key, { method: 'PUT' }), { body: utf8(name) }),
          `PUT ${name}`,
        );
      } else {
        await backend.save(key, name);
      }
      await holds(backend, key, utf8(name));
      sameBytes(await expectSuccess(send(await backend.signRequest(key)), `GET ${name}`), utf8(name), name);
    }
  },
});

const overrides = signCase({
  number: 211,
  title: 'a signed GET overrides content type and disposition of the response',
  needs: 'responseHeaders',
  option: { responseContentType: 'text/plain' },
  run: async (context, backend) => {
    await backend.save(context.key(), 'text', storedAttributes);
    const responseContentDisposition = 'attachment; filename="other name.txt"';
    const request = await backend.signRequest(context.key(), {
      responseContentType: 'text/x-other',
      responseContentDisposition,
    });
    const answer = await send(request);
    assert.equal(answer.status, 200);
    await answer.arrayBuffer();
    assert.equal(answer.headers.get('content-type'), 'text/x-other');
    assert.equal(answer.headers.get('content-disposition'), responseContentDisposition);
    await expectCode(
      backend.signRequest(context.key(), { method: 'PUT', responseContentType: 'text/plain' }),
      'InvalidArgument',
      'Unsupported',
    );
  },
});

const createOnly = uploadCase({
  number: 212,
  title: 'a signed create-only PUT is refused once the object is there',
  needs: 'bindsIfAbsent',
  option: { ifAbsent: true },
  run: async (context, backend) => {
    const key = context.key();
    const request = await backend.signRequest(key, { method: 'PUT', ifAbsent: true });
    await expectSuccess(send(request, { body: utf8('first') }), 'the first PUT');
    await unchanged(backend, key, () => refusedByServer(send(request, { body: utf8('second') }), 'the second PUT'));
    await expectCode(backend.signRequest(key, { method: 'GET', ifAbsent: true }), 'InvalidArgument');
  },
});

const realBody = uploadCase({
  number: 250,
  title: 'a signed PUT takes bodies of any size: nothing in it was computed for an empty one',
  run: async (context, backend) => {
    for (const size of [0, 1, 70_000, 1_000_000]) {
      const key = context.key(`size-${size}`);
      const request = await backend.signRequest(key, { method: 'PUT' });
      await expectSuccess(send(request, { body: pattern(size) }), `${size} bytes`);
      await holds(backend, key, pattern(size));
    }
  },
});

const putFails = uploadCase({
  number: 212,
  letter: 'a',
  title: 'a signed PUT that breaks off commits nothing',
  run: async (context, backend) => {
    const key = context.key();
    await backend.save(key, 'old');
    const request = await backend.signRequest(key, { method: 'PUT' });
    const controller = new AbortController();
    let sent = false;
    const body = new ReadableStream<Uint8Array>({
      pull: async (stream) => {
        if (sent) {
          await pause(100);
          controller.abort();
        }
        sent = true;
        stream.enqueue(pattern(50_000));
      },
    });
    const { url, method, headers } = request;
    const init = { method, headers, body, signal: controller.signal, duplex: 'half' };
    await unchanged(backend, key, () => rejectionOf(fetch(url, init as RequestInit)));
    await pause(200);
    await holds(backend, key, utf8('old'));
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

const uploadForm: ConformanceCase = {
  number: 203,
  letter: 'a',
  title: 'an upload form takes a file up to its size, and no larger one',
  claims: ['sign.uploadForm'],
  needs: ({ sign }) => sign !== false && sign.uploadForm,
  refused: async (context) => {
    await context.backend.save(context.key(), 'text');
    await expectRefused(context, context.key(), (backend) => backend.createUploadForm(context.key(), { maxSize: 10 }));
  },
  run: async (context) => {
    const backend = await served(context);
    const key = context.key();
    const form = await backend.createUploadForm(key, { maxSize: 1000, expiresIn: 60 });
    const post = (size: number): Promise<Response> => {
      const data = new FormData();
      for (const [name, value] of Object.entries(form.fields)) data.set(name, value);
      data.set('file', new Blob([pattern(size) as Uint8Array<ArrayBuffer>]));
      return fetch(form.url, { method: 'POST', body: data });
    };
    await refusedByServer(post(1001), 'a larger file');
    await absent(backend, key);
    await expectSuccess(post(1000), 'the form');
    await holds(backend, key, pattern(1000));
    await expectCode(backend.createUploadForm(key, {} as { maxSize: number }), 'InvalidArgument');
  },
};

export const sign: Area = defineArea({
  name: 'sign',
  title: 'L. Signed requests',
  cases: [
    getWorks,
    getRange,
    getVersion,
    withoutQuery,
    methodBound,
    unclaimedMethods,
    putWorks,
    bindsType,
    bindsLength,
    uploadForm,
    bindsChecksum,
    expires,
    tampered,
    badExpiry,
    missingKey,
    headWorks,
    deleteWorks,
    weirdKeys,
    overrides,
    createOnly,
    putFails,
    realBody,
    notInErrors,
  ],
});
