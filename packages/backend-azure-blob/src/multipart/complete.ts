import {
  type CallContext,
  type CompleteUploadRequest,
  DriverFault,
  defined,
  type ErrorCode,
  named,
  type PartReceipt,
  type PutResponse,
} from '@storage/core/driver';
import { writtenAttributes } from '../attributes.ts';
import { namingLostRace, writeConditions } from '../conditions.ts';
import type { Wire } from '../connection.ts';
import { codeOf } from '../errors.ts';
import { present } from '../object-info.ts';
import { head } from '../read.ts';
import { parseBlockId } from './block-id.ts';
import { findStaged } from './staged.ts';

/** Makes one blob of staged blocks. Whoever does so first discards the blocks of all others, as does a plain put. */
export async function complete(wire: Wire, request: CompleteUploadRequest, context: CallContext): Promise<PutResponse> {
  for (const part of request.parts) assertReceipt(part, request.uploadId);
  // Parts without bytes were never sent: the service takes none.
  const ids = request.parts.filter(({ size }) => size > 0).map(({ etag }) => etag);
  const size = request.parts.reduce((sum, part) => sum + part.size, 0);
  try {
    const input = { ids, ...writtenAttributes(request.attributes), conditions: writeConditions(request.condition) };
    const { etag, lastModified, versionId } = await wire.verbs.commitBlocks(request, input, context.signal);
    return { size, etag: present(etag, 'ETag'), ...defined({ lastModified, versionId }) };
  } catch (error) {
    if (codeOf(error) === 'InvalidBlockList') throw await reasonOf(wire, request, error, context);
    throw namingLostRace(error, request.condition);
  }
}

/** The receipt carries the id of its block, which says what it is of. */
function assertReceipt({ partNumber, size, etag }: PartReceipt, uploadId: string): void {
  const block = parseBlockId(etag);
  if (block?.uploadId === uploadId && block.partNumber === partNumber && block.size === size) return;
  throw new DriverFault('InvalidArgument', `part ${partNumber} is not the one of its receipt`);
}

/** Why a block was not found: it was never sent, or all of them were discarded. */
async function reasonOf(
  wire: Wire,
  request: CompleteUploadRequest,
  error: unknown,
  context: CallContext,
): Promise<unknown> {
  const { isOpen, keyExists, parts } = await findStaged(await wire.connected(), request, context.signal);
  if (isOpen) {
    const there = new Set(parts.map(({ id }) => id));
    const missing = request.parts.find(({ etag, size }) => size > 0 && !there.has(etag));
    const which = missing === undefined ? 'a part' : `part ${missing.partNumber}`;
    return new DriverFault('InvalidArgument', `${which} is missing, or was sent again since`, { cause: error });
  }
  if (!keyExists) return new DriverFault('NotFound', 'the upload has expired', { cause: error });
  const lost = await lostCondition(wire, request, context);
  return lost === undefined ? named(error, 'Conflict', 'safe') : named(error, lost);
}

/** Whoever overtook the upload may have made its condition false: that says more, and restaging would be in vain. */
async function lostCondition(
  wire: Wire,
  { key, condition }: CompleteUploadRequest,
  context: CallContext,
): Promise<ErrorCode | undefined> {
  if (condition.ifAbsent !== true && condition.ifMatch === undefined) return undefined;
  const { etag } = await head(wire, { key }, context);
  if (condition.ifAbsent === true) return 'AlreadyExists';
  return etag === condition.ifMatch ? undefined : 'PreconditionFailed';
}
