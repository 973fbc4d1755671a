import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { startContainer } from './container.ts';
import { launch, NotHere, type Way } from './launch.ts';
import { startProcess } from './native-process.ts';
import type { AzureBlobAccess, Server, Skipped } from './server.ts';

const defaultImage = 'mcr.microsoft.com/azure-storage/azurite:3.37.0';
const accountName = 'storagetests';
const accountKey = Buffer.alloc(64, 'k').toString('base64');
const environment = { AZURITE_ACCOUNTS: `${accountName}:${accountKey}` };

// The SDK speaks a newer version of the service than the newest Azurite knows; what is used of it is the same.
const options = ['--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry', '--silent'];

/**
 * An Azurite server (the Azure Blob emulator): the one that `STORAGE_TEST_AZURITE_ENDPOINT` names, a container, or
 * a process of the npm package `azurite`.
 *
 * @example
 * const azurite = await startAzurite();
 * if ('skipped' in azurite) return;
 * try {
 *   await runTests(azurite.access);
 * } finally {
 *   await azurite.stop();
 * }
 */
export function startAzurite(): Promise<Server<AzureBlobAccess> | Skipped> {
  return launch('Azurite', [fromEnvironment, asContainer, asProcess]);
}

const fromEnvironment: Way<AzureBlobAccess> = async () => {
  const endpointUrl = process.env['STORAGE_TEST_AZURITE_ENDPOINT'];
  if (endpointUrl === undefined) throw new NotHere('STORAGE_TEST_AZURITE_ENDPOINT is not set');
  return {
    access: {
      endpointUrl,
      accountName: process.env['STORAGE_TEST_AZURITE_ACCOUNT_NAME'] ?? accountName,
      accountKey: process.env['STORAGE_TEST_AZURITE_ACCOUNT_KEY'] ?? accountKey,
    },
    origin: 'environment',
    stop: () => Promise.resolve(),
  };
};

const asContainer: Way<AzureBlobAccess> = async () => {
  const container = await startContainer({
    image: process.env['STORAGE_TEST_AZURITE_IMAGE'] ?? defaultImage,
    port: 10_000,
    command: ['azurite-blob', '--blobHost', '0.0.0.0', ...options],
    environment,
  });
  return { access: accessAt(container.url), origin: 'container', pid: container.pid, stop: container.stop };
};

const asProcess: Way<AzureBlobAccess> = async () => {
  const server = await startProcess({
    file: process.execPath,
    args: (port) => [azuriteMain(), '--blobPort', String(port), ...options],
    readyPath: '/',
    environment,
  });
  return { access: accessAt(server.url), origin: 'process', pid: server.pid, stop: server.stop };
};

function accessAt(url: string): AzureBlobAccess {
  return { endpointUrl: `${url}/${accountName}`, accountName, accountKey };
}

/** The program of the `azurite` package, which the project under test or this package has installed. */
function azuriteMain(): string {
  for (const from of [join(process.cwd(), 'package.json'), import.meta.url]) {
    try {
      return join(dirname(createRequire(from).resolve('azurite/package.json')), 'dist/src/blob/main.js');
    } catch {
      // Not installed there: the next place is asked.
    }
  }
  throw new NotHere('the npm package azurite is not installed');
}
