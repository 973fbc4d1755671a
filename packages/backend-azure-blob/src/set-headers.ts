import { createHash } from 'node:crypto';
import type { AzureBlobDriverOptions } from './connection.ts';
import type { ChangeableRequest, RequestChange } from './request-change.ts';
import { kindOf, type RequestKind } from './request-kind.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * Gives requests the headers that the options ask for; undefined where they ask for none. In one place, since the
 * SDK wants each of them in another argument of another call.
 */
export function settingHeaders(options: AzureBlobDriverOptions): RequestChange | undefined {
  const { tier, encryptionScope, customerProvidedKey } = options;
  if (tier === undefined && encryptionScope === undefined && customerProvidedKey === undefined) return undefined;
  const tierHeaders: Headers = tier === undefined ? {} : { 'x-ms-access-tier': tier };
  const scopeHeaders: Headers = encryptionScope === undefined ? {} : { 'x-ms-encryption-scope': encryptionScope };
  const keyHeaders = customerProvidedKey === undefined ? {} : keyHeadersOf(customerProvidedKey);

  return (request) => {
    const kind = kindOf(request);
    if (kind === 'create') setMissing(request, tierHeaders);
    // Only what carries content is encrypted: not a tier, not tags.
    if (!takesEncryption(request, kind)) return;
    setMissing(request, keyHeaders);
    if (kind !== 'read') setMissing(request, scopeHeaders);
  };
}

/** Makes the requests of blobs that are leased those of the lease's holder. */
export function settingLease(leaseId: string): RequestChange {
  return (request) => {
    const kind = kindOf(request);
    if (kind !== 'read' && kind !== 'other') setMissing(request, { 'x-ms-lease-id': leaseId });
  };
}

/** https://learn.microsoft.com/azure/storage/blobs/encryption-customer-provided-keys */
function takesEncryption(request: ChangeableRequest, kind: RequestKind): boolean {
  // A copy that the service makes on its own takes the key of the account.
  if (kind === 'create') return !request.headers.contains('x-ms-copy-source') || isSynchronous(request);
  if (kind === 'read' || kind === 'stage') return true;
  return kind === 'amend' && /[?&]comp=(?:metadata|snapshot)\b/.test(request.url);
}

function isSynchronous({ headers }: ChangeableRequest): boolean {
  return headers.get('x-ms-requires-sync') === 'true';
}

function keyHeadersOf(key: string): Headers {
  return {
    'x-ms-encryption-key': key,
    'x-ms-encryption-key-sha256': createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64'),
    'x-ms-encryption-algorithm': 'AES256',
  };
}

function setMissing({ headers }: ChangeableRequest, values: Headers): void {
  for (const [name, value] of Object.entries(values)) if (!headers.contains(name)) headers.set(name, value);
}
