import { slices, sizeOf } from '../body/from-pieces.ts';
import { type BodyClaims, VerifiedBody } from '../body/verify.ts';
import type { Call } from '../call.ts';
import type { PutRequest, PutResponse, UploadBody } from '../driver.ts';
import { isConditional } from '../operations/write-condition.ts';
import { createToken, landedWith } from './ownership.ts';
import type { ProgressMeter } from './progress-meter.ts';
import type { UploadRequest } from './upload-request.ts';

/** Stores bytes that are in memory, and were verified, with one request. */
export function putPieces(
  call: Call,
  request: UploadRequest,
  pieces: readonly Uint8Array[],
  progress: ProgressMeter,
): Promise<PutResponse> {
  const size = sizeOf(pieces);
  return put(call, request, progress, {
    repeatable: true,
    attempt: (_signal, passed) => ({ body: { size, pieces, open: () => counted(pieces, passed) } }),
  });
}

/** Stores what the source gives with one request, which is repeated only where the source can be. */
export function putStream(
  call: Call,
  request: UploadRequest,
  claims: BodyClaims,
  progress: ProgressMeter,
): Promise<PutResponse> {
  const { source } = request;
  const { activity } = call;
  let wasOpened = false;
  return put(call, request, progress, {
    // What nobody has read can be sent by the next attempt.
    get repeatable() {
      return source.replayable || !wasOpened;
    },
    attempt(signal, passed) {
      let opened: VerifiedBody | undefined;
      const open = (): VerifiedBody => {
        wasOpened = true;
        opened = new VerifiedBody(source.open(), claims, {
          signal,
          passed,
          waiting: (isWaiting) => {
            activity.waitingForCaller += isWaiting ? 1 : -1;
            activity.lastAt = performance.now();
          },
        });
        return opened;
      };
      return { body: { size: claims.size, open }, opened: () => opened };
    },
  });
}

/** The body of one attempt. */
interface AttemptBody {
  readonly body: UploadBody;
  /** The stream that the driver opened, if it did. */
  readonly opened?: () => VerifiedBody | undefined;
}

/** What the attempts of one request send. */
interface PutBody {
  readonly repeatable: boolean;
  attempt(signal: AbortSignal, passed: (total: number) => void): AttemptBody;
}

async function put(call: Call, request: UploadRequest, progress: ProgressMeter, sent: PutBody): Promise<PutResponse> {
  const { key, condition, checksum, integrity, native } = request;
  const token = isConditional(condition) ? createToken() : undefined;
  const attributes = token === undefined ? request.attributes : { ...request.attributes, token };

  const response = await call.request<PutResponse>({
    effect: 'write',
    get repeatable() {
      return sent.repeatable;
    },
    async run(context) {
      const meter = attemptMeter(call, progress);
      const { body, opened } = sent.attempt(context.signal, meter.passed);
      const attempt: PutRequest = {
        key,
        body,
        attributes,
        condition,
        integrity,
        onProgress: meter.sent,
        ...(checksum === undefined ? {} : { checksum }),
        ...(native === undefined ? {} : { native }),
      };
      try {
        return await call.driver.put(attempt, context);
      } catch (error) {
        // A driver may see only that its request broke; what broke it is known here.
        throw opened?.()?.failure ?? error;
      } finally {
        void opened?.()?.return();
      }
    },
    ...(token === undefined ? {} : { landed: () => landedWith(call, key, token) }),
  });
  call.addBytes(response.size);
  progress.report(response.size);
  return response;
}

/** Progress of one attempt: what the driver says that it sent, else what it took. */
function attemptMeter(call: Call, progress: ProgressMeter): Record<'passed' | 'sent', (total: number) => void> {
  let driverTells = false;
  const tell = (total: number): void => {
    call.activity.lastAt = performance.now();
    progress.report(total);
  };
  return {
    passed(total) {
      call.activity.lastAt = performance.now();
      if (!driverTells) progress.report(total);
    },
    sent(total) {
      driverTells = true;
      tell(total);
    },
  };
}

async function* counted(
  pieces: readonly Uint8Array[],
  passed: (total: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let total = 0;
  for await (const slice of slices(pieces)) {
    total += slice.byteLength;
    yield slice;
    // After the `yield`: the reader came back for more, so this slice is on its way.
    passed(total);
  }
}
