import type { S3Client } from '@aws-sdk/client-s3';
import type { CallContext, OptionalMembers, StorageDriver } from '@storage/core/driver';
import { check, createBucket } from './bucket.ts';
import { type Connection, openWire, type Wire } from './connection.ts';
import { copy } from './copy.ts';
import { classify } from './errors.ts';
import { listPage } from './list.ts';
import { createMultipart } from './multipart.ts';
import type { S3DriverOptions } from './options.ts';
import { put } from './put.ts';
import { get, head } from './read.ts';
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
  const secrets = [...(options.secrets ?? [])];
  let wire: Wire | undefined;
  const opened = (): Wire => {
    if (wire === undefined) throw new TypeError('The driver is not open.');
    return wire;
  };

  return {
    driverApi: 1,
    type: options.type,
    capabilities: options.capabilities,
    secrets,

    open: async () => {
      wire = await openWire(options, secrets);
    },
    close: () => {
      wire?.close();
      return Promise.resolve();
    },
    check: (context) => check(opened(), context),
    state: async (context) => state(await opened().connected(), context),
    native: async () => (await opened().connected()).client,
    classify,

    head: (request, context) => head(opened(), request, context),
    get: (request, context) => get(opened(), request, context),
    put: (request, context) => put(opened(), request, context),
    remove: (request, context) => remove(opened(), request, context),
    listPage: (request, context) => listPage(opened(), request, context),
    ...claimedMembers(options, opened),
  };
}

/** Members that exist exactly when they are claimed. */
function claimedMembers(
  { capabilities, createBucket: mayCreate }: S3DriverOptions,
  opened: () => Wire,
): OptionalMembers<S3Client> {
  const connected = async (): Promise<Connection> => opened().connected();
  const members: Required<
    Pick<OptionalMembers, 'createBucket' | 'copy' | 'removeMany' | 'setMetadata' | 'sign' | 'signForm'>
  > = {
    createBucket: async (context: CallContext) => createBucket(await connected(), context),
    copy: async (request, context) => copy(await connected(), request, context),
    removeMany: async (request, context) => removeMany(await connected(), request, context),
    setMetadata: async (request, context) => setMetadata(await connected(), request, context),
    sign: async (request, context) => sign(await connected(), request, context),
    signForm: async (request, context) => signForm(await connected(), request, context),
  };
  const { sign: signs } = capabilities;
  const hasArchives = capabilities.archiveTiers !== false;
  return {
    ...(mayCreate && { createBucket: members.createBucket }),
    ...(capabilities.multipart !== false && { multipart: createMultipart(opened) }),
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
