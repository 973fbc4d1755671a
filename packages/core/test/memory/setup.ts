import { expect } from 'vitest';
import type {
  CallContext,
  MultipartMember,
  PutRequest,
  PutResponse,
  StorageDriver,
  TiersMember,
  UploadBody,
  VersionsMember,
} from '../../src/driver.ts';
import { isDriverFault } from '../../src/errors/driver-fault.ts';
import { createMemoryDriver, type MemoryDriverOptions } from '../../src/memory/driver.ts';
import type { MemoryStoreOptions } from '../../src/memory/settings.ts';
import { MemoryStore } from '../../src/memory/store.ts';

/** The driver with every member that its default options claim. */
export type FullDriver = Required<StorageDriver> & {
  readonly multipart: Required<MultipartMember>;
  readonly versions: Required<VersionsMember>;
  readonly tiers: Required<TiersMember>;
};

export const context: CallContext = { signal: new AbortController().signal, attempt: 1 };

export function memory(options: MemoryDriverOptions & MemoryStoreOptions = {}): FullDriver {
  const { store, bucketName, createBucket, accessKey, ...ofStore } = options;
  const driver = { store: store ?? new MemoryStore(ofStore), bucketName, createBucket, accessKey };
  return createMemoryDriver(driver) as FullDriver;
}

export function body(content: string | Uint8Array): UploadBody & { readonly size: number } {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return { size: bytes.byteLength, pieces: [bytes], open: () => streamOf([bytes]) };
}

export async function* streamOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

export const plain: PutRequest['attributes'] = { headers: { contentType: 'text/plain' }, metadata: {} };

export function save(
  driver: StorageDriver,
  key: string,
  content: string | Uint8Array,
  more: Partial<PutRequest> = {},
): Promise<PutResponse> {
  return driver.put(
    { key, body: body(content), attributes: plain, condition: {}, integrity: 'default', ...more },
    context,
  );
}

export async function text(driver: StorageDriver, key: string, more: { versionId?: string } = {}): Promise<string> {
  const response = await driver.get({ key, ...more }, context);
  return Buffer.concat(
    response.body instanceof Uint8Array ? [response.body] : await chunksOf(response.body),
  ).toString();
}

export async function chunksOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

export async function keysOf(driver: StorageDriver): Promise<string[]> {
  const { entries } = await driver.listPage({ prefix: '', limit: 1000 }, context);
  return entries.map((entry) => entry.key);
}

/** Asserts that a promise rejects with a fault of this code. */
export async function rejects(promise: Promise<unknown>, code: string): Promise<void> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(isDriverFault(error) ? error.classification.code : error).toBe(code);
}
