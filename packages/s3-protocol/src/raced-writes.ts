import type { S3Client } from '@aws-sdk/client-s3';
import { namedInRace } from '@storage/core/driver';
import { codeOf } from './errors.ts';
import type { S3Profile } from './profile.ts';

/** Commands that put an object into the folder of its key. */
const writes = new Set(['PutObjectCommand', 'CopyObjectCommand', 'CompleteMultipartUploadCommand']);

/**
 * Lets refused writes be tried once more. MinIO answers `AccessDenied` (2 of 1,000 in a loop of both) when a delete removes
 * the folder of a key while a write lands in it; nothing but the second answer tells that from a real denial.
 */
export function allowForRacedWrites(client: S3Client): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        try {
          return await next(args);
        } catch (error) {
          throw writes.has(commandName) ? asRaced(error) : error;
        }
      },
    { step: 'initialize', name: 'allowForRacedWrites' },
  );
}

/** The same for one write. */
export async function raced<T>({ deniesRacedWrites }: S3Profile, write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    throw deniesRacedWrites ? asRaced(error) : error;
  }
}

function asRaced(error: unknown): unknown {
  return codeOf(error) === 'AccessDenied' ? namedInRace(error, 'PermissionDenied') : error;
}
