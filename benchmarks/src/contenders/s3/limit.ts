import { open as openFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { S3Store } from '../../services/store.ts';
import { blocksToFile, drainStream, type FillPart, partsOfFile, partsOfStream, sendParts } from '../bodies.ts';
import { type Contender, contentType, metadata } from '../contender.ts';
import { createS3Wire } from './wire.ts';

const parts = { partBytes: 8 * 1024 * 1024, concurrency: 4 };

export async function openLimit(store: S3Store): Promise<Contender> {
  return limit(store, false);
}

/** With what is checked about a body: SHA-256 in the signature, CRC-32 sent and compared. */
export async function openLimitChecked(store: S3Store): Promise<Contender> {
  return limit(store, true);
}

function limit(store: S3Store, checks: boolean): Contender {
  const wire = createS3Wire(store, { signsBody: checks });
  const attributes = {
    'content-type': contentType,
    'x-amz-meta-owner': metadata.owner,
    'x-amz-meta-job': metadata.job,
  };
  const asking: Record<string, string> = checks ? { 'x-amz-checksum-mode': 'ENABLED' } : {};

  function checksum(bytes: Uint8Array): Record<string, string> {
    return checks ? { 'x-amz-checksum-crc32': base64(crc32(bytes)) } : {};
  }

  async function upload(key: string, fill: FillPart): Promise<void> {
    const algorithm: Record<string, string> = checks ? { 'x-amz-checksum-algorithm': 'CRC32' } : {};
    const begun = await wire.send({
      method: 'POST',
      key,
      query: { uploads: '' },
      headers: { ...attributes, ...algorithm },
    });
    const id = /<UploadId>(.*?)</.exec(begun.body.toString())?.[1] ?? '';
    const done: { etag: string; sum: string }[] = [];
    await sendParts(fill, parts, async (number, body) => {
      const headers = checksum(body);
      const query = { partNumber: String(number), uploadId: id };
      const { response } = await wire.send({ method: 'PUT', key, query, headers, body });
      const sum = checks ? `<ChecksumCRC32>${headers['x-amz-checksum-crc32']}</ChecksumCRC32>` : '';
      done[number - 1] = { etag: response.headers.etag ?? '', sum };
    });
    const list = done.map(
      ({ etag, sum }, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag>${sum}</Part>`,
    );
    const body = Buffer.from(`<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`);
    await wire.send({ method: 'POST', key, query: { uploadId: id }, body });
  }

  function save(key: string, body: Uint8Array): Promise<unknown> {
    return wire.send({ method: 'PUT', key, headers: { ...attributes, ...checksum(body) }, body });
  }

  return {
    save,
    async retrieve(key) {
      const { response, body } = await wire.send({ method: 'GET', key, headers: asking });
      if (checks && response.headers['x-amz-checksum-crc32'] !== base64(crc32(body))) throw new Error('damaged');
      return body;
    },
    async exists(key) {
      return (await wire.send({ method: 'HEAD', key })).response.statusCode === 200;
    },
    delete: (key) => wire.send({ method: 'DELETE', key }),
    saveStream: (key, source) => upload(key, partsOfStream(source)),
    saveSized: (key, body, size) =>
      checks ? upload(key, partsOfStream(body)) : wire.send({ method: 'PUT', key, headers: attributes, body, size }),
    async saveFile(key, path) {
      const file = await openFile(path);
      try {
        const { size } = await file.stat();
        if (size <= parts.partBytes) await save(key, await file.readFile());
        else await upload(key, partsOfFile(file));
      } finally {
        await file.close();
      }
    },
    async drain(key, seen) {
      let sum = 0;
      await drainStream(await wire.open({ method: 'GET', key, headers: asking }), (chunk) => {
        if (checks) sum = crc32(chunk, sum);
        seen(chunk);
      });
    },
    async retrieveToFile(key, path) {
      await blocksToFile(await wire.open({ method: 'GET', key }), path);
    },
    async list(prefix, seen) {
      let found = 0;
      let token: string | undefined;
      do {
        const from: Record<string, string> = token === undefined ? {} : { 'continuation-token': token };
        const query = { ...from, 'list-type': '2', prefix };
        const { body } = await wire.send({ method: 'GET', key: '', query });
        const text = body.toString();
        // Reads what the others read, without a parser.
        const entry = /<Key>(.*?)<\/Key><LastModified>(.*?)<\/LastModified><ETag>(.*?)<\/ETag><Size>(\d+)</g;
        for (const [, key, time, , size] of text.matchAll(entry)) {
          if (key === undefined || time === undefined || Number(size) < 0) continue;
          seen?.(key);
          found += 1;
        }
        token = /<NextContinuationToken>(.*?)</.exec(text)?.[1];
      } while (token !== undefined);
      return found;
    },
    close: () => Promise.resolve(wire.close()),
  };
}

function base64(sum: number): string {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(sum);
  return buffer.toString('base64');
}
