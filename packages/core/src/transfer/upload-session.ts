import type { BodyInput } from '../body-input.ts';
import type { Call, Operation } from '../call.ts';
import type { ObjectAttributes, PartReceipt, StorageDriver, WriteCondition } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import type { SaveResult } from '../file-info.ts';
import type { BaseOptions, DeclaredChecksum } from '../options.ts';
import { openSession, sessionService } from './open-session.ts';
import { createOwnershipToken } from './ownership.ts';
import { decodeTicket } from './upload-token.ts';

/** How a part is sent. */
export interface PutPartOptions extends BaseOptions {
  /** Exact bytes of the part; needed for a stream of more than 64 MiB. */
  readonly size?: number | undefined;
  /** Checksum of the part; another one rejects `ChecksumMismatch`. */
  readonly checksum?: DeclaredChecksum | undefined;
}

/** What `complete` makes the object of. */
export interface CompleteOptions extends BaseOptions {
  /** Receipts of `putPart`, in any order. @default all parts that the service has */
  readonly parts?: readonly PartReceipt[] | undefined;
}

/**
 * An upload whose parts the caller sends, in any order and several at once. Nothing is visible until `complete`.
 *
 * @example
 * const upload = await backend.createUpload('videos/talk.mp4', { contentType: 'video/mp4' });
 * await Promise.all(chunks.map((chunk, i) => upload.putPart(i + 1, chunk)));
 * await upload.complete();
 */
export interface UploadSession {
  readonly key: string;
  readonly uploadId: string;
  /** Stores a part, numbered from 1; the same number again replaces it. */
  putPart(partNumber: number, body: BodyInput, options?: PutPartOptions): Promise<PartReceipt>;
  /** Parts that the service has, ascending by number. */
  parts(options?: BaseOptions): Promise<PartReceipt[]>;
  /** Makes the object of the parts, in the order of their numbers; again, it resolves with the same result. */
  complete(options?: CompleteOptions): Promise<SaveResult>;
  /** Ends the upload and frees its parts; again, or after `complete`, it does nothing. */
  abort(options?: BaseOptions): Promise<void>;
  /** What `resumeUpload` needs to go on with this upload in another process. Holds no secret. */
  toToken(): string;
}

/** Runs one method of a session as a call of its own. */
export type RunCall = <T>(
  operation: Operation,
  key: string,
  options: BaseOptions | undefined,
  work: (call: Call) => Promise<T>,
) => Promise<T>;

/** An upload in parts whose options were checked. */
export interface SessionRequest {
  readonly key: string;
  readonly attributes: ObjectAttributes;
  readonly condition: WriteCondition;
  readonly integrity: 'default' | 'none';
  readonly native?: unknown;
}

/** Opens an upload. Rejects `Unsupported` where the service would not enforce the condition when it completes. */
export async function createUpload(run: RunCall, call: Call, request: SessionRequest): Promise<UploadSession> {
  const { key, integrity, condition, native } = request;
  const { member, limits } = sessionService(call.driver);
  if (Object.keys(condition).length > 0 && !limits.conditionalComplete) {
    throw new DriverFault('Unsupported', 'this backend does not enforce a condition when an upload in parts completes');
  }
  const attributes = { ...request.attributes, token: createOwnershipToken() };
  const create = { key, attributes, integrity, ...(native === undefined ? {} : { native }) };
  const { uploadId } = await call.request({ effect: 'write', run: (context) => member.create(create, context) });
  const ticket = { type: call.driver.type, key, uploadId, attributes, condition, integrity };
  return openSession(run, call.driver, ticket, false);
}

/** Goes on with an upload that another process may have opened. Sends nothing. Throws `InvalidArgument`. */
export function resumeUpload(run: RunCall, driver: StorageDriver, token: unknown): UploadSession {
  return openSession(run, driver, decodeTicket(token, driver.type), true);
}
