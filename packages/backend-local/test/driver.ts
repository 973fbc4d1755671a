import type { CallContext, ObjectAttributes, StorageDriver, UploadBody } from '@storage/core/driver';
import { driverOf } from '../src/driver.ts';
import { createStore, type LocalSettings, type Store } from '../src/store.ts';

const monthMs = 30 * 24 * 60 * 60 * 1000;

/** A driver without `StorageBackend` in front, and the store behind it. */
export function driverAt(
  basePath: string,
  settings: Partial<LocalSettings> = {},
): Required<StorageDriver> & { readonly store: Store } {
  const store = createStore({
    basePath,
    create: true,
    versions: { keep: 20, maxAgeMs: monthMs },
    powerSafe: false,
    ...settings,
  });
  return Object.assign(driverOf(store) as Required<StorageDriver>, { store });
}

export function context(): CallContext {
  return { signal: new AbortController().signal, attempt: 1 };
}

export function bodyOf(content: string | Uint8Array): UploadBody & { readonly size: number } {
  const bytes = Buffer.from(content);
  return {
    size: bytes.byteLength,
    pieces: [bytes],
    async *open() {
      yield bytes;
    },
  };
}

/** A body of unknown size that comes in chunks. */
export function streamOf(content: Uint8Array, chunkBytes = 64 * 1024): UploadBody {
  return {
    size: undefined,
    async *open() {
      for (let start = 0; start < content.byteLength; start += chunkBytes) {
        yield content.subarray(start, start + chunkBytes);
      }
    },
  };
}

export function attributesOf(metadata: Record<string, string> = {}, tags?: Record<string, string>): ObjectAttributes {
  return { headers: { contentType: 'text/plain' }, metadata, ...(tags && { tags }) };
}

/** Saves a text with metadata that tells which one it is. */
export async function putText(
  driver: Pick<StorageDriver, 'put'>,
  key: string,
  text: string,
  condition: Parameters<StorageDriver['put']>[0]['condition'] = {},
) {
  const attributes = attributesOf({ of: text });
  return driver.put({ key, body: bodyOf(text), attributes, condition, integrity: 'default' }, context());
}

export async function getText(driver: Pick<StorageDriver, 'get'>, key: string, versionId?: string): Promise<string> {
  const { body } = await driver.get({ key, ...(versionId && { versionId }) }, context());
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Name of the error that a promise rejects with. */
export async function codeOf(driver: Pick<StorageDriver, 'classify'>, promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'resolved',
    (error: unknown) => driver.classify(error).code,
  );
}
