import { expect } from 'vitest';
import { StorageBackend } from '../../src/backend.ts';
import type { Capabilities, MultipartCapability } from '../../src/capabilities.ts';
import type { BackendSettings } from '../../src/config/backend-options.ts';
import type { MultipartMember, StorageDriver } from '../../src/driver.ts';
import { DriverFault } from '../../src/errors/driver-fault.ts';
import type { StorageError } from '../../src/errors/storage-error.ts';
import { isStorageError } from '../../src/errors/storage-error.ts';
import { overDriver } from '../../src/layers/layer.ts';
import { createMemoryDriver } from '../../src/memory/driver.ts';
import { MemoryStore } from '../../src/memory/store.ts';

export const KiB = 1024;

/** What a service is like, and how it misbehaves. */
export interface Service {
  readonly singlePut?: Capabilities['singlePut'];
  readonly multipart?: Partial<MultipartCapability> | false;
  readonly change?: (driver: StorageDriver) => Partial<StorageDriver>;
  readonly changeMultipart?: (multipart: MultipartMember) => Partial<MultipartMember>;
  readonly settings?: Partial<BackendSettings>;
}

/** A backend over the memory driver that takes 64 KiB in one request of known size, and the rest in parts of 1 KiB or more. */
export function makeBackend(service: Service = {}): { backend: StorageBackend; driver: StorageDriver } {
  const singlePut = service.singlePut ?? { maxSize: 64 * KiB, unknownSize: false };
  const memory = createMemoryDriver({ store: new MemoryStore({ singlePut, minPartSize: KiB }) });
  const multipart = { ...memory.multipart!, ...service.changeMultipart?.(memory.multipart!) };
  const claims = memory.capabilities;
  const capabilities: Capabilities = {
    ...claims,
    multipart:
      service.multipart === false ? false : { ...(claims.multipart as MultipartCapability), ...service.multipart },
  };
  const driver = overDriver(memory, { capabilities, multipart, ...service.change?.(memory) });
  const settings = { retry: { baseDelayMs: 1 }, ...service.settings };
  return { backend: new StorageBackend(driver, settings), driver };
}

/** Bytes that are different at each place. */
export function someBytes(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = (i * 31 + (i >>> 8) * 7) & 0xff;
  return bytes;
}

/** The bytes as a stream of chunks of a size of their own. */
export async function* streamOf(bytes: Uint8Array, chunkSize = 777, onStop?: () => void): AsyncGenerator<Uint8Array> {
  try {
    for (let i = 0; i < bytes.byteLength; i += chunkSize) yield bytes.subarray(i, i + chunkSize);
  } finally {
    onStop?.();
  }
}

/** The `StorageError` that a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<StorageError> {
  const error: unknown = await promise.then(
    () => new Error('it resolved'),
    (reason: unknown) => reason,
  );
  if (!isStorageError(error)) throw new Error('expected a StorageError', { cause: error });
  return error;
}

/** A fault of the network. */
export function cut(retryable: 'safe' | 'ambiguous' = 'safe'): DriverFault {
  return new DriverFault('Unavailable', 'the connection was cut', { retryable });
}

/** Unfinished uploads that the service has. */
export async function leftovers({ multipart }: StorageDriver): Promise<number> {
  const page = await multipart!.listIncomplete!({}, { signal: new AbortController().signal, attempt: 1 });
  return page.uploads.length;
}

export async function expectStored(backend: StorageBackend, key: string, bytes: Uint8Array): Promise<void> {
  const stored = await (await backend.retrieve(key)).bytes();
  expect(stored.byteLength).toBe(bytes.byteLength);
  expect(Buffer.compare(stored, bytes)).toBe(0);
}
