import { isStorageError, StorageBackend, StorageError } from '@storage/core';
import { type BackendConfig, type ConfigInput, defineConfig } from '@storage/core/driver';
import type { LocalCapabilities } from './capabilities.ts';
import { type LocalOptions, localOptions, parseOptions } from './config.ts';
import { run } from './disk/run.ts';
import { driverOf } from './driver.ts';
import { classify } from './errors.ts';
import { type Swept, sweep } from './lock/sweep.ts';
import { readUrl } from './sign/grant.ts';
import { createRequestHandler, type RequestHandler } from './sign/request-handler.ts';
import { type ServeOptions, serve, type UrlServer } from './sign/serve-urls.ts';
import { urlKey } from './sign/url-key.ts';
import { createStore, type Store } from './store.ts';
import { expireVersions } from './versions/expire.ts';

/** A WeakMap keeps it out of the declarations, so that two copies of this package agree. */
const stores = new WeakMap<object, Store>();

/**
 * Files in a folder: `data/` holds them under their keys, `metadata/` their metadata as JSON, `versions/` what they were
 * before and what was deleted. Several processes of one machine may share a folder.
 *
 * @example
 * const backend = new LocalBackend({ basePath: './storage' });
 * await backend.save('users/123/resume.pdf', bytes, { metadata: { jobId: '456' } });
 * const versions = await backend.getVersions('users/123/resume.pdf');
 */
export class LocalBackend extends StorageBackend<LocalCapabilities, string> {
  /** Checks the options, all at once; touches no file. */
  constructor(options: LocalOptions) {
    const { settings, driver } = parseOptions(options);
    const store = createStore(driver);
    super(driverOf(store), settings);
    stores.set(this, store);
  }

  /** A checked, named configuration, from which instances are created later. */
  static createConfig(options: ConfigInput<LocalOptions>): BackendConfig<LocalBackend> {
    return defineConfig({ type: 'local', schema: localOptions, Backend: LocalBackend }, options);
  }

  /**
   * Serves the URLs that `getUrl` and `signRequest` give, and nothing else: GET and HEAD with ranges and conditions,
   * PUT, DELETE. It must be reached at `publicUrl`.
   *
   * @example
   * http.createServer(backend.requestHandler()).listen(8080);
   * app.use('/files', backend.requestHandler()); // publicUrl: 'https://example.com/files'
   */
  requestHandler(): RequestHandler {
    const { publicUrl = 'http://localhost' } = storeOf(this).settings;
    return handlerBelow(this, new URL(publicUrl).pathname.replace(/\/$/, ''));
  }

  /**
   * Starts an HTTP server for signed URLs, for development. Until it is closed, URLs begin with its address.
   *
   * @example
   * await using server = await backend.serveUrls();
   * const response = await fetch(await backend.getUrl('users/123/resume.pdf'));
   */
  async serveUrls(options: ServeOptions = {}): Promise<UrlServer> {
    const store = storeOf(this);
    const server = await wrapped(this, 'serveUrls', () => serve(handlerBelow(this, ''), options));
    const before = store.publicUrl;
    store.publicUrl = server.url;
    const close = async (): Promise<void> => {
      if (store.publicUrl === server.url) store.publicUrl = before;
      await server.close();
    };
    return { url: server.url, close, [Symbol.asyncDispose]: close };
  }

  /**
   * Removes what killed processes left behind, and the versions that are too old, of deleted keys too. The first
   * happens by itself when a backend is opened; the second when a key is written, for its own versions.
   */
  async sweep(): Promise<Swept> {
    await this.initialize();
    const store = storeOf(this);
    return wrapped(this, 'sweep', async () => {
      const swept = await run(store.pace, sweep(store));
      await run(store.pace, expireVersions(store, new AbortController().signal));
      return swept;
    });
  }
}

/** `folder`: the path below which keys are. */
function handlerBelow(backend: LocalBackend, folder: string): RequestHandler {
  const store = storeOf(backend);
  return createRequestHandler(backend, async (url) => readUrl(url, folder, await run(store.pace, urlKey(store))));
}

function storeOf(backend: object): Store {
  const store = stores.get(backend);
  if (store === undefined)
    throw new TypeError('this method was called without its backend: call it as backend.method(…)');
  return store;
}

/** Methods that are not the driver's reject with a `StorageError` as well. */
async function wrapped<T>(backend: LocalBackend, operation: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (isStorageError(cause)) throw cause;
    const { code, retryable, providerCode } = classify(cause);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StorageError(`${operation} on ${backend.name} failed: ${reason}`, {
      code,
      operation,
      backend: backend.name,
      retryable,
      providerCode,
      cause,
    });
  }
}
