import { fromPieces } from '../body/from-pieces.ts';
import type { UploadSource } from '../body/upload-source.ts';
import { assertSizeAllowed, type BodyClaims, VerifiedBody, verifyPieces } from '../body/verify.ts';
import type { Call } from '../call.ts';
import type { MultipartCapability } from '../capabilities.ts';
import type { MultipartMember, PartReceipt, UploadRequest } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import type { Checksum } from '../file-info.ts';
import { type AttemptBody, piecesBody, sourceBody } from './attempt-body.ts';
import { PartLane } from './part-lane.ts';
import { MiB } from './part-size.ts';
import { StreamFeed } from './stream-feed.ts';

/** What a part may hold in memory so that it can be sent again. */
const bufferLimit = 64 * MiB;

/** One part that the caller sends. */
export interface SessionPart {
  readonly upload: UploadRequest;
  readonly partNumber: number;
  readonly source: UploadSource;
  readonly size?: number;
  readonly checksum?: Checksum;
  readonly integrity: 'default' | 'none';
}

/** Stores one part. Its size must be known, or small enough to be counted first. */
export async function sendSessionPart(
  call: Call,
  member: MultipartMember,
  limits: MultipartCapability,
  part: SessionPart,
): Promise<PartReceipt> {
  const { source, upload, partNumber, checksum, integrity } = part;
  const claims: BodyClaims = { size: part.size ?? source.size, maxSize: undefined, checksum };
  if (source.size !== undefined) assertSizeAllowed(source.size, claims);
  const { body, size } = await partBody(call, source, claims);
  if (size > limits.maxPartSize) {
    throw new DriverFault('InvalidArgument', `the part has ${size} bytes; a part has at most ${limits.maxPartSize}`);
  }

  const sent = (): void => {
    call.lastAt = performance.now();
  };
  const receipt = await call.request({
    // A part is invisible until the upload completes.
    effect: 'read',
    repeatable: () => body.repeatable(),
    run: (context) =>
      body.send(context, sent, (sending) =>
        member.putPart({ ...upload, partNumber, body: { ...sending, size }, integrity, onProgress: sent }, context),
      ),
  });
  call.addBytes(size);
  return receipt;
}

async function partBody(
  call: Call,
  source: UploadSource,
  claims: BodyClaims,
): Promise<{ readonly body: AttemptBody; readonly size: number }> {
  if (source.pieces !== undefined) {
    verifyPieces(source.pieces, claims);
    return { body: piecesBody(source.pieces), size: claims.size ?? 0 };
  }
  const { size } = claims;
  if (size !== undefined && size > 0 && (source.replayable || size > bufferLimit)) {
    return { body: sourceBody(call, source, claims), size };
  }
  const pieces = await buffered(call, source, claims);
  return { body: piecesBody(pieces), size: fromPieces(pieces).size ?? 0 };
}

async function buffered(call: Call, source: UploadSource, claims: BodyClaims): Promise<readonly Uint8Array[]> {
  const verified = new VerifiedBody(source.open(), claims, { signal: call.signal });
  try {
    const feed = new StreamFeed(verified, () => bufferLimit, 1);
    const { part, isAll } = await feed.first(new PartLane());
    if (isAll) return part?.pieces ?? [];
    throw new DriverFault('InvalidArgument', `a part of more than ${bufferLimit} bytes needs its size`, {
      hint: 'pass the option size',
    });
  } finally {
    void verified.return();
  }
}
