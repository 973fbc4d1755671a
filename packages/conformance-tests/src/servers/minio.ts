import { startContainer } from './container.ts';
import { launch, NotHere, type Way } from './launch.ts';
import { minioBinary } from './minio-binary.ts';
import { startProcess } from './native-process.ts';
import type { MinioAccess, Server, Skipped } from './server.ts';

const defaultImage = 'quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z';
const accessKey = 'storage-tests';
const secretKey = 'storage-tests-secret';

/** What the server has. */
export interface MinioSetup {
  /** A key for encryption at rest; without one MinIO refuses every request for it. @default true */
  readonly kms?: boolean;
}

function environmentOf({ kms = true }: MinioSetup): Record<string, string> {
  return {
    MINIO_ROOT_USER: accessKey,
    MINIO_ROOT_PASSWORD: secretKey,
    MINIO_BROWSER: 'off',
    ...(kms && { MINIO_KMS_SECRET_KEY: `storage-tests:${Buffer.alloc(32, 'k').toString('base64')}` }),
  };
}

/**
 * A MinIO server: the one that `STORAGE_TEST_MINIO_ENDPOINT` names, a container, or a process.
 *
 * @example
 * const minio = await startMinio();
 * if ('skipped' in minio) return;
 * try {
 *   await runTests(minio.access);
 * } finally {
 *   await minio.stop();
 * }
 */
export function startMinio(setup: MinioSetup = {}): Promise<Server<MinioAccess> | Skipped> {
  // One that was started elsewhere has what it has.
  const given = setup.kms === false ? [] : [fromEnvironment];
  const environment = environmentOf(setup);
  return launch('MinIO', [...given, asContainer(environment), asProcess(environment)]);
}

const fromEnvironment: Way<MinioAccess> = async () => {
  const endpointUrl = process.env['STORAGE_TEST_MINIO_ENDPOINT'];
  if (endpointUrl === undefined) throw new NotHere('STORAGE_TEST_MINIO_ENDPOINT is not set');
  return {
    access: {
      endpointUrl,
      accessKey: process.env['STORAGE_TEST_MINIO_ACCESS_KEY'] ?? 'minioadmin',
      secretKey: process.env['STORAGE_TEST_MINIO_SECRET_KEY'] ?? 'minioadmin',
    },
    origin: 'environment',
    stop: () => Promise.resolve(),
  };
};

const asContainer =
  (environment: Record<string, string>): Way<MinioAccess> =>
  async () => {
    const container = await startContainer({
      image: process.env['STORAGE_TEST_MINIO_IMAGE'] ?? defaultImage,
      port: 9000,
      readyPath: '/minio/health/live',
      command: ['server', '/data'],
      environment,
    });
    return {
      access: { endpointUrl: container.url, accessKey, secretKey },
      origin: 'container',
      pid: container.pid,
      stop: container.stop,
    };
  };

const asProcess =
  (environment: Record<string, string>): Way<MinioAccess> =>
  async () => {
    const server = await startProcess({
      file: await minioBinary(),
      args: (port, folder) => ['server', '--address', `127.0.0.1:${port}`, folder],
      readyPath: '/minio/health/live',
      environment,
    });
    return {
      access: { endpointUrl: server.url, accessKey, secretKey },
      origin: 'process',
      pid: server.pid,
      stop: server.stop,
    };
  };
