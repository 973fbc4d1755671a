import type { CopyObjectCommandInput } from '@aws-sdk/client-s3';
import type { CallContext, ObjectAttributes, ObjectInfo, PutResponse, WriteCondition } from '@storage/core/driver';
import { fromAttributes, storageClassOf } from './attributes.ts';
import { fromCondition, isConditional, refusal } from './conditions.ts';
import type { Connection } from './connection.ts';
import { fromSource, ofSource } from './copy-source.ts';
import { fromEncryption, type S3Encryption } from './encryption.ts';
import { placedIn, present, whatIsStored } from './object-info.ts';

/** A copy to be made. */
export interface ObjectCopy {
  readonly source: { readonly key: string; readonly versionId?: string };
  /** The source as it was found. */
  readonly info: ObjectInfo;
  readonly key: string;
  /** In place of the source's; tags, where it has none, are the source's all the same. */
  readonly attributes?: ObjectAttributes;
  readonly tier?: string;
  readonly condition: WriteCondition;
  /** @default that of the options */
  readonly encryption?: S3Encryption | undefined;
}

/** Copies in one request. */
export async function copyInOneRequest(
  connection: Connection,
  { source, info, key, attributes, tier, condition, encryption }: ObjectCopy,
  context: CallContext,
): Promise<PutResponse> {
  const { bucket, client, options, sdk } = connection;
  const input: CopyObjectCommandInput = {
    Bucket: bucket,
    Key: key,
    ...fromSource(connection, source, info),
    ...(attributes !== undefined && fromAttributes(connection, attributes)),
    MetadataDirective: attributes === undefined ? 'COPY' : 'REPLACE',
    TaggingDirective: attributes?.tags === undefined ? 'COPY' : 'REPLACE',
    StorageClass: storageClassOf(tier ?? defaultTier(connection)),
    ...fromEncryption(encryption ?? options.encryption),
    ...fromCondition(condition),
  };
  try {
    const answer = await client.send(new sdk.CopyObjectCommand(input), { abortSignal: context.signal });
    const result = present(answer.CopyObjectResult, 'CopyObjectResult');
    const { VersionId, ServerSideEncryption, SSEKMSKeyId } = answer;
    return {
      size: info.size,
      lastModified: present(result.LastModified, 'LastModified'),
      ...whatIsStored(connection, { ...result, VersionId, ServerSideEncryption, SSEKMSKeyId }),
      ...placedIn(connection, input),
    };
  } catch (error) {
    if (isConditional(condition) && !namesSource(error)) throw refusal(error, condition);
    throw ofSource(error);
  }
}

/** The tier of a copy that names none. Not the source's, which some services would keep. */
export function defaultTier({ options }: Connection): string | undefined {
  return options.storageClass ?? (options.capabilities.tiers === false ? undefined : 'STANDARD');
}

/** Whether a refused condition is that on the source. */
function namesSource(error: unknown): boolean {
  const { Condition } = error as { Condition?: unknown };
  return typeof Condition === 'string' && Condition.toLowerCase().startsWith('x-amz-copy-source');
}
