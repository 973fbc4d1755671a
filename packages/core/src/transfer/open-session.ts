import { withUploadSource } from '../body/with-upload-source.ts';
import type { MultipartCapability } from '../capabilities.ts';
import { checkOptionNames, checkSize } from '../check.ts';
import { checkChecksum } from '../checksum.ts';
import type { MultipartMember, PartReceipt, StorageDriver } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import type { SaveResult } from '../file-info.ts';
import { toSaveResult } from '../operations/results.ts';
import { completeSession } from './complete-session.ts';
import { listParts } from './list-parts.ts';
import { sendSessionPart } from './session-part.ts';
import { uploadFailure } from './upload.ts';
import type { RunCall, UploadSession } from './upload-session.ts';
import { encodeTicket, type UploadTicket } from './upload-token.ts';

/** A session of an upload that is open; `isShared`: others may send parts to it. */
export function openSession(
  run: RunCall,
  driver: StorageDriver,
  ticket: UploadTicket,
  isShared: boolean,
): UploadSession {
  const { key, uploadId, attributes, integrity } = ticket;
  const { member, limits } = sessionService(driver);
  const upload = { key, uploadId };
  const receipts = new Map<number, PartReceipt>();
  let shared = isShared;
  let aborted = false;
  let completing: Promise<SaveResult> | undefined;
  let result: SaveResult | undefined;

  function assertOpen(): void {
    if (aborted) throw new DriverFault('NotFound', 'this upload was aborted; its parts are gone');
  }

  return {
    key,
    uploadId,

    putPart: (partNumber, body, options = {}) =>
      run('putPart', key, options, (call) =>
        withUploadSource(body, { signal: call.signal }, async (source) => {
          assertOpen();
          if (result !== undefined) throw new DriverFault('NotFound', 'this upload is complete');
          checkOptionNames(options, ['size', 'checksum']);
          checkPartNumber(partNumber, limits);
          const size = checkSize('size', options.size);
          const checksum = checkChecksum(options.checksum);
          const part = {
            upload,
            partNumber,
            source,
            integrity,
            ...(size === undefined ? {} : { size }),
            ...(checksum === undefined ? {} : { checksum }),
          };
          const receipt = await sendSessionPart(call, member, limits, part).catch((error: unknown) => {
            throw uploadFailure(call, error);
          });
          receipts.set(partNumber, receipt);
          return receipt;
        }),
      ),

    parts: (options) =>
      run('parts', key, options, (call) => {
        assertOpen();
        return listParts(call, member, upload);
      }),

    complete(options = {}) {
      if (result !== undefined) return Promise.resolve(result);
      completing ??= run('complete', key, options, async (call) => {
        assertOpen();
        checkOptionNames(options, ['parts']);
        const known = shared ? undefined : [...receipts.values()];
        const response = await completeSession(call, member, limits, ticket, options.parts ?? known);
        result = toSaveResult(key, attributes, response, call.capabilities);
        return result;
      }).finally(() => {
        completing = undefined;
      });
      return completing;
    },

    abort: (options) =>
      run('abort', key, options, async (call) => {
        await completing?.catch(() => undefined);
        if (result !== undefined) return;
        aborted = true;
        await call.request({ effect: 'read', run: (context) => member.abort(upload, context) });
      }),

    toToken() {
      // Whoever gets it may send parts that this session does not see.
      shared = true;
      return encodeTicket(ticket);
    },
  };
}

/** How the service takes uploads in parts. Throws `Unsupported`. */
export function sessionService(driver: StorageDriver): { member: MultipartMember; limits: MultipartCapability } {
  const { multipart: member } = driver;
  const { multipart: limits } = driver.capabilities;
  if (member === undefined || limits === false) {
    throw new DriverFault('Unsupported', `uploads in parts are not something that ${driver.type} can do`);
  }
  return { member, limits };
}

function checkPartNumber(partNumber: unknown, { maxParts }: MultipartCapability): void {
  if (typeof partNumber === 'number' && Number.isSafeInteger(partNumber) && partNumber >= 1 && partNumber <= maxParts) {
    return;
  }
  throw new DriverFault('InvalidArgument', `the part number must be a whole number from 1 to ${maxParts}`);
}
