import type { CallContext, TagsMember } from '@storage/core/driver';
import type { Connection } from './connection.ts';
import { told } from './object-info.ts';

/** Tags of an object. */
export function createTags(connected: () => Promise<Connection>): TagsMember {
  return {
    get: async (request, context) => getTags(await connected(), request, context),
    set: async (request, context) => setTags(await connected(), request, context),
  };
}

export async function getTags(
  connection: Connection,
  { key, versionId }: { readonly key: string; readonly versionId?: string },
  context: CallContext,
): Promise<Record<string, string>> {
  const command = new connection.sdk.GetObjectTaggingCommand({
    Bucket: connection.bucket,
    Key: key,
    VersionId: versionId,
  });
  const { TagSet } = await connection.client.send(command, { abortSignal: context.signal });
  return Object.fromEntries(told(TagSet, 'tags').map(({ Key = '', Value = '' }) => [Key, Value]));
}

async function setTags(
  connection: Connection,
  { key, tags }: { readonly key: string; readonly tags: Readonly<Record<string, string>> },
  context: CallContext,
): Promise<void> {
  const command = new connection.sdk.PutObjectTaggingCommand({
    Bucket: connection.bucket,
    Key: key,
    Tagging: { TagSet: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
    ChecksumAlgorithm: 'CRC32',
  });
  await connection.client.send(command, { abortSignal: context.signal });
}
