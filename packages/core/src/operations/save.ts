import { withUploadSource } from '../body/with-upload-source.ts';
import type { BodyInput } from '../body-input.ts';
import type { Call } from '../call.ts';
import { checkFunction, checkOneOf, checkOptionNames, checkPositiveInteger, checkSize } from '../check.ts';
import { checkChecksum } from '../checksum.ts';
import type { SaveResult } from '../file-info.ts';
import { checkKey } from '../keys.ts';
import type { Progress, SaveOptions } from '../options.ts';
import { type UploadRequest, upload } from '../transfer/upload.ts';
import { attributeOptionNames, attributesOf } from './attributes.ts';
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
  // The checks are inside, so that a stream is destroyed when its save is refused.
  return withUploadSource(body, { signal: call.signal }, async (source) => {
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
  return {
    key: checked,
    attributes: attributesOf(call, checked, options, bodyType),
    condition: writeCondition(call, options),
    integrity: checkOneOf('integrity', options.integrity, ['default', 'none'] as const) ?? 'default',
    ...(size === undefined ? {} : { size }),
    ...(maxSize === undefined ? {} : { maxSize }),
    ...(checksum === undefined ? {} : { checksum }),
    ...(partSize === undefined ? {} : { partSize }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(options.native === undefined ? {} : { native: options.native }),
  };
}
