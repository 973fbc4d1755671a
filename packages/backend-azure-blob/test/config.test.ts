import { inspect } from 'node:util';
import { isStorageError } from '@storage/core';
import { describe, expect, test } from 'vitest';
import { parseOptions } from '../src/config.ts';
import { AzureBlobBackend, type AzureBlobOptions } from '../src/index.ts';

const accountName = 'mycompany';
const accountKey = 'dmVyeS1zZWNyZXQ=';
const containerName = 'uploads';
const options = { accountName, accountKey, containerName };
const endpointUrl = 'https://mycompany.blob.core.windows.net';
const sas = 'sv=2026-02-06&sp=r&se=2027-01-01T00%3A00%3A00Z&sig=c2VjcmV0LXNpZ25hdHVyZQ%3D%3D';
const credential = { getToken: () => Promise.resolve(null) };
const customerProvidedKey = Buffer.alloc(32, 'k').toString('base64');

function messageOf(given: AzureBlobOptions): string {
  try {
    return `accepted: ${new AzureBlobBackend(given).type}`;
  } catch (error) {
    if (!isStorageError(error) || error.code !== 'InvalidConfig') throw error;
    return error.message;
  }
}

describe('who asks, and where:', () => {
  const where = (given: AzureBlobOptions): unknown => {
    const { credentials, endpointUrl: address, containerName: container } = parseOptions(given).driver;
    return [address, container, credentials];
  };
  const key = { kind: 'key', accountName, accountKey };

  test('an account and its key', () => {
    expect(where(options)).toEqual([endpointUrl, containerName, key]);
    const emulator = 'http://127.0.0.1:10000/devstoreaccount1';
    expect(where({ ...options, endpointUrl: `${emulator}/` })).toEqual([emulator, containerName, key]);
  });

  test('an account and a shared access signature, with or without its question mark', () => {
    const expected = [endpointUrl, containerName, { kind: 'sas', token: sas }];
    expect(where({ accountName, containerName, sasToken: sas })).toEqual(expected);
    expect(where({ accountName, containerName, sasToken: `?${sas}` })).toEqual(expected);
  });

  test('an account and a credential', () => {
    const expected = { kind: 'token', accountName, credential };
    expect(where({ accountName, containerName, credential })).toEqual([endpointUrl, containerName, expected]);
  });

  test.each([
    [`https://mycompany.blob.core.windows.net/uploads?${sas}`, undefined, endpointUrl],
    [`https://mycompany.blob.core.windows.net/uploads?${sas}`, 'uploads', endpointUrl],
    [`https://mycompany.blob.core.windows.net/?${sas}`, 'uploads', endpointUrl],
    [`https://files.example.com?${sas}`, 'uploads', 'https://files.example.com'],
    [`http://127.0.0.1:10000/devstore/uploads?${sas}`, undefined, 'http://127.0.0.1:10000/devstore'],
    [`http://localhost:10000/devstore?${sas}`, 'uploads', 'http://localhost:10000/devstore'],
  ])('the SAS URL %s with the container %s', (sasUrl, container, address) => {
    expect(where({ sasUrl, containerName: container })).toEqual([address, 'uploads', { kind: 'sas', token: sas }]);
  });

  test.each([
    [`DefaultEndpointsProtocol=https;AccountName=mycompany;AccountKey=${accountKey}`, endpointUrl, key],
    [
      `AccountName=mycompany;AccountKey=${accountKey};EndpointSuffix=core.chinacloudapi.cn;`,
      'https://mycompany.blob.core.chinacloudapi.cn',
      key,
    ],
    [`BlobEndpoint=${endpointUrl}/;AccountName=mycompany;AccountKey=${accountKey}`, endpointUrl, key],
    [`BlobEndpoint=${endpointUrl}/;SharedAccessSignature=${sas}`, endpointUrl, { kind: 'sas', token: sas }],
    [`AccountName=mycompany;SharedAccessSignature=?${sas}`, endpointUrl, { kind: 'sas', token: sas }],
  ])('the connection string %s', (connectionString, address, credentials) => {
    expect(where({ connectionString, containerName })).toEqual([address, 'uploads', credentials]);
  });

  test('the account of every emulator', () => {
    const [address, , credentials] = where({
      connectionString: 'UseDevelopmentStorage=true',
      containerName,
    }) as unknown[];
    expect(address).toBe('http://127.0.0.1:10000/devstoreaccount1');
    expect(credentials).toMatchObject({ kind: 'key', accountName: 'devstoreaccount1' });
  });
});

test('the other region of an account is found by its name, or given', () => {
  const secondary = (more: AzureBlobOptions): string | undefined =>
    parseOptions({ ...options, readFromSecondary: true, ...more }).driver.secondaryEndpoint;
  expect(secondary({})).toBe('https://mycompany-secondary.blob.core.windows.net');
  expect(secondary({ endpointUrl: 'https://mycompany.z12.blob.storage.azure.net' })).toBe(
    'https://mycompany-secondary.z12.blob.storage.azure.net',
  );
  const secondaryEndpoint = 'http://127.0.0.1:10000/mycompany-secondary/';
  expect(secondary({ endpointUrl: 'http://127.0.0.1:10000/mycompany', secondaryEndpoint })).toBe(
    'http://127.0.0.1:10000/mycompany-secondary',
  );
  expect(parseOptions(options).driver.secondaryEndpoint).toBeUndefined();
});

describe('refused, before anything is sent:', () => {
  test.each(['ab', 'UPPER', 'two--dashes', '-dash', 'dash-', 'under_score', 'a'.repeat(64)])(
    'the container name %j',
    (name) => {
      expect(messageOf({ ...options, containerName: name })).toContain('containerName must be a container name');
    },
  );

  test.each<[string, AzureBlobOptions]>([
    ['containerName is missing', { accountName, accountKey }],
    ['containerName is missing', { sasUrl: `${endpointUrl}?${sas}` }],
    ['nothing authorizes requests: give', { containerName }],
    ['nothing authorizes requests: give', { accountName, containerName }],
    ['accountKey and sasToken each authorize requests: give one of them', { ...options, sasToken: sas }],
    [
      'connectionString and credential each authorize',
      { containerName, credential, connectionString: 'UseDevelopmentStorage=true' },
    ],
    ['accountName is missing: accountKey needs it', { accountKey, containerName }],
    ['accountName is missing: credential needs it', { credential, containerName }],
    ['accountName is part of the sasUrl: leave it out', { accountName, sasUrl: `${endpointUrl}/uploads?${sas}` }],
    ['endpointUrl is part of the sasUrl: leave it out', { endpointUrl, sasUrl: `${endpointUrl}/uploads?${sas}` }],
    ['but sasUrl is of the container uploads', { sasUrl: `${endpointUrl}/uploads?${sas}`, containerName: 'other' }],
    ['the container in sasUrl must be', { sasUrl: `${endpointUrl}/UP?${sas}` }],
    ['sasUrl must be the URL of a container or account', { sasUrl: endpointUrl }],
    ['sasToken must be a shared access signature', { accountName, containerName, sasToken: 'sv=2026-02-06' }],
    ['connectionString must be a connection string', { connectionString: 'nonsense', containerName }],
    ['connectionString has neither AccountName nor', { connectionString: `AccountKey=${accountKey}`, containerName }],
    ['has neither AccountKey nor SharedAccess', { connectionString: 'AccountName=mycompany', containerName }],
    ['credential must be a TokenCredential', { accountName, containerName, credential: {} as typeof credential }],
    [
      'endpointUrl must begin with https://, since a credential',
      { accountName, containerName, credential, endpointUrl: 'http://localhost:10000/mycompany' },
    ],
    [
      'endpointUrl must begin with https://, since customerProvidedKey',
      { ...options, customerProvidedKey, endpointUrl: 'http://localhost:10000/mycompany' },
    ],
    ['customerProvidedKey must be a key of 256 bits', { ...options, customerProvidedKey: 'c2hvcnQ=' }],
    ['cannot be given together', { ...options, customerProvidedKey, encryptionScope: 'scope-1' }],
    ['encryptionScope must be the name', { ...options, encryptionScope: 'no scope' }],
    ["tier must be 'Hot' or 'Cool' or 'Cold' or 'Archive'", { ...options, tier: 'hot' as 'Hot' }],
    ['secondaryEndpoint is for readFromSecondary: true', { ...options, secondaryEndpoint: endpointUrl }],
    [
      'secondaryEndpoint is missing: the address',
      { ...options, endpointUrl: 'https://files.example.com', readFromSecondary: true },
    ],
    ['ca must be certificates as PEM', { ...options, ca: '/etc/ssl/ca.pem' }],
  ])('%s', (message, given) => {
    expect(messageOf(given)).toContain(message);
  });

  test('an account key that is no base64, without showing it', () => {
    const message = messageOf({ ...options, accountKey: 'not-base64!' });
    expect(message).toContain('accountKey must be an account key (base64)');
    expect(message).not.toContain('not-base64!');
  });

  test('several faults, all named at once', () => {
    const given = { ...options, accountName: 'My Company', containerName: '', container: 'x', tier: 'Warm' };
    const message = messageOf(given as unknown as AzureBlobOptions);
    for (const name of ['accountName', 'containerName', 'container ', 'tier']) expect(message).toContain(name);
    const two = messageOf({ accountName, accountKey, sasToken: sas, secondaryEndpoint: endpointUrl });
    expect(two).toContain('3 faults');
  });
});

test('a config shows no secret, and makes instances', () => {
  const ways: AzureBlobOptions[] = [
    { ...options, customerProvidedKey },
    { accountName, containerName, sasToken: sas },
    { sasUrl: `${endpointUrl}/uploads?${sas}` },
    { containerName, connectionString: `AccountName=mycompany;AccountKey=${accountKey}` },
    { accountName, containerName, credential },
  ];
  for (const way of ways) {
    const config = AzureBlobBackend.createConfig({ ...way, name: 'uploads' });
    for (const printed of [inspect(config), JSON.stringify(config)]) {
      for (const secret of [accountKey, 'c2VjcmV0LXNpZ25hdHVyZQ', customerProvidedKey]) {
        expect(printed).not.toContain(secret);
      }
    }
    expect(config.create()).toBeInstanceOf(AzureBlobBackend);
    expect(config.create().name).toBe('uploads');
  }
});
