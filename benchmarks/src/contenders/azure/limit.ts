import { createHash, hash } from 'node:crypto';
import { open as openFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { AzureStore } from '../../services/store.ts';
import { blocksToFile, drainStream, type FillPart, partsOfFile, partsOfStream, sendParts } from '../bodies.ts';
import { type Contender, contentType, metadata } from '../contender.ts';
import { createAzureWire } from './wire.ts';

const parts = { partBytes: 8 * 1024 * 1024, concurrency: 4 };

export async function openLimit(store: AzureStore): Promise<Contender> {
  return limit(store, false);
}

/** With what is checked about a body: MD5 sent, or compared with what the service has made of it. */
export async function openLimitChecked(store: AzureStore): Promise<Contender> {
  return limit(store, true);
}

function limit(store: AzureStore, checks: boolean): Contender {
  const wire = createAzureWire(store);
  const attributes = {
    'x-ms-blob-content-type': contentType,
    'x-ms-meta-owner': metadata.owner,
    'x-ms-meta-job': metadata.job,
  };
  const putBlob = { ...attributes, 'x-ms-blob-type': 'BlockBlob' };

  function checksum(body: Uint8Array): Record<string, string> {
    return checks ? { 'content-md5': hash('md5', body, 'base64') } : {};
  }

  async function saveSized(key: string, body: Readable, size: number): Promise<unknown> {
    const digest = createHash('md5');
    if (checks) body.on('data', (chunk: Uint8Array) => digest.update(chunk));
    const { response } = await wire.send({ method: 'PUT', key, headers: putBlob, body, size });
    if (checks && response.headers['content-md5'] !== digest.digest('base64')) throw new Error('damaged');
    return undefined;
  }

  async function upload(key: string, fill: FillPart): Promise<void> {
    const id = (number: number): string => Buffer.from(String(number).padStart(8, '0')).toString('base64');
    const count = await sendParts(fill, parts, async (number, body) => {
      const query = { blockid: id(number), comp: 'block' };
      await wire.send({ method: 'PUT', key, query, headers: checksum(body), body });
    });
    const blocks = Array.from({ length: count }, (_, index) => `<Latest>${id(index + 1)}</Latest>`).join('');
    const body = Buffer.from(`<?xml version="1.0" encoding="utf-8"?><BlockList>${blocks}</BlockList>`);
    await wire.send({ method: 'PUT', key, query: { comp: 'blocklist' }, headers: attributes, body });
  }

  return {
    save: (key, body) => wire.send({ method: 'PUT', key, headers: { ...putBlob, ...checksum(body) }, body }),
    async retrieve(key) {
      const { response, body } = await wire.send({ method: 'GET', key });
      if (checks && response.headers['content-md5'] !== hash('md5', body, 'base64')) throw new Error('damaged');
      return body;
    },
    exists: async (key) => (await wire.send({ method: 'HEAD', key })).response.statusCode === 200,
    delete: (key) => wire.send({ method: 'DELETE', key }),
    saveStream: (key, source) => upload(key, partsOfStream(source)),
    saveSized,
    async saveFile(key, path) {
      const file = await openFile(path);
      await upload(key, partsOfFile(file));
      await file.close();
    },
    drain: async (key, seen) => drainStream(await wire.open({ method: 'GET', key }), seen),
    retrieveToFile: async (key, path) => blocksToFile(await wire.open({ method: 'GET', key }), path),
    async list(prefix) {
      let found = 0;
      let marker = '';
      do {
        const from: Record<string, string> = marker === '' ? {} : { marker };
        const query = { comp: 'list', ...from, prefix, restype: 'container' };
        const text = (await wire.send({ method: 'GET', key: '', query })).body.toString();
        // Reads what the others read, without a parser.
        const entry = /<Name>(.*?)<\/Name>.*?<Last-Modified>(.*?)<.*?<Etag>(.*?)<.*?<Content-Length>(\d+)</g;
        for (const [, name, time, , size] of text.matchAll(entry)) {
          if (name !== undefined && time !== undefined && Number(size) >= 0) found += 1;
        }
        marker = /<NextMarker>(.*?)</.exec(text)?.[1] ?? '';
      } while (marker !== '');
      return found;
    },
    close: () => Promise.resolve(wire.close()),
  };
}
