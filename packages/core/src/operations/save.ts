import { bytesOf } from '../body/chunk.ts';
import { withUploadSource } from '../body/with-upload-source.ts';
import type { BodyInput } from '../body-input.ts';
import type { Call } from '../call.ts';
import { checkFunction, checkOptionNames, checkPositiveInteger, checkSize } from '../check.ts';
import { checkChecksum } from '../checksum.ts';
import type { SaveResult } from '../file-info.ts';
import { checkKey } from '../keys.ts';
import type { Progress, SaveOptions } from '../options.ts';
import type { Writable } from '../record.ts';
import { putBytes } from '../transfer/put-bytes.ts';
import { type UploadRequest, upload } from '../transfer/upload.ts';
import { attributeOptionNames, attributesOf } from './attributes.ts';
import { checkIntegrity } from './check-integrity.ts';
import { checkKeyConflicts } from './check-key-conflicts.ts';
import { toSaveResult } from './results.ts';
import { writeCondition } from './write-condition.ts';

/** Names of the options that make a write conditional. */
export const conditionNames = ['ifAbsent', 'ifMatch', 'ifNoneMatch'] as const;
const transferNames = ['onProgress', 'partSize', 'concurrency', 'integrity', 'native'] as const;
const wholeBodyNames = ['size', 'maxSize', 'checksum'] as const;

/** Names of the options of an upload whose parts the caller sends: nobody knows its whole body. */
export const uploadOptionNames: readonly string[] = [...attributeOptionNames, ...conditionNames, ...transferNames];

/** Names of the options of `save`. */
export const saveOptionNames: readonly string[] = [...uploadOptionNames, ...wholeBodyNames];

/** What the options of a save ask for, apart from its source. */
export type SaveRequest = Omit<UploadRequest, 'source'>;

/** Stores a body with its headers and metadata. */
export function save(call: Call, key: string, body: BodyInput, options: SaveOptions): Promise<SaveResult> {
  const bytes = isPlain(call, options) ? bytesOf(body) : undefined;
  if (bytes === undefined || bytes.byteLength > call.capabilities.singlePut.maxSize) {
    return saveAny(call, key, body, options);
  }
  checkOptionNames(options, saveOptionNames);
  return putBytes(call, saveRequest(call, key, options, undefined), bytes);
}

/** Whether a save is one request and nothing else: no condition to prove, nobody who listens, no other key to look at. */
function isPlain(call: Call, { ifAbsent, ifMatch, ifNoneMatch, onProgress }: SaveOptions): boolean {
  const isConditional = ifAbsent !== undefined || ifMatch !== undefined || ifNoneMatch !== undefined;
  return !isConditional && onProgress === undefined && !call.checkKeyConflicts;
}

function saveAny(call: Call, key: string, body: BodyInput, options: SaveOptions): Promise<SaveResult> {
  // The checks are inside, so that a stream is destroyed when its save is refused.
  return withUploadSource(body, call, async (source) => {
    checkOptionNames(options, saveOptionNames);
    const request = saveRequest(call, key, options, source.contentType);
    if (call.checkKeyConflicts) await checkKeyConflicts(call, request.key);
    const response = await upload(call, { ...request, source });
    return toSaveResult(request.key, request.attributes, response, call.capabilities);
  });
}

/** Checks key and options of a write, before any I/O. */
export function saveRequest(call: Call, key: string, options: SaveOptions, bodyType: string | undefined): SaveRequest {
  const checked = checkKey(key, 'write', call.capabilities, call.anyKey);
  const size = checkSize('size', options.size);
  const maxSize = checkSize('maxSize', options.maxSize);
  const checksum = checkChecksum(options.checksum);
  const partSize = checkPositiveInteger('partSize', options.partSize);
  const concurrency = checkPositiveInteger('concurrency', options.concurrency);
  const onProgress = checkFunction<(progress: Progress) => void>('onProgress', options.onProgress);
  const request: Writable<SaveRequest> = {
    key: checked,
    attributes: attributesOf(call, checked, options, bodyType),
    condition: writeCondition(call, options),
    integrity: checkIntegrity(options.integrity),
  };
  if (size !== undefined) request.size = size;
  if (maxSize !== undefined) request.maxSize = maxSize;
  if (checksum !== undefined) request.checksum = checksum;
  if (partSize !== undefined) request.partSize = partSize;
  if (concurrency !== undefined) request.concurrency = concurrency;
  if (onProgress !== undefined) request.onProgress = onProgress;
  if (options.native !== undefined) request.native = options.native;
  return request;
}
