import { GetBucketVersioningCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import type { Place } from '../place.ts';
import type { Question } from '../question.ts';
import { isDone } from '../refusal.ts';

// The settings of a bucket are its owner's: what needs versioning is asked where it is on.
const off = { unanswered: 'versioning is off in this bucket' };

export const versions: readonly Question[] = [
  {
    claim: 'versions',
    asks: 'GetBucketVersioning; where it is on: are both of two writes to a key listed?',
    async ask(place) {
      const status = place.client.send(new GetBucketVersioningCommand({ Bucket: place.bucket }));
      if (!(await isDone(status))) return false;
      if ((await status).Status !== 'Enabled') return 'if-enabled';
      for (const text of ['first', 'second']) await place.put(place.key('file'), text);
      const command = new ListObjectVersionsCommand({ Bucket: place.bucket, Prefix: place.key('file') });
      const { Versions = [] } = await place.client.send(command);
      return Versions.length === 2 ? 'if-enabled' : false;
    },
  },
  {
    claim: 'undelete',
    asks: 'DELETE of the mark that a DELETE left: is the object back?',
    async ask(place) {
      if (!(await isVersioned(place))) return off;
      const key = place.key('file');
      await place.put(key, 'text');
      await place.delete(key);
      const command = new ListObjectVersionsCommand({ Bucket: place.bucket, Prefix: key });
      const { DeleteMarkers: [marker] = [] } = await place.client.send(command);
      if (marker === undefined) return false;
      await place.delete(key, { VersionId: marker.VersionId });
      return (await place.read(key)) === 'text';
    },
  },
];

async function isVersioned(place: Place): Promise<boolean> {
  const status = place.client.send(new GetBucketVersioningCommand({ Bucket: place.bucket }));
  return (await isDone(status)) && (await status).Status === 'Enabled';
}
