import { crc32 } from 'node:zlib';
import * as sdk from '@aws-sdk/client-s3';
import type { SignRequest } from '@storage/core/driver';
import { type Signer, sign } from '../../sign.ts';
import { signForm } from '../../sign-form.ts';
import type { Place } from '../place.ts';
import { atLeast, type Question } from '../question.ts';
import { isOk, type PlainAnswer, send } from '../send.ts';

const day = 86_400;

export const signing: readonly Question[] = [
  {
    claim: 'sign.methods',
    asks: 'a signed request of each method, sent by someone without keys',
    async ask(place) {
      const done: string[] = [];
      await place.put(place.key('file'), 'text');
      for (const method of ['GET', 'HEAD', 'PUT', 'DELETE'] as const) {
        if (isOk(await sendSigned(place, { method }))) done.push(method);
      }
      return done;
    },
  },
  {
    claim: 'saveReportsLastModified',
    asks: 'PUT: does the answer have Last-Modified?',
    ask: async (place) => (await sendSigned(place, { method: 'PUT' })).headers['last-modified'] !== undefined,
  },
  {
    claim: 'sign.maxExpiresIn',
    asks: 'GET signed for 7 days, for 1 day, for an hour',
    async ask(place) {
      await place.put(place.key('file'), 'text');
      for (const expiresIn of [7 * day, day, 3600]) {
        if (isOk(await sendSigned(place, { method: 'GET', expiresIn }))) return expiresIn;
      }
      return { unanswered: 'not even an hour is accepted' };
    },
    bearsOut: atLeast,
  },
  {
    claim: 'sign.bindsContentType',
    asks: 'PUT signed for text/plain: is text/html refused?',
    ask: (place) => isBound(place, { contentType: 'text/plain' }, { 'content-type': 'text/html' }),
  },
  {
    claim: 'sign.bindsContentLength',
    asks: 'PUT signed for 4 bytes: are 5 refused?',
    ask: (place) => isBound(place, { contentLength: 4 }, {}, 'texts'),
  },
  {
    claim: 'sign.bindsChecksum',
    asks: 'PUT signed for one CRC-32: are other bytes refused?',
    ask: (place) =>
      isBound(
        place,
        { checksum: { algorithm: 'crc32', value: crc32('text').toString(16).padStart(8, '0') } },
        {},
        'TEXT',
      ),
  },
  {
    claim: 'sign.bindsIfAbsent',
    asks: 'PUT signed to create: is the second refused, and one without the header?',
    async ask(place) {
      const request = { method: 'PUT', ifAbsent: true } as const;
      if (!isOk(await sendSigned(place, request)) || isOk(await sendSigned(place, request, {}, 'TEXT'))) return false;
      const { url } = await signed(place, request);
      return (
        !isOk(await send(url, { method: 'PUT', body: 'TEXT' })) && (await place.read(place.key('file'))) === 'text'
      );
    },
  },
  {
    claim: 'sign.responseHeaders',
    asks: 'GET signed with a content type and a disposition of its own: does the answer have them?',
    async ask(place) {
      await place.put(place.key('file'), 'text');
      const asked = { responseContentType: 'text/csv', responseContentDisposition: 'attachment; filename="a.csv"' };
      const { headers } = await sendSigned(place, { method: 'GET', ...asked });
      return (
        headers['content-type'] === asked.responseContentType &&
        headers['content-disposition'] === asked.responseContentDisposition
      );
    },
  },
  {
    claim: 'sign.uploadForm',
    asks: 'POST with a policy of at most 4 bytes: are 4 taken and 5 refused?',
    async ask(place) {
      if (!isOk(await sendForm(place, 'text'))) return false;
      return !isOk(await sendForm(place, 'texts')) && (await place.read(place.key('file'))) === 'text';
    },
  },
];

type Signed = Omit<SignRequest, 'key' | 'expiresIn'> & { readonly expiresIn?: number };

function signed(place: Place, request: Signed): ReturnType<typeof sign> {
  const whole = { expiresIn: 600, ...request, key: place.key('file') };
  return sign(signerOf(place), whole, { signal: new AbortController().signal });
}

function signerOf({ bucket, client }: Place): Signer {
  return { bucket, sdk, signer: () => Promise.resolve(client) };
}

async function sendSigned(
  place: Place,
  request: Signed,
  other: Record<string, string> = {},
  body = 'text',
): Promise<PlainAnswer> {
  const { url, method, headers } = await signed(place, request);
  return send(url, { method, headers: { ...headers, ...other }, ...(method === 'PUT' && { body }) });
}

/** Whether a PUT is taken as it was signed, and refused with another header or body. */
async function isBound(
  place: Place,
  bound: Omit<Signed, 'method'>,
  other: Record<string, string>,
  otherBody = 'text',
): Promise<boolean> {
  const request = { method: 'PUT', ...bound } as const;
  if (!isOk(await sendSigned(place, request))) return false;
  return !isOk(await sendSigned(place, request, other, otherBody));
}

async function sendForm(place: Place, text: string): Promise<PlainAnswer> {
  const request = { key: place.key('file'), expiresIn: 600, minSize: 0, maxSize: 4 };
  const { url, fields } = await signForm(signerOf(place), request, { signal: new AbortController().signal });
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([text]), 'file.txt');
  const encoded = new Response(form);
  const headers = { 'content-type': encoded.headers.get('content-type') ?? '' };
  return send(url, { method: 'POST', headers, body: Buffer.from(await encoded.arrayBuffer()) });
}
