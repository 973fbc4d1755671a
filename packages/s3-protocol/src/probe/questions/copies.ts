import { UploadPartCopyCommand } from '@aws-sdk/client-s3';
import type { Place } from '../place.ts';
import type { Question } from '../question.ts';
import { isDone } from '../refusal.ts';

export const copies: readonly Question[] = [
  {
    claim: 'copy',
    asks: 'CopyObject onto a free and onto a taken key',
    async ask(place) {
      await place.put(place.key('from'), 'text');
      if (!(await isDone(place.copy(place.key('from'), place.key('to'))))) return false;
      await place.put(place.key('taken'), 'other');
      await place.copy(place.key('from'), place.key('taken'));
      return (await place.read(place.key('to'))) === 'text' && (await place.read(place.key('taken'))) === 'text';
    },
  },
  {
    claim: 'sourceIfMatchCopy',
    asks: 'CopyObject with an x-amz-copy-source-if-match that is true, and one that is not',
    async ask(place) {
      const { ETag: old } = await place.put(place.key('from'), 'first');
      if (!(await isDone(place.copy(place.key('from'), place.key('to'), { CopySourceIfMatch: old })))) return false;
      await place.put(place.key('from'), 'second');
      const done = await isDone(place.copy(place.key('from'), place.key('to'), { CopySourceIfMatch: old }));
      return !done && (await place.read(place.key('to'))) === 'first';
    },
  },
  {
    claim: 'profile.conditionalCopy',
    asks: 'CopyObject with If-None-Match: * and with a wrong If-Match; the same on the completion of an upload of copied parts',
    async ask(place) {
      if ((await enforces(place, copyOnto, ifAbsent)) && (await enforces(place, copyOnto, ifMatch))) return 'copy';
      if ((await enforces(place, copyInParts, ifAbsent)) && (await enforces(place, copyInParts, ifMatch))) {
        return 'complete';
      }
      return { unanswered: 'neither enforces a condition' };
    },
  },
  {
    claim: 'ifAbsentCopy',
    asks: 'a copy with If-None-Match: * onto a taken key, in one request or as copied parts',
    ask: async (place) => (await enforces(place, copyOnto, ifAbsent)) || enforces(place, copyInParts, ifAbsent),
  },
  {
    claim: 'ifMatchCopy',
    asks: 'a copy with a wrong If-Match onto a taken key, in one request or as copied parts',
    ask: async (place) => (await enforces(place, copyOnto, ifMatch)) || enforces(place, copyInParts, ifMatch),
  },
];

interface Condition {
  readonly IfNoneMatch?: string;
  readonly IfMatch?: string;
}

const ifAbsent = (): Condition => ({ IfNoneMatch: '*' });
const ifMatch = (etag: string): Condition => ({ IfMatch: etag });

type Copy = (place: Place, from: string, to: string, condition: Condition) => Promise<void>;

const copyOnto: Copy = (place, from, to, condition) => place.copy(from, to, condition);

const copyInParts: Copy = async (place, from, to, condition) => {
  const upload = await place.startUpload(to);
  const command = new UploadPartCopyCommand({
    Bucket: place.bucket,
    ...upload,
    PartNumber: 1,
    CopySource: place.sourceOf(from),
  });
  const { CopyPartResult } = await place.client.send(command);
  await place.complete(upload, [{ PartNumber: 1, ETag: CopyPartResult?.ETag }], condition);
};

/** Whether a condition that does not hold keeps a copy from being made. */
async function enforces(place: Place, copy: Copy, conditionOf: (oldEtag: string) => Condition): Promise<boolean> {
  const [from, to] = [place.key('from'), place.key('to')];
  await place.put(from, 'new');
  const { ETag: old = '' } = await place.put(to, 'first');
  await place.put(to, 'second');
  const done = await isDone(copy(place, from, to, conditionOf(old)));
  return !done && (await place.read(to)) === 'second';
}
