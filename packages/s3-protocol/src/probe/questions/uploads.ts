import { ListMultipartUploadsCommand, ListPartsCommand } from '@aws-sdk/client-s3';
import type { Place } from '../place.ts';
import { atLeast, atMost, type Question } from '../question.ts';
import { isDone, refusalOf } from '../refusal.ts';

const fiveMiB = 5 * 1024 ** 2;

export const uploads: readonly Question[] = [
  {
    claim: 'multipart.conditionalComplete',
    asks: 'CompleteMultipartUpload with If-None-Match: * and with a wrong If-Match onto a taken key',
    async ask(place) {
      const key = place.key('file');
      const { ETag: old } = await place.put(key, 'first');
      await place.put(key, 'second');
      for (const condition of [{ IfNoneMatch: '*' }, { IfMatch: old }]) {
        const upload = await place.startUpload(key);
        const part = await place.putPart(upload, 1, 'third');
        if (await isDone(place.complete(upload, [part], condition))) return false;
      }
      return (await place.read(key)) === 'second';
    },
  },
  {
    claim: 'multipart.concurrent',
    asks: 'two uploads to one key, both completed: whose bytes are there?',
    async ask(place) {
      const key = place.key('file');
      const sessions = [];
      for (const name of ['first', 'second']) {
        const upload = await place.startUpload(key);
        sessions.push({ upload, part: await place.putPart(upload, 1, name) });
      }
      for (const { upload, part } of sessions) await refusalOf(place.complete(upload, [part]));
      return (await place.read(key)) === 'second' ? 'last-complete-wins' : 'first-complete-wins';
    },
  },
  {
    claim: 'multipart.abort',
    asks: 'AbortMultipartUpload: are the parts still listed?',
    async ask(place) {
      const upload = await place.startUpload(place.key('file'));
      await place.putPart(upload, 1, 'text');
      await place.abort(upload);
      const list = new ListPartsCommand({ Bucket: place.bucket, ...upload });
      const parts = place.client.send(list).then(({ Parts = [] }) => Parts.length);
      return (await refusalOf(parts)) === 404 || (await parts) === 0 ? 'immediate' : 'expires';
    },
  },
  {
    claim: 'multipart.listIncomplete',
    asks: 'ListMultipartUploads by the folder of an upload, and by its key',
    async ask(place) {
      const upload = await place.startUpload(place.key('file'));
      const isListed = async (Prefix: string): Promise<boolean> => {
        const command = new ListMultipartUploadsCommand({ Bucket: place.bucket, Prefix });
        const list = place.client.send(command).then(({ Uploads = [] }) => Uploads);
        if (!(await isDone(list))) return false;
        return (await list).some(({ UploadId }) => UploadId === upload.UploadId);
      };
      if (await isListed(place.prefix)) return 'all';
      return (await isListed(upload.Key)) ? 'by-key' : false;
    },
  },
  {
    claim: 'multipart.maxParts',
    asks: 'UploadPart with the numbers 10001, 10000 and 1000',
    async ask(place) {
      const upload = await place.startUpload(place.key('file'));
      for (const number of [10_001, 10_000, 1000]) {
        if (await isDone(place.putPart(upload, number, 'text'))) return number;
      }
      return 1;
    },
    bearsOut: atLeast,
  },
  {
    claim: 'multipart.minPartSize',
    asks: 'an upload whose first of two parts has 1 byte, 5 MiB less a byte, 5 MiB',
    async ask(place) {
      for (const size of [1, fiveMiB - 1, fiveMiB]) {
        if (await isDone(uploadTwoParts(place, size))) return size;
      }
      return { unanswered: 'larger than 5 MiB' };
    },
    bearsOut: atMost,
  },
];

async function uploadTwoParts(place: Place, firstSize: number): Promise<void> {
  const upload = await place.startUpload(place.key('file'));
  const first = await place.putPart(upload, 1, Buffer.alloc(firstSize));
  const second = await place.putPart(upload, 2, 'x');
  await place.complete(upload, [first, second]);
}
