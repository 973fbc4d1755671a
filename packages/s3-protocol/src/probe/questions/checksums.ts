import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { HeadObjectCommand, UploadPartCommand, UploadPartCopyCommand } from '@aws-sdk/client-s3';
import type { Place } from '../place.ts';
import type { Question } from '../question.ts';
import { isDone } from '../refusal.ts';

const text = 'text';

export const checksums: readonly Question[] = [
  {
    claim: 'profile.checksum',
    asks: 'PUT of a stream whose CRC-32 follows it as a trailer: is it kept with the object, and the body as it was?',
    async ask(place) {
      const key = place.key('file');
      const body = Readable.from([Buffer.from(text)]);
      const done = await isDone(place.put(key, body, { ContentLength: text.length, ChecksumAlgorithm: 'CRC32' }));
      return done && (await place.read(key)) === text && (await storedOf(place, key)) === crcOf(text) ? 'crc32' : false;
    },
  },
  {
    claim: 'storedChecksum',
    asks: 'PUT with a CRC-32 that is true, and one that is not: is the one refused, and the other kept?',
    async ask(place) {
      const key = place.key('file');
      if (!(await isDone(place.put(key, text, { ChecksumCRC32: crcOf(text) })))) return false;
      const wrong = await isDone(place.put(place.key('wrong'), text, { ChecksumCRC32: crcOf('other') }));
      return !wrong && (await storedOf(place, key)) === crcOf(text) ? 'crc32' : false;
    },
  },
  {
    claim: 'multipart.storesChecksum',
    asks: 'an upload in parts with CRC-32 of the full object: is it kept?',
    async ask(place) {
      const key = place.key('file');
      const upload = await place.startUpload(key, { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
      const command = new UploadPartCommand({
        Bucket: place.bucket,
        ...upload,
        PartNumber: 1,
        Body: text,
        ChecksumCRC32: crcOf(text),
      });
      const { ETag } = await place.client.send(command);
      const part = { PartNumber: 1, ETag, ChecksumCRC32: crcOf(text) };
      if (!(await isDone(place.complete(upload, [part], { ChecksumType: 'FULL_OBJECT' })))) return false;
      return (await storedOf(place, key)) === crcOf(text);
    },
  },
  {
    claim: 'profile.checksumsCopiedParts',
    asks: 'UploadPartCopy in an upload with CRC-32 of the full object: does the part have one?',
    async ask(place) {
      await place.put(place.key('from'), text, { ChecksumCRC32: crcOf(text) });
      const upload = await place.startUpload(place.key('to'), {
        ChecksumAlgorithm: 'CRC32',
        ChecksumType: 'FULL_OBJECT',
      });
      const command = new UploadPartCopyCommand({
        Bucket: place.bucket,
        ...upload,
        PartNumber: 1,
        CopySource: place.sourceOf(place.key('from')),
      });
      const copy = place.client.send(command);
      // MinIO refuses such a part: it wants the checksum that only it could have computed.
      return (await isDone(copy)) && (await copy).CopyPartResult?.ChecksumCRC32 === crcOf(text);
    },
  },
];

/** CRC-32 as S3 writes it. */
function crcOf(body: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

/** The checksum of the whole object that is kept with it. */
async function storedOf(place: Place, key: string): Promise<string | undefined> {
  const command = new HeadObjectCommand({ Bucket: place.bucket, Key: key, ChecksumMode: 'ENABLED' });
  const { ChecksumCRC32, ChecksumType } = await place.client.send(command);
  return ChecksumType === 'COMPOSITE' ? undefined : ChecksumCRC32;
}
