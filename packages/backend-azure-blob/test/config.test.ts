import { inspect } from 'node:util';
import { isStorageError } from '@storage/core';
import { describe, expect, test } from 'vitest';
import { parseOptions } from '../src/config.ts';
import { AzureBlobBackend, type AzureBlobOptions } from '../src/index.ts';

const options: AzureBlobOptions = {
  accountName: 'mycompany',
  accountKey: 'dmVyeS1zZWNyZXQ=',
  containerName: 'uploads',
};

function messageOf(wrong: object): string {
  try {
    return `accepted: ${new AzureBlobBackend({ ...options, ...wrong }).type}`;
  } catch (error) {
    if (!isStorageError(error) || error.code !== 'InvalidConfig') throw error;
    return error.message;
  }
}

test('the address is that of the account, unless it is given', () => {
  const endpointUrl = 'https://mycompany.blob.core.windows.net';
  expect(parseOptions(options).driver).toEqual({ ...options, endpointUrl, createContainer: false });
  const emulator = 'http://127.0.0.1:10000/devstoreaccount1';
  expect(parseOptions({ ...options, endpointUrl: emulator }).driver.endpointUrl).toBe(emulator);
});

describe('refused, before anything is sent:', () => {
  test.each(['ab', 'UPPER', 'two--dashes', '-dash', 'dash-', 'under_score', 'a'.repeat(64)])(
    'the container name %j',
    (containerName) => {
      expect(messageOf({ containerName })).toContain('containerName must be a container name');
    },
  );

  test('an account key that is no base64, without showing it', () => {
    const message = messageOf({ accountKey: 'not-base64!' });
    expect(message).toContain('accountKey must be an account key (base64)');
    expect(message).not.toContain('not-base64!');
  });

  test('several faults, all named at once', () => {
    const message = messageOf({ accountName: 'My Company', containerName: '', container: 'x' });
    for (const name of ['accountName', 'containerName', 'container ']) expect(message).toContain(name);
  });
});

test('a config shows no secret, and makes instances', () => {
  const config = AzureBlobBackend.createConfig({ ...options, name: 'uploads' });
  for (const printed of [inspect(config), JSON.stringify(config)]) {
    expect(printed).not.toContain(options.accountKey);
  }
  expect(config.create()).toBeInstanceOf(AzureBlobBackend);
  expect(config.create().name).toBe('uploads');
});
