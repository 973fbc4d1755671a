import assert from 'node:assert/strict';
import { absent, expectCode, expectRefused, headOf, holds, sameBytes } from '../assertions.ts';
import { pattern, utf8 } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { weirdNames } from '../keys.ts';
import { storedAttributes } from '../stored.ts';
import { expectSuccess, methodsOf, send, signCase } from './sign-case.ts';

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

/** What signed reads give. */
export const signedReads: readonly ConformanceCase[] = [
  getWorks,
  getRange,
  getVersion,
  missingKey,
  headWorks,
  deleteWorks,
  weirdKeys,
  overrides,
];
