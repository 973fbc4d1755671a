import type { S3Client } from '@aws-sdk/client-s3';
import type { CallContext, StorageDriver } from '@storage/core/driver';
import { check, createBucket } from './bucket.ts';
import { type Connection, connect } from './connection.ts';
import { classify } from './errors.ts';
import { listPage } from './list.ts';
import type { S3DriverOptions } from './options.ts';
import { get, head } from './read.ts';
import { put, remove } from './write.ts';

/**
 * A driver for a service that speaks S3.
 *
 * @example
 * const driver = createS3Driver({ type: 'minio', capabilities, endpointUrl: 'http://127.0.0.1:9000', … });
 */
export function createS3Driver(options: S3DriverOptions): StorageDriver<S3Client> {
  let connection: Connection | undefined;
  const connected = (): Connection => {
    if (connection === undefined) throw new TypeError('The driver is not open.');
    return connection;
  };

  return {
    driverApi: 1,
    type: options.type,
    capabilities: options.capabilities,
    secrets: [options.secretKey],

    open: async () => {
      connection = await connect(options);
    },
    close: () => {
      connection?.close();
      return Promise.resolve();
    },
    check: (context) => check(connected(), context),
    ...(options.createBucket && {
      createBucket: (context: CallContext) => createBucket(connected(), options.region, context),
    }),
    head: (request, context) => head(connected(), request, context),
    get: (request, context) => get(connected(), request, context),
    put: (request, context) => put(connected(), request, context),
    remove: (request, context) => remove(connected(), request, context),
    listPage: (request, context) => listPage(connected(), request, context),
    native: () => Promise.resolve(connected().client),
    classify,
  };
}
