import { GetObjectTaggingCommand, HeadObjectCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import type { Place } from '../place.ts';
import { atLeast, type Question } from '../question.ts';
import { isDone, largest } from '../refusal.ts';

// Kept for the token that conditional writes and uploads in parts carry.
const token = 48;
const names = 10;
const perName = 'x-amz-meta-'.length + 'n0'.length;

export const attributes: readonly Question[] = [
  {
    claim: 'setMetadata',
    asks: 'CopyObject of a key onto itself with new metadata',
    async ask(place) {
      const key = place.key('file');
      await place.put(key, 'text', { Metadata: { old: 'a' } });
      const done = await isDone(place.copy(key, key, { MetadataDirective: 'REPLACE', Metadata: { new: 'b' } }));
      return done && JSON.stringify(await metadataOf(place, key)) === '{"new":"b"}';
    },
  },
  {
    claim: 'maxMetadataBytes',
    asks: `PUT with more and more bytes in ${names} names of metadata, less the ${token} of the token that writes carry`,
    async ask(place) {
      const accepts = async (total: number): Promise<boolean> => {
        const values = total - names * perName;
        const Metadata = Object.fromEntries(
          Array.from({ length: names }, (_, index) => {
            const length = Math.floor(values / names) + (index < values % names ? 1 : 0);
            return [`n${index}`, 'v'.repeat(length)];
          }),
        );
        return isDone(place.put(place.key('file'), 'text', { Metadata }));
      };
      return (await largest(names * (perName + 1), 8192, accepts)) - token;
    },
    bearsOut: atLeast,
  },
  {
    claim: 'tags',
    asks: 'PutObjectTagging, and PUT with x-amz-tagging: do the tags come back?',
    async ask(place) {
      const [later, atOnce] = [place.key('later'), place.key('at-once')];
      await place.put(later, 'text');
      const command = new PutObjectTaggingCommand({
        Bucket: place.bucket,
        Key: later,
        Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] },
        ChecksumAlgorithm: 'CRC32',
      });
      if (!(await isDone(place.client.send(command)))) return false;
      if (!(await isDone(place.put(atOnce, 'text', { Tagging: 'a=b' })))) return false;
      return (await tagsOf(place, later)) === 'a=b' && (await tagsOf(place, atOnce)) === 'a=b';
    },
  },
];

async function metadataOf(place: Place, key: string): Promise<Record<string, string>> {
  const { Metadata = {} } = await place.client.send(new HeadObjectCommand({ Bucket: place.bucket, Key: key }));
  return Metadata;
}

async function tagsOf(place: Place, key: string): Promise<string> {
  const { TagSet = [] } = await place.client.send(new GetObjectTaggingCommand({ Bucket: place.bucket, Key: key }));
  return TagSet.map(({ Key = '', Value = '' }) => `${Key}=${Value}`).join();
}
