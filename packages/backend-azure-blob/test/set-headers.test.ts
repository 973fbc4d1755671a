import { expect, test } from 'vitest';
import { parseOptions } from '../src/config.ts';
import type { AzureBlobOptions } from '../src/index.ts';
import type { ChangeableRequest } from '../src/request-change.ts';
import { settingHeaders } from '../src/set-headers.ts';

const url = 'https://mycompany.blob.core.windows.net/uploads/a.txt';
const account = { accountName: 'mycompany', accountKey: 'c2VjcmV0', containerName: 'uploads' };
const customerProvidedKey = Buffer.alloc(32, 'c').toString('base64');

/** Names of the headers that a request gets. */
function headersOf(options: AzureBlobOptions, method: ChangeableRequest['method'], query = ''): string[] {
  const change = settingHeaders(parseOptions({ ...account, ...options }).driver);
  const headers = new Map<string, string>();
  const collected = {
    contains: (name: string) => headers.has(name),
    get: (name: string) => headers.get(name),
    set: (name: string, value: string | number) => void headers.set(name, String(value)),
  };
  change?.({ method, url: url + query, headers: collected });
  return [...headers.keys()];
}

const key = ['x-ms-encryption-key', 'x-ms-encryption-key-sha256', 'x-ms-encryption-algorithm'];
const scope = ['x-ms-encryption-scope'];
const tier = ['x-ms-access-tier'];

test.each<[method: ChangeableRequest['method'], query: string, ofKey: string[], ofScope: string[], ofTier: string[]]>([
  ['PUT', '', key, scope, tier],
  ['PUT', '?comp=blocklist', key, scope, tier],
  ['PUT', '?comp=block&blockid=x', key, scope, []],
  ['PUT', '?comp=metadata', key, scope, []],
  ['PUT', '?comp=snapshot', key, scope, []],
  ['GET', '', key, [], []],
  ['HEAD', '?versionid=x', key, [], []],
  ['PUT', '?comp=tier', [], [], []],
  ['PUT', '?comp=tags', [], [], []],
  ['PUT', '?comp=lease', [], [], []],
  ['PUT', '?restype=container', [], [], []],
  ['GET', '?comp=list&restype=container', [], [], []],
  ['DELETE', '', [], [], []],
])('%s %s', (method, query, ofKey, ofScope, ofTier) => {
  expect(headersOf({ customerProvidedKey }, method, query)).toEqual(ofKey);
  expect(headersOf({ encryptionScope: 'scope-1' }, method, query)).toEqual(ofScope);
  expect(headersOf({ tier: 'Cool' }, method, query)).toEqual(ofTier);
  expect(headersOf({}, method, query)).toEqual([]);
});
