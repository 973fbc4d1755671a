import type { ObjectAttributes, WriteCondition } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { isRecord } from '../record.ts';

/** Everything that another process needs to go on with an upload. Holds no secret. */
export interface UploadTicket {
  /** Backend type. */
  readonly type: string;
  readonly key: string;
  readonly uploadId: string;
  readonly attributes: ObjectAttributes & { readonly token: string };
  readonly condition: WriteCondition;
  readonly integrity: 'default' | 'none';
  /** Of an upload from disk. */
  readonly file?: FileStamp & { readonly partSize: number };
}

/** By what a file on disk is known to be unchanged. */
export interface FileStamp {
  readonly size: number;
  readonly mtimeMs: number;
}

const version = 1;

/** The ticket as a string that survives a URL, a file or a database. */
export function encodeTicket(ticket: UploadTicket): string {
  return Buffer.from(JSON.stringify({ version, ...ticket }), 'utf8').toString('base64url');
}

/** Throws `InvalidArgument` for anything that `encodeTicket` did not make, or made for another kind of backend. */
export function decodeTicket(token: unknown, type: string): UploadTicket {
  const value = typeof token === 'string' ? parse(token) : undefined;
  if (!isRecord(value) || value['version'] !== version || !isTicket(value)) {
    throw new DriverFault('InvalidArgument', 'the token is not one that toToken or onToken gave');
  }
  if (value.type !== type) {
    throw new DriverFault(
      'InvalidArgument',
      `the token belongs to a backend of type ${value.type}, this one is ${type}`,
    );
  }
  const { key, uploadId, attributes, condition, integrity, file } = value;
  const ticket = { type, key, uploadId, attributes, condition, integrity };
  return file === undefined ? ticket : { ...ticket, file };
}

function parse(token: string): unknown {
  if (!/^[A-Za-z0-9_-]+$/.test(token)) return undefined;
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function isTicket(value: object): value is UploadTicket {
  const { type, key, uploadId, attributes, condition, integrity, file } = value as Partial<Record<string, unknown>>;
  return (
    isText(type) &&
    isText(key) &&
    isText(uploadId) &&
    isAttributes(attributes) &&
    isCondition(condition) &&
    (integrity === 'default' || integrity === 'none') &&
    (file === undefined || isFile(file))
  );
}

function isAttributes(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { headers, metadata, tags, tier, token } = value;
  return (
    isTexts(headers) &&
    isText(headers['contentType']) &&
    isTexts(metadata) &&
    (tags === undefined || isTexts(tags)) &&
    (tier === undefined || isText(tier)) &&
    isText(token)
  );
}

function isCondition(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { ifAbsent, ifMatch, ifNoneMatch } = value;
  const isEtag = (etag: unknown): boolean => etag === undefined || isText(etag);
  return (ifAbsent === undefined || ifAbsent === true) && isEtag(ifMatch) && isEtag(ifNoneMatch);
}

function isFile(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { size, mtimeMs, partSize } = value;
  return (
    Number.isSafeInteger(size) && Number.isFinite(mtimeMs) && Number.isSafeInteger(partSize) && Number(partSize) > 0
  );
}

function isTexts(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((each) => typeof each === 'string');
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
