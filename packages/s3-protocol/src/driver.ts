import type { S3Client } from '@aws-sdk/client-s3';
import type { CallContext, OptionalMembers, StorageDriver } from '@storage/core/driver';
import { check, createBucket } from './bucket.ts';
import { type Connection, connect } from './connection.ts';
import { copy } from './copy.ts';
import { classify } from './errors.ts';
import { listPage } from './list.ts';
import { createMultipart } from './multipart.ts';
import type { S3DriverOptions } from './options.ts';
import { put } from './put.ts';
import { get, head } from './read.ts';
import { checkRegion } from './region.ts';
import { remove } from './remove.ts';
import { removeMany } from './remove-many.ts';
import { setMetadata } from './set-metadata.ts';
import { sign } from './sign.ts';
import { signForm } from './sign-form.ts';
import { state } from './state.ts';
import { createTags } from './tags.ts';
import { createArchiveTiers, createTiers } from './tiers.ts';
import { createVersions } from './versions.ts';

/**
 * A driver for a service that speaks S3.
 *
 * @example
 * const driver = createS3Driver({ type: 'minio', capabilities, profile: profiles.minio, bucketName: 'uploads', … });
 */
export function createS3Driver(options: S3DriverOptions): StorageDriver<S3Client> {
  let connection: Connection | undefined;
  const secrets = [...(options.secrets ?? [])];
  const connected = (): Connection => {
    if (connection === undefined) throw new TypeError('The driver is not open.');
    return connection;
  };

  return {
    driverApi: 1,
    type: options.type,
    capabilities: options.capabilities,
    secrets,

    open: async () => {
      const opened = await connect(options, secrets);
      if (options.region === undefined) await checkRegion(opened);
      connection = opened;
    },
    close: () => {
      connection?.close();
      return Promise.resolve();
    },
    check: (context) => check(connected(), context),
    state: (context) => state(connected(), context),
    native: () => Promise.resolve(connected().client),
    classify,

    head: (request, context) => head(connected(), request, context),
    get: (request, context) => get(connected(), request, context),
    put: (request, context) => put(connected(), request, context),
    remove: (request, context) => remove(connected(), request, context),
    listPage: (request, context) => listPage(connected(), request, context),
    ...claimedMembers(options, connected),
  };
}

/** Members that exist exactly when they are claimed. */
function claimedMembers(
  { capabilities, createBucket: mayCreate }: S3DriverOptions,
  connected: () => Connection,
): OptionalMembers<S3Client> {
  const members: Required<
    Pick<OptionalMembers, 'createBucket' | 'copy' | 'removeMany' | 'setMetadata' | 'sign' | 'signForm'>
  > = {
    createBucket: (context: CallContext) => createBucket(connected(), context),
    copy: (request, context) => copy(connected(), request, context),
    removeMany: (request, context) => removeMany(connected(), request, context),
    setMetadata: (request, context) => setMetadata(connected(), request, context),
    sign: (request, context) => sign(connected(), request, context),
    signForm: (request, context) => signForm(connected(), request, context),
  };
  const { sign: signs } = capabilities;
  const hasArchives = capabilities.archiveTiers !== false;
  return {
    ...(mayCreate && { createBucket: members.createBucket }),
    ...(capabilities.multipart !== false && { multipart: createMultipart(connected) }),
    ...(capabilities.copy && { copy: members.copy }),
    ...(capabilities.batchDelete !== false && { removeMany: members.removeMany }),
    ...(capabilities.setMetadata && { setMetadata: members.setMetadata }),
    ...(signs !== false && { sign: members.sign }),
    ...(signs !== false && signs.uploadForm && { signForm: members.signForm }),
    ...(capabilities.versions !== false && { versions: createVersions(connected) }),
    ...(capabilities.tiers !== false && { tiers: (hasArchives ? createArchiveTiers : createTiers)(connected) }),
    ...(capabilities.tags && { tags: createTags(connected) }),
  };
}
