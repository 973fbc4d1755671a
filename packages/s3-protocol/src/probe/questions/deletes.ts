import { DeleteObjectsCommand } from '@aws-sdk/client-s3';
import { atLeast, type Question } from '../question.ts';
import { isDone, refusalOf } from '../refusal.ts';

export const deletes: readonly Question[] = [
  {
    claim: 'ifMatchDelete',
    asks: 'DELETE with an If-Match that is not true, and one that is',
    async ask(place) {
      const key = place.key('file');
      const { ETag: old } = await place.put(key, 'first');
      const { ETag: current } = await place.put(key, 'second');
      await refusalOf(place.delete(key, { IfMatch: old }));
      if ((await place.read(key)) === undefined) return false;
      await refusalOf(place.delete(key, { IfMatch: current }));
      return (await place.read(key)) === undefined;
    },
  },
  {
    claim: 'mustExistDelete',
    asks: 'DELETE with If-Match: * of a key that is not there, and of one that is',
    async ask(place) {
      if (await isDone(place.delete(place.key('free'), { IfMatch: '*' }))) return false;
      await place.put(place.key('file'), 'text');
      return isDone(place.delete(place.key('file'), { IfMatch: '*' }));
    },
  },
  {
    claim: 'deleteReportsExistence',
    asks: 'DELETE of a key that is not there: is it refused?',
    ask: async (place) => (await refusalOf(place.delete(place.key('free')))) === 404,
  },
  {
    claim: 'batchDelete',
    asks: 'DeleteObjects of 1, 1000 and 1001 keys',
    async ask(place) {
      await place.put(place.key('0'), 'text');
      const remove = async (count: number): Promise<boolean> => {
        const Objects = Array.from({ length: count }, (_, index) => ({ Key: place.key(String(index)) }));
        const Delete = { Objects, Quiet: true };
        const command = new DeleteObjectsCommand({ Bucket: place.bucket, Delete, ChecksumAlgorithm: 'CRC32' });
        return isDone(place.client.send(command));
      };
      if (!(await remove(1)) || (await place.read(place.key('0'))) !== undefined) return false;
      if (await remove(1001)) return 1001;
      return (await remove(1000)) ? 1000 : 1;
    },
    bearsOut: (seen, claimed) => (claimed === false || seen === false ? seen === claimed : atLeast(seen, claimed)),
  },
];
