import { open as openFile } from 'node:fs/promises';
import type { AzureStore } from '../../services/store.ts';
import { blocksToFile, drainStream, type FillPart, partsOfFile, partsOfStream, sendParts } from '../bodies.ts';
import { type Contender, contentType, metadata } from '../contender.ts';
import { createAzureWire } from './wire.ts';

const parts = { partBytes: 8 * 1024 * 1024, concurrency: 4 };

export async function openLimit(store: AzureStore): Promise<Contender> {
  const wire = createAzureWire(store);
  const attributes = {
    'x-ms-blob-content-type': contentType,
    'x-ms-meta-owner': metadata.owner,
    'x-ms-meta-job': metadata.job,
  };
  const putBlob = { ...attributes, 'x-ms-blob-type': 'BlockBlob' };

  async function upload(key: string, fill: FillPart): Promise<void> {
    const id = (number: number): string => Buffer.from(String(number).padStart(8, '0')).toString('base64');
    const count = await sendParts(fill, parts, async (number, body) => {
      await wire.send({ method: 'PUT', key, query: { blockid: id(number), comp: 'block' }, body });
    });
    const blocks = Array.from({ length: count }, (_, index) => `<Latest>${id(index + 1)}</Latest>`).join('');
    const body = Buffer.from(`<?xml version="1.0" encoding="utf-8"?><BlockList>${blocks}</BlockList>`);
    await wire.send({ method: 'PUT', key, query: { comp: 'blocklist' }, headers: attributes, body });
  }

  return {
    save: (key, body) => wire.send({ method: 'PUT', key, headers: putBlob, body }),
    retrieve: async (key) => (await wire.send({ method: 'GET', key })).body,
    exists: async (key) => (await wire.send({ method: 'HEAD', key })).response.statusCode === 200,
    delete: (key) => wire.send({ method: 'DELETE', key }),
    saveStream: (key, source) => upload(key, partsOfStream(source)),
    saveSized: (key, body, size) => wire.send({ method: 'PUT', key, headers: putBlob, body, size }),
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
