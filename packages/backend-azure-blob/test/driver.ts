import { randomUUID } from 'node:crypto';
import type { CallContext, Classification, PutRequest, StorageDriver, UploadBody } from '@storage/core/driver';
import { afterAll, expect, inject } from 'vitest';
import { parseOptions } from '../src/config.ts';
import { type AzureBlobDriverOptions, createAzureBlobDriver } from '../src/driver.ts';

export const context: CallContext = { signal: new AbortController().signal, attempt: 1 };

/** A driver of a container of its own on the server that all test files share; closed after the tests of the file. */
export async function openDriver(more: Partial<AzureBlobDriverOptions> = {}): Promise<StorageDriver> {
  const azurite = inject('azurite');
  if ('skipped' in azurite) throw new Error(azurite.skipped);
  const { driver: options } = parseOptions({
    ...azurite,
    containerName: `test-${randomUUID()}`,
    createContainer: true,
  });
  const driver = createAzureBlobDriver({ ...options, ...more });
  await driver.open(context);
  await driver.createBucket?.(context);
  afterAll(() => driver.close());
  return driver;
}

export function newKey(): string {
  return `${randomUUID()}/a key.txt`;
}

export function bodyOf(...pieces: Uint8Array[]): UploadBody & { readonly size: number } {
  const size = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  return { size, pieces, open: () => streamed(pieces) };
}

async function* streamed(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

export function requestOf(key: string, body: string | UploadBody, more: Partial<PutRequest> = {}): PutRequest {
  return {
    key,
    body: typeof body === 'string' ? bodyOf(Buffer.from(body)) : body,
    attributes: { headers: { contentType: 'text/plain' }, metadata: {} },
    condition: {},
    integrity: 'default',
    ...more,
  };
}

export async function read(driver: StorageDriver, key: string): Promise<Buffer> {
  const { body } = await driver.get({ key }, context);
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** How the driver names the error with which an action fails. */
export async function failureOf(driver: StorageDriver, action: Promise<unknown>): Promise<Classification> {
  const error = await action.then(
    () => expect.fail('it resolved'),
    (reason: unknown) => reason,
  );
  return driver.classify(error);
}
