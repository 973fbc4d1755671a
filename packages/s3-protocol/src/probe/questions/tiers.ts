import { HeadObjectCommand, type StorageClass } from '@aws-sdk/client-s3';
import { awsCapabilities } from '../../capabilities/aws.ts';
import { codeOf } from '../../errors.ts';
import type { Place } from '../place.ts';
import type { Question } from '../question.ts';
import { isDone } from '../refusal.ts';

const names = awsCapabilities.tiers || [];

export const tiers: readonly Question[] = [
  {
    claim: 'tiers',
    asks: 'PUT with each storage class of AWS: which does HEAD tell?',
    async ask(place) {
      const kept = await filter(names, (name) => isKept(place, name));
      // The class of everything is no choice.
      return kept.some((name) => name !== 'STANDARD') ? kept : false;
    },
  },
  {
    claim: 'archiveTiers',
    asks: 'GET of an object in each storage class of AWS: which must be restored first?',
    async ask(place) {
      const archives = await filter(names, async (name) => (await isKept(place, name)) && isArchived(place, name));
      return archives.length > 0 ? archives : false;
    },
  },
];

async function isKept(place: Place, name: string): Promise<boolean> {
  const Key = place.key(name);
  if (!(await isDone(place.put(Key, 'text', { StorageClass: name as StorageClass })))) return false;
  const { StorageClass = 'STANDARD' } = await place.client.send(new HeadObjectCommand({ Bucket: place.bucket, Key }));
  return StorageClass === name;
}

async function isArchived(place: Place, name: string): Promise<boolean> {
  try {
    await place.read(place.key(name));
    return false;
  } catch (error) {
    if (codeOf(error) === 'InvalidObjectState') return true;
    throw error;
  }
}

async function filter(all: readonly string[], holds: (name: string) => Promise<boolean>): Promise<string[]> {
  const kept = [];
  for (const name of all) if (await holds(name)) kept.push(name);
  return kept;
}
