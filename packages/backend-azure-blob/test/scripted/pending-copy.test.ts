import { BlobClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import type { CallContext } from '@storage/core/driver';
import { expect, onTestFinished, test } from 'vitest';
import { copyToItsEnd } from '../../src/copy/to-its-end.ts';
import { classify } from '../../src/errors.ts';
import { blob, failure, written } from './documented-answers.ts';
import {
  accountKey,
  accountName,
  type ScriptedAnswer,
  type ScriptedService,
  startScriptedService,
} from './scripted-service.ts';

const source = 'https://mycompany.blob.core.windows.net/uploads/a?versionid=1';
const pending = { 'x-ms-copy-id': 'C1', 'x-ms-copy-status': 'pending', 'x-ms-copy-progress': '1/4' };

/** A blob whose copy is pending, and then answers as said; the last one again and again. */
async function copying(...answers: ScriptedAnswer[]): Promise<{ client: BlobClient; service: ScriptedService }> {
  const left = [...answers];
  const service = await startScriptedService(({ method, query }) => {
    if (query.get('comp') === 'copy') return { status: 204 };
    if (method === 'PUT') return written('"0x1"', pending, 202);
    return (left.length > 1 ? left.shift() : left[0]) ?? failure(404, 'BlobNotFound', 'gone');
  });
  onTestFinished(() => service.close());
  const credential = new StorageSharedKeyCredential(accountName, accountKey);
  const client = new BlobClient(`${service.endpointUrl}/uploads/b`, credential, { retryOptions: { maxTries: 1 } });
  return { client, service };
}

const unaborted: CallContext = { signal: new AbortController().signal, attempt: 1 };

test('a copy that is pending is asked for until it is done', async () => {
  const { client, service } = await copying(blob('', pending), blob('', { ...pending, 'x-ms-copy-status': 'success' }));
  let steps = 0;
  await copyToItsEnd(client, source, { ...unaborted, progressed: () => (steps += 1) });
  expect(steps).toBe(1);
  expect(service.requests.map(({ method }) => method)).toEqual(['PUT', 'HEAD', 'HEAD']);
});

test.each([
  [
    'failed',
    { 'x-ms-copy-status': 'failed', 'x-ms-copy-status-description': '500 InternalServerError' },
    '500 Internal',
  ],
  ['was aborted by somebody', { 'x-ms-copy-status': 'aborted' }, 'aborted'],
  ['was overwritten', { 'x-ms-copy-id': 'C2' }, 'overwritten'],
])('a copy that %s is an error', async (_, headers, message) => {
  const { client } = await copying(blob('', { ...pending, ...headers }));
  const error: unknown = await copyToItsEnd(client, source, unaborted).catch((reason: unknown) => reason);
  expect(String(error)).toContain(message);
  expect(classify(error)).toMatchObject({ code: 'Unavailable', retryable: 'ambiguous' });
});

test('a copy whose call is aborted is ended on the service too', async () => {
  const { client, service } = await copying(blob('', pending));
  const aborter = new AbortController();
  const context = { signal: aborter.signal, attempt: 1, progressed: () => aborter.abort(new Error('enough')) };
  await expect(copyToItsEnd(client, source, context)).rejects.toThrow();
  const last = service.requests.at(-1);
  expect([last?.method, last?.query.get('comp'), last?.query.get('copyid')]).toEqual(['PUT', 'copy', 'C1']);
  expect(last?.headers['x-ms-copy-action']).toBe('abort');
});
