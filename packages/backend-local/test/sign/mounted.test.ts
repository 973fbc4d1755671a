import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { LocalBackend } from '../../src/index.ts';
import { rootsOf } from '../../src/names/place.ts';
import { temporaryFolder } from '../store.ts';
import { listen, rawRequest, servedBackend } from './served.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** As Express mounts a handler: the path of the router is taken off `url`, and kept in `originalUrl`. */
function mountedAt(path: string, handler: Handler): Handler {
  return (request, response) => {
    const { url = '/' } = request;
    if (!url.startsWith(`${path}/`)) {
      response.writeHead(404).end('not mounted here');
      return;
    }
    Object.assign(request, { originalUrl: url, url: url.slice(path.length) });
    handler(request, response);
  };
}

describe('below the path of publicUrl', () => {
  test.each(['/files', '/files/', '/a%20b/files', ''])('%j', async (path) => {
    const backend = await servedBackend({}, path);
    await backend.save('a/key', 'text');
    const url = await backend.getUrl('a/key');
    expect(new URL(url).pathname).toBe(`${path.replace(/\/$/, '')}/a/key`);
    expect(await (await fetch(url)).text()).toBe('text');
    if (path === '') return;
    const bare = new URL(url);
    bare.pathname = '/a/key';
    expect((await fetch(bare)).status).toBe(403);
  });

  test('in a server of Express’s kind', async () => {
    const { url: origin, server } = await listen();
    const backend = new LocalBackend({ basePath: await temporaryFolder(), publicUrl: `${origin}/files` });
    server.on('request', mountedAt('/files', backend.requestHandler()));
    const put = await backend.signRequest('a b', { method: 'PUT' });
    expect((await fetch(put.url, { method: 'PUT', body: 'text' })).status).toBe(200);
    expect(await (await fetch(await backend.getUrl('a b'))).text()).toBe('text');
    expect((await fetch(`${origin}/elsewhere`)).status).toBe(404);
  });
});

describe('several instances', () => {
  async function pair(first: { basePath: string; urlKey?: string }, second: { basePath: string; urlKey?: string }) {
    const { url: publicUrl, server } = await listen();
    const signer = new LocalBackend({ ...first, publicUrl });
    const serving = new LocalBackend({ ...second, publicUrl });
    server.on('request', serving.requestHandler());
    return { signer, serving };
  }

  test('of one folder verify what the other has signed', async () => {
    const basePath = await temporaryFolder();
    const { signer } = await pair({ basePath }, { basePath });
    await signer.save('key', 'text');
    expect(await (await fetch(await signer.getUrl('key'))).text()).toBe('text');
  });

  test('of two folders do so with the same urlKey, and not with keys of their own', async () => {
    const urlKey = 'a key that both of them know';
    const both = await pair(
      { basePath: await temporaryFolder(), urlKey },
      { basePath: await temporaryFolder(), urlKey },
    );
    await both.serving.save('key', 'text');
    expect(await (await fetch(await both.signer.getUrl('key'))).text()).toBe('text');

    const apart = await pair({ basePath: await temporaryFolder() }, { basePath: await temporaryFolder() });
    await apart.serving.save('key', 'text');
    expect((await fetch(await apart.signer.getUrl('key'))).status).toBe(403);
  });

  test('that sign at the same time in an empty folder agree on one key, which nobody else may read', async () => {
    const basePath = await temporaryFolder();
    const { url: publicUrl, server } = await listen();
    const instances = Array.from({ length: 6 }, () => new LocalBackend({ basePath, publicUrl }));
    const urls = await Promise.all(instances.map((each) => each.getUrl('key')));
    server.on('request', new LocalBackend({ basePath, publicUrl }).requestHandler());
    for (const url of urls) expect((await fetch(url)).status).toBe(404);
    const file = join(rootsOf(basePath).private, 'url-key');
    expect(await readFile(file, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('in another process sign for this one', async () => {
    const basePath = await temporaryFolder();
    const { url: publicUrl, server } = await listen();
    const backend = new LocalBackend({ basePath, publicUrl });
    server.on('request', backend.requestHandler());
    await backend.save('key', 'text');
    const source = new URL('../../src/index.ts', import.meta.url).href;
    const script = `const { LocalBackend } = await import(${JSON.stringify(source)});
      console.log(await new LocalBackend(${JSON.stringify({ basePath, publicUrl })}).getUrl('key'));`;
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...process.execArgv,
      '--input-type=module',
      '--eval',
      script,
    ]);
    expect(await (await fetch(stdout.trim())).text()).toBe('text');
  });
});

describe('serveUrls', () => {
  test('serves until it is closed, without a publicUrl', async () => {
    const backend = new LocalBackend({ basePath: await temporaryFolder() });
    await backend.save('key', 'text');
    await expect(backend.getUrl('key')).rejects.toMatchObject({ code: 'InvalidConfig' });
    const server = await backend.serveUrls();
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
    const url = await backend.getUrl('key');
    expect(url.startsWith(server.url)).toBe(true);
    expect(await (await fetch(url)).text()).toBe('text');
    await server.close();
    await server.close();
    await expect(fetch(url)).rejects.toThrow();
    await expect(backend.getUrl('key')).rejects.toMatchObject({ code: 'InvalidConfig' });
  });

  test('does not take the place of a handler that is mounted below a path', async () => {
    const backend = await servedBackend({}, '/files');
    await backend.save('key', 'text');
    const mounted = await backend.getUrl('key');
    {
      await using server = await backend.serveUrls();
      const url = await backend.getUrl('key');
      expect(url.startsWith(server.url)).toBe(true);
      expect(await (await fetch(url)).text()).toBe('text');
      expect(await (await fetch(mounted)).text()).toBe('text');
    }
    expect(await (await fetch(await backend.getUrl('key'))).text()).toBe('text');
  });

  test('refuses options that are none, and a port that is taken', async () => {
    const backend = new LocalBackend({ basePath: await temporaryFolder() });
    const wrong = { port: 70_000, hots: 'localhost' } as object;
    const refused = expect(backend.serveUrls(wrong)).rejects;
    await refused.toMatchObject({ code: 'InvalidConfig' });
    await refused.toThrow(/port must be a whole number from 0 to 65535/);
    await refused.toThrow(/hots .*did you mean host/);
    await using server = await backend.serveUrls();
    const port = Number(new URL(server.url).port);
    await expect(backend.serveUrls({ port })).rejects.toMatchObject({
      code: 'InvalidConfig',
      providerCode: 'EADDRINUSE',
    });
  });

  test('a closed backend answers 503', async () => {
    const backend = await servedBackend();
    await backend.save('key', 'text');
    const url = await backend.getUrl('key');
    await backend.close();
    expect((await rawRequest(url)).status).toBe(503);
  });
});
