import { createHmac, createSecretKey } from 'node:crypto';

/** What is signed of a request. */
export interface Signable {
  readonly method: string;
  /** As it is sent: encoded. */
  readonly path: string;
  /** Names in lower case, with values that are not encoded. */
  readonly query: Readonly<Record<string, string>>;
  /** Names of metadata may have capitals; all others are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Signs with the key of an account: the value of the header `authorization`.
 * https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
 */
export function createSharedKeySigner(accountName: string, accountKey: string): (request: Signable) => string {
  // As a KeyObject: a Buffer would be made one at every signature, at ten times its cost.
  const key = createSecretKey(Buffer.from(accountKey, 'base64'));
  return (request) => {
    const signature = createHmac('sha256', key).update(textToSign(accountName, request)).digest('base64');
    return `SharedKey ${accountName}:${signature}`;
  };
}

function textToSign(accountName: string, { method, path, query, headers }: Signable): string {
  const one = (name: string): string => headers[name] ?? '';
  const length = one('content-length');
  const standard = `${method}\n${one('content-encoding')}\n${one('content-language')}\n${length === '0' ? '' : length}\n${one('content-md5')}\n${one('content-type')}\n\n${one('if-modified-since')}\n${one('if-match')}\n${one('if-none-match')}\n${one('if-unmodified-since')}\n${one('range')}\n`;
  return `${standard}${headerLines(headers)}/${accountName}${path}${queryLines(query)}`;
}

function headerLines(headers: Signable['headers']): string {
  const lines: [order: string, line: string][] = [];
  for (const name in headers) {
    if (!name.startsWith('x-ms-')) continue;
    const lower = name.toLowerCase();
    lines.push([orderOf(lower), `${lower}:${(headers[name] ?? '').trimStart()}\n`]);
  }
  lines.sort(([a], [b]) => (a < b ? -1 : 1));
  let text = '';
  for (const [, line] of lines) text += line;
  return text;
}

/** The service sorts names as .NET sorts English: hyphens do not count, and an underscore comes before all digits. */
function orderOf(name: string): string {
  return name.replaceAll('-', '').replaceAll('_', '!');
}

function queryLines(query: Signable['query']): string {
  let text = '';
  for (const name of Object.keys(query).sort()) text += `\n${name}:${query[name] ?? ''}`;
  return text;
}
