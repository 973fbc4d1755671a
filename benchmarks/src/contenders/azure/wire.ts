import { createHmac, createSecretKey } from 'node:crypto';
import type { AzureStore } from '../../services/store.ts';
import { createWire, type Wire } from '../http.ts';

const version = '2025-11-05';

/** Azure Blob with SharedKey, its key kept as one. */
export function createAzureWire(store: AzureStore): Wire {
  const key = createSecretKey(Buffer.from(store.accountKey, 'base64'));
  const root = `${new URL(store.endpointUrl).pathname.replace(/\/$/, '')}/${store.container}`;

  return createWire(store.endpointUrl, ({ method, key: blob, query = {}, headers = {} }, length) => {
    const path = `${root}${blob === '' ? '' : '/'}${blob}`;
    const ours: Record<string, string> = {
      ...headers,
      'x-ms-date': new Date().toUTCString(),
      'x-ms-version': version,
    };
    const parameters = Object.entries(query);
    const named = Object.keys(ours)
      .filter((name) => name.startsWith('x-ms-'))
      .sort()
      .map((name) => `${name}:${ours[name]}\n`)
      .join('');
    const resource = `/${store.accountName}${path}${parameters.map(([name, value]) => `\n${name}:${value}`).join('')}`;
    const size = length === 0 ? '' : String(length);
    const toSign = `${method}\n\n\n${size}\n${ours['content-md5'] ?? ''}\n${ours['content-type'] ?? ''}\n\n\n\n\n\n${ours['range'] ?? ''}\n${named}${resource}`;
    const signature = createHmac('sha256', key).update(toSign).digest('base64');
    ours['authorization'] = `SharedKey ${store.accountName}:${signature}`;
    const search = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    return { path: search === '' ? path : `${path}?${search}`, headers: ours };
  });
}
