import { startContainer } from './container.ts';
import { launch, NotHere, type Way } from './launch.ts';
import { motoProgram } from './moto-program.ts';
import { startProcess } from './native-process.ts';
import type { S3Access, Server, Skipped } from './server.ts';

const defaultImage = 'motoserver/moto:5.2.3';

// It checks no signature: any will do.
const keys = { accessKey: 'storage-tests', secretKey: 'storage-tests-secret' };

/**
 * A moto server (an emulator of AWS, here for the storage classes and archives that MinIO does not have): the one that
 * `STORAGE_TEST_MOTO_ENDPOINT` names, a container, or a process of the Python package `moto`.
 *
 * @example
 * const moto = await startMoto();
 * if ('skipped' in moto) return;
 * try {
 *   await runTests(moto.access);
 * } finally {
 *   await moto.stop();
 * }
 */
export function startMoto(): Promise<Server<S3Access> | Skipped> {
  return launch('moto', [fromEnvironment, asContainer, asProcess]);
}

const fromEnvironment: Way<S3Access> = async () => {
  const endpointUrl = process.env['STORAGE_TEST_MOTO_ENDPOINT'];
  if (endpointUrl === undefined) throw new NotHere('STORAGE_TEST_MOTO_ENDPOINT is not set');
  return { access: { endpointUrl, ...keys }, origin: 'environment', stop: () => Promise.resolve() };
};

const asContainer: Way<S3Access> = async () => {
  const container = await startContainer({
    image: process.env['STORAGE_TEST_MOTO_IMAGE'] ?? defaultImage,
    port: 5000,
    readyPath: '/moto-api/data.json',
    command: [],
  });
  return { access: { endpointUrl: container.url, ...keys }, origin: 'container', stop: container.stop };
};

const asProcess: Way<S3Access> = async () => {
  const { file, args } = await motoProgram();
  const server = await startProcess({
    file,
    args: (port) => [...args, '-H', '127.0.0.1', '-p', String(port)],
    readyPath: '/moto-api/data.json',
  });
  return { access: { endpointUrl: server.url, ...keys }, origin: 'process', stop: server.stop };
};
