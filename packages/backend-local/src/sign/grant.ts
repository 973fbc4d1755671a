import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ChecksumAlgorithm, SignMethod, SignRequest } from '@storage/core/driver';

/** What a signed URL allows: one method on one key until a time, with everything it binds. */
export interface Grant extends Omit<SignRequest, 'expiresIn'> {
  /** Milliseconds since 1970. */
  readonly expires: number;
}

const keyName = 'key';
const signatureName = 'signature';

/** The URL of a grant, below `base`. */
export function writeUrl(base: string, grant: Grant, secret: Uint8Array): string {
  const url = new URL(base);
  const folder = url.pathname.replace(/\/$/, '');
  const isPath = isUrlPath(grant.key);
  url.pathname = isPath ? `${folder}/${grant.key.split('/').map(encodeURIComponent).join('/')}` : `${folder}/`;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parametersOf(grant))) if (value !== undefined) query.set(name, value);
  if (!isPath) query.set(keyName, grant.key);
  query.set(signatureName, signatureOf(grant, secret));
  url.search = query.toString();
  return url.href;
}

/** The grant of a URL whose signature is right; undefined otherwise. `folder`: the path below which keys are. */
export function readUrl(url: URL, folder: string, secret: Uint8Array): Grant | undefined {
  const grant = parse(url, folder);
  const signature = url.searchParams.get(signatureName);
  if (grant === undefined || signature === null) return undefined;
  return isSame(signature, signatureOf(grant, secret)) ? grant : undefined;
}

/** Everything that is signed, in one text that no other grant has. */
function signatureOf(grant: Grant, secret: Uint8Array): string {
  const signed = JSON.stringify([
    1,
    grant.key,
    Object.entries(parametersOf(grant)).filter(([, value]) => value !== undefined),
  ]);
  return createHmac('sha256', secret).update(signed).digest('base64url');
}

function parametersOf(grant: Grant) {
  return {
    method: grant.method,
    expires: String(grant.expires),
    version: grant.versionId,
    type: grant.contentType,
    length: grant.contentLength === undefined ? undefined : String(grant.contentLength),
    checksum: grant.checksum && `${grant.checksum.algorithm}:${grant.checksum.value}`,
    absent: grant.ifAbsent === true ? '1' : undefined,
    'response-type': grant.responseContentType,
    'response-disposition': grant.responseContentDisposition,
  };
}

function parse(url: URL, folder: string): Grant | undefined {
  const query = url.searchParams;
  const key = query.get(keyName) ?? keyOf(url.pathname, folder);
  const method = query.get('method');
  if (key === undefined || method === null) return undefined;
  const [algorithm, value] = (query.get('checksum') ?? '').split(':');
  const given = {
    versionId: query.get('version'),
    contentType: query.get('type'),
    contentLength: query.has('length') ? Number(query.get('length')) : null,
    checksum: value === undefined ? null : { algorithm: algorithm as ChecksumAlgorithm, value },
    ifAbsent: query.has('absent') ? true : null,
    responseContentType: query.get('response-type'),
    responseContentDisposition: query.get('response-disposition'),
  };
  const bound = Object.fromEntries(Object.entries(given).filter(([, each]) => each !== null));
  // Whatever is not as it was written has another signature: nothing more needs to be checked.
  return { key, method: method as SignMethod, expires: Number(query.get('expires')), ...bound };
}

function keyOf(path: string, folder: string): string | undefined {
  if (!path.startsWith(`${folder}/`)) return undefined;
  try {
    return path
      .slice(folder.length + 1)
      .split('/')
      .map(decodeURIComponent)
      .join('/');
  } catch {
    // Not percent-encoded as we do it.
    return undefined;
  }
}

/** URLs drop `.` and `..` segments, and servers may join slashes: such a key goes into the query. */
function isUrlPath(key: string): boolean {
  return key.split('/').every((segment) => !/^\.{0,2}$/.test(segment));
}

/** In a time that does not tell how much of it is right. */
function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}
