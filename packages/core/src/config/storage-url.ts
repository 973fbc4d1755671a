import { fileURLToPath } from 'node:url';
import { setupError } from './config-error.ts';
import { fromText } from './text-options.ts';

/** A backend's type and its options, as yet unchecked. */
export interface TypedOptions {
  readonly type: string;
  readonly options: Readonly<Record<string, unknown>>;
}

type Reader = (url: URL, text: string) => TypedOptions;

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['file:', readFile],
  ['minio:', readMinio],
  ['s3:', readS3],
  ['azblob:', readAzure],
  ['memory:', readMemory],
]);

const forms = [
  'file:///absolute/folder',
  'minio://accessKey:secretKey@host:9000/bucket',
  's3://bucket?region=…',
  'azblob://accountName:accountKey@container',
  'memory://',
].join(', ');

/**
 * Reads a backend's configuration from a URL. Its query holds further options, those of a group with a dot.
 *
 * @throws StorageError `InvalidConfig`, without the secrets of the URL
 *
 * @example
 * parseStorageUrl('file:///srv/files?durability=power&versions.keep=5');
 * // { type: 'local', options: { basePath: '/srv/files', durability: 'power', versions: { keep: '5' } } }
 */
export function parseStorageUrl(text: string): TypedOptions {
  const url = URL.parse(text);
  if (url === null) throw refused(text, 'is not a URL; a password or key in it must be percent-encoded');
  const read = readers.get(url.protocol);
  if (read === undefined) throw refused(text, `begins with no known scheme; known are ${forms}`);
  const { type, options } = read(url, text);
  return { type, options: fromText({ ...options, ...queryOptions(url, text, options) }) };
}

function readFile(url: URL, text: string): TypedOptions {
  // `file:./storage` would be read as `/storage`.
  if (!/^file:\/\/\//i.test(text)) throw refused(text, 'must hold an absolute folder: file:///srv/files');
  const path = new URL(url);
  path.search = '';
  path.hash = '';
  try {
    return { type: 'local', options: { basePath: fileURLToPath(path) } };
  } catch {
    throw refused(text, 'holds no folder of this system');
  }
}

function readMinio(url: URL, text: string): TypedOptions {
  const secure = url.searchParams.get('secure') === 'true';
  const bucketName = onlySegment(url, text, 'bucket');
  if (url.host === '') throw refused(text, 'needs a host: minio://host:9000/bucket');
  const endpointUrl = `${secure ? 'https' : 'http'}://${url.host}`;
  return { type: 'minio', options: { endpointUrl, bucketName, ...credentials(url, text, 'accessKey', 'secretKey') } };
}

function readS3(url: URL, text: string): TypedOptions {
  return {
    type: 'aws-s3',
    options: { bucketName: onlyHost(url, text), ...credentials(url, text, 'accessKey', 'secretKey') },
  };
}

function readAzure(url: URL, text: string): TypedOptions {
  const account = credentials(url, text, 'accountName', 'accountKey');
  return { type: 'azure-blob', options: { containerName: onlyHost(url, text), ...account } };
}

function readMemory(url: URL, text: string): TypedOptions {
  if (url.host !== '' || url.pathname.replace('/', '') !== '') throw refused(text, 'has no host or path: memory://');
  return { type: 'memory', options: {} };
}

function onlyHost(url: URL, text: string): string {
  if (url.host === '') throw refused(text, `needs the name of a bucket or container: ${url.protocol}//name`);
  if (url.pathname !== '' && url.pathname !== '/') {
    throw refused(text, `has a path; for keys below a folder use backend.with(prefixed('folder/'))`);
  }
  return decode(url.host, text);
}

function onlySegment(url: URL, text: string, what: string): string {
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  const [segment] = segments;
  if (segment === undefined || segments.length > 1) throw refused(text, `needs one path segment, the ${what}`);
  return decode(segment, text);
}

function credentials(url: URL, text: string, userOption: string, passwordOption: string): Record<string, string> {
  return {
    ...(url.username === '' ? {} : { [userOption]: decode(url.username, text) }),
    ...(url.password === '' ? {} : { [passwordOption]: decode(url.password, text) }),
  };
}

/** `a.b=1` is a member of the group `a`. What the URL says in another place is not said twice. */
function queryOptions(url: URL, text: string, taken: object): Record<string, unknown> {
  const options = new Map<string, unknown>();
  for (const [name, value] of url.searchParams) {
    const [head = '', ...rest] = name.split('.');
    const member = rest.join('.');
    const known = options.get(head);
    if (Object.hasOwn(taken, head) || (known !== undefined && (member === '' || typeof known !== 'object'))) {
      throw refused(text, `gives ${JSON.stringify(head)} twice`);
    }
    options.set(head, member === '' ? value : { ...(known as object | undefined), [member]: value });
  }
  return Object.fromEntries(options);
}

function decode(encoded: string, text: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw refused(text, 'has a "%" that begins no percent-encoding');
  }
}

/** The URL is not shown: where it is malformed, nobody can tell its password from the rest. */
function refused(text: string, why: string): Error {
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(text)?.[0];
  const subject = scheme === undefined ? 'the storage URL' : `the storage URL ${scheme}…`;
  return setupError('InvalidConfig', 'createConfig', `${subject} ${why}`);
}
