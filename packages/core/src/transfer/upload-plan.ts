import { assertSizeAllowed, type BodyClaims, VerifiedBody, verifyPieces } from '../body/verify.ts';
import type { Call } from '../call.ts';
import type { PutResponse } from '../driver.ts';
import { concat } from '../driver-kit/collect.ts';
import { type AttemptBody, piecesBody, sourceBody } from './attempt-body.ts';
import { createOwnershipToken } from './ownership.ts';
import { type PartFeed, piecesFeed, randomAccessFeed } from './part-feed.ts';
import { PartLane } from './part-lane.ts';
import { MiB, type PartSizes, partSizes } from './part-size.ts';
import { type PartsService, partsFor, requireParts, streamTooLarge } from './parts-service.ts';
import { uploadInParts } from './parts-upload.ts';
import { createProgressMeter, type ProgressMeter } from './progress-meter.ts';
import { putBody } from './put-body.ts';
import { StreamFeed } from './stream-feed.ts';
import { defaultConcurrency, type UploadRequest } from './upload-request.ts';

/** A body of a known size up to this is taken into memory first: any attempt can then send it, at once. */
const smallBody = 64 * 1024;
/** What may be buffered where there are no parts. */
const bufferLimit = 64 * MiB;

/** One run of an upload, from the choice of its way to its end. */
export class UploadPlan {
  readonly #call: Call;
  readonly #request: UploadRequest;
  readonly #claims: BodyClaims;
  readonly #progress: ProgressMeter;
  #wentInParts = false;

  constructor(call: Call, request: UploadRequest) {
    const { size, maxSize, checksum, source } = request;
    this.#call = call;
    this.#request = request;
    this.#claims = { size: size ?? source.size, maxSize, checksum };
    this.#progress = createProgressMeter(request.onProgress, this.#claims.size);
  }

  /** Whether it became an upload in parts. */
  get wentInParts(): boolean {
    return this.#wentInParts;
  }

  async run(): Promise<PutResponse> {
    const { size } = this.#claims;
    const { source } = this.#request;
    if (source.size !== undefined) assertSizeAllowed(source.size, this.#claims);
    if (size !== undefined) assertSizeAllowed(size, this.#claims);
    if (source.pieces !== undefined) return this.#pieces(source.pieces);
    return size === undefined ? this.#unknown() : this.#known(size);
  }

  async #pieces(pieces: readonly Uint8Array[]): Promise<PutResponse> {
    verifyPieces(pieces, this.#claims);
    const size = this.#claims.size ?? 0;
    if (size <= this.#call.capabilities.singlePut.maxSize) {
      return this.#put(piecesBody(pieces));
    }
    const parts = requireParts(this.#call, this.#request.condition, size);
    const sizeAt = partSizes(parts.limits, size, this.#request.partSize);
    return this.#parts(parts, piecesFeed(pieces, size, sizeAt));
  }

  async #known(size: number): Promise<PutResponse> {
    if (size <= smallBody) return this.#pieces(await this.#readAll());

    const { singlePut } = this.#call.capabilities;
    const { source, condition, partSize } = this.#request;
    const streams = source.replayable || singlePut.unknownSize || partsFor(this.#call, condition) === undefined;
    if (streams && size <= singlePut.maxSize) {
      return this.#put(sourceBody(this.#call, source, this.#claims));
    }
    const parts = requireParts(this.#call, condition, size);
    const sizeAt = partSizes(parts.limits, size, partSize);
    // A declared checksum is of the bytes in order.
    if (source.readAt === undefined || this.#claims.checksum !== undefined) return this.#stream(parts, sizeAt);
    return this.#parts(parts, randomAccessFeed(source.readAt.bind(source), size, sizeAt));
  }

  #unknown(): Promise<PutResponse> {
    const { singlePut } = this.#call.capabilities;
    if (singlePut.unknownSize) return this.#put(sourceBody(this.#call, this.#request.source, this.#claims));
    const parts = partsFor(this.#call, this.#request.condition);
    const most = Math.min(bufferLimit, singlePut.maxSize);
    return this.#stream(
      parts,
      parts === undefined ? () => most : partSizes(parts.limits, undefined, this.#request.partSize),
    );
  }

  /** Buffers up to one part of a stream: if that is all, one request carries it, else it is the first of the parts. */
  async #stream(parts: PartsService | undefined, sizeAt: PartSizes): Promise<PutResponse> {
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#call.signal, stop.signal]);
    const body = new VerifiedBody(this.#request.source.open(), this.#claims, { signal });
    try {
      const lane = new PartLane();
      const feed = new StreamFeed(body, sizeAt, parts?.limits.maxParts ?? 1);
      const { part, isAll } = await feed.first(lane);
      const fitsOnePut = isAll && (part?.size ?? 0) <= this.#call.capabilities.singlePut.maxSize;
      if (fitsOnePut) return await this.#put(piecesBody(part?.pieces ?? []));
      if (parts === undefined) throw streamTooLarge(this.#call, this.#request.condition, sizeAt(0));
      return await this.#parts(parts, feed, stop, lane);
    } finally {
      void body.return();
    }
  }

  /** All bytes of a small body of known size. */
  async #readAll(): Promise<Uint8Array[]> {
    const pieces: Uint8Array[] = [];
    const claims = { ...this.#claims, checksum: undefined };
    const body = new VerifiedBody(this.#request.source.open(), claims, { signal: this.#call.signal });
    // A source may fill the same buffer again for its next chunk.
    for await (const chunk of body) pieces.push(new Uint8Array(chunk));
    return pieces.length <= 1 ? pieces : [concat(pieces)];
  }

  #put(body: AttemptBody): Promise<PutResponse> {
    return putBody(this.#call, this.#request, body, this.#progress);
  }

  #parts(
    { member }: PartsService,
    feed: PartFeed,
    stop: AbortController = new AbortController(),
    firstLane: PartLane = new PartLane(),
  ): Promise<PutResponse> {
    this.#wentInParts = true;
    const others = (this.#request.concurrency ?? defaultConcurrency) - 1;
    return uploadInParts(this.#call, {
      request: this.#request,
      attributes: { ...this.#request.attributes, token: createOwnershipToken() },
      multipart: member,
      feed,
      lanes: [firstLane, ...Array.from({ length: others }, () => new PartLane())],
      progress: this.#progress,
      stop,
    });
  }
}
