import { GetObjectCommand, type GetObjectCommandInput, HeadObjectCommand } from '@aws-sdk/client-s3';
import type { Place } from '../place.ts';
import type { Question } from '../question.ts';
import { refusalOf } from '../refusal.ts';

const hour = 3_600_000;

export const reads: readonly Question[] = [
  {
    claim: 'suffixRange',
    asks: 'GET with Range: bytes=-3',
    async ask(place) {
      await place.put(place.key('file'), 'abcdef');
      const command = new GetObjectCommand({ Bucket: place.bucket, Key: place.key('file'), Range: 'bytes=-3' });
      const { Body } = await place.client.send(command);
      return (await Body?.transformToString()) === 'def' ? 'native' : 'emulated';
    },
  },
  {
    claim: 'modifiedSinceRead',
    asks: 'GET with If-Modified-Since and If-Unmodified-Since, at and before the time of the object',
    async ask(place) {
      const Key = place.key('file');
      await place.put(Key, 'text');
      const { LastModified } = await place.client.send(new HeadObjectCommand({ Bucket: place.bucket, Key }));
      if (LastModified === undefined) return false;
      const before = new Date(LastModified.getTime() - hour);
      const statuses = [
        await statusOfGet(place, { IfModifiedSince: LastModified }),
        await statusOfGet(place, { IfModifiedSince: before }),
        await statusOfGet(place, { IfUnmodifiedSince: LastModified }),
        await statusOfGet(place, { IfUnmodifiedSince: before }),
      ];
      return statuses.join() === '304,200,200,412';
    },
  },
];

async function statusOfGet(place: Place, condition: Partial<GetObjectCommandInput>): Promise<number> {
  const command = new GetObjectCommand({ Bucket: place.bucket, Key: place.key('file'), ...condition });
  const read = place.client.send(command).then(({ Body }) => Body?.transformToString());
  return (await refusalOf(read)) ?? 200;
}
