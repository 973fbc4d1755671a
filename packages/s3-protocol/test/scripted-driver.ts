import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CallContext, defineCapabilities, type StorageDriver } from '@storage/core/driver';
import { createS3Driver, profiles, type S3DriverOptions } from '../src/index.ts';

export const context: CallContext = { signal: new AbortController().signal, attempt: 1 };

/** An open driver before a server of this process, whose answers a test writes. */
export async function openScripted(server: Server, more: Partial<S3DriverOptions>): Promise<StorageDriver> {
  const driver = createS3Driver({
    type: 'scripted',
    capabilities: defineCapabilities({ tiers: false, sign: false, versions: false } as never),
    profile: profiles.minio,
    bucketName: 'bucket',
    region: 'us-east-1',
    endpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    pathStyle: true,
    createBucket: false,
    ...more,
  });
  await driver.open(context);
  return driver;
}
