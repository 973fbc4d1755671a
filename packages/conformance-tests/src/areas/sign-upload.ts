import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { SignedRequest } from '@storage/core/driver';
import { absent, expectCode, expectRefused, headOf, holds, unchanged } from '../assertions.ts';
import { pattern, utf8 } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { pause } from '../timing.ts';
import { expectSuccess, refusedByServer, send, served, uploadCase } from './sign-case.ts';

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
      data.set('file', new Blob([pattern(size)]));
      return fetch(form.url, { method: 'POST', body: data });
    };
    await refusedByServer(post(1001), 'a larger file');
    await absent(backend, key);
    await expectSuccess(post(1000), 'the form');
    await holds(backend, key, pattern(1000));
    await expectCode(backend.createUploadForm(key, {} as { maxSize: number }), 'InvalidArgument');
  },
};

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

/** Sends fewer bytes than it announces, then closes the connection. Resolves to the status of an answer, if there is one. */
function breakOff(signed: SignedRequest, bytes: Uint8Array, announced: number): Promise<number | undefined> {
  const { url, method, headers } = signed;
  const { request } = url.startsWith('https:') ? https : http;
  return new Promise((resolve) => {
    let status: number | undefined;
    const sending = request(url, { method, headers: { ...headers, 'content-length': announced } });
    sending.on('response', (answer) => {
      status = answer.statusCode;
      answer.resume();
    });
    // The reset that follows is what is asked for here.
    sending.on('error', () => undefined);
    sending.on('close', () => resolve(status));
    sending.write(bytes, () => setTimeout(() => sending.destroy(), 100));
  });
}

const putFails = uploadCase({
  number: 212,
  letter: 'a',
  title: 'a signed PUT that breaks off commits nothing',
  run: async (context, backend) => {
    const key = context.key();
    await backend.save(key, 'old');
    const request = await backend.signRequest(key, { method: 'PUT' });
    // With its length announced: services refuse an upload without one before they read any of it.
    const status = await unchanged(backend, key, () => breakOff(request, pattern(100_000), 150_000));
    assert.ok(status === undefined || status >= 400, `no success, not ${String(status)}`);
    await pause(200);
    await holds(backend, key, utf8('old'));
  },
});

/** What signed uploads take and refuse. */
export const signedUploads: readonly ConformanceCase[] = [
  putWorks,
  bindsType,
  bindsLength,
  bindsChecksum,
  uploadForm,
  createOnly,
  realBody,
  putFails,
];
