import { sizeOf, slices } from '../body/from-pieces.ts';
import type { UploadSource } from '../body/upload-source.ts';
import { type BodyClaims, VerifiedBody } from '../body/verify.ts';
import type { Call } from '../call.ts';
import type { CallContext, UploadBody } from '../driver.ts';

/** What the attempts of one request send. */
export interface AttemptBody {
  /** Whether another attempt can be made: read anew after each. */
  repeatable(): boolean;
  /** Runs one attempt. `passed` is called with the bytes that the driver has taken so far. */
  send<T>(context: CallContext, passed: (total: number) => void, attempt: (body: UploadBody) => Promise<T>): Promise<T>;
}

/** Bytes that are in memory, and were verified. */
export function piecesBody(pieces: readonly Uint8Array[]): AttemptBody {
  const size = sizeOf(pieces);
  return {
    repeatable: () => true,
    send: (_context, passed, attempt) => attempt({ size, pieces, open: () => counted(pieces, passed) }),
  };
}

/** What a source gives: verified as it passes, opened anew by each attempt. */
export function sourceBody(call: Call, source: UploadSource, claims: BodyClaims): AttemptBody {
  let wasOpened = false;

  function waiting(isWaiting: boolean): void {
    call.waitingForCaller += isWaiting ? 1 : -1;
    call.lastAt = performance.now();
  }

  return {
    // What nobody has read can be sent by the next attempt.
    repeatable: () => source.replayable || !wasOpened,
    async send({ signal }, passed, attempt) {
      let body: VerifiedBody | undefined;
      const open = (target?: () => Uint8Array): VerifiedBody => {
        wasOpened = true;
        body = new VerifiedBody(source.open(target), claims, { signal, passed, waiting });
        return body;
      };
      try {
        return await attempt({ size: claims.size, open });
      } catch (error) {
        // A driver may see only that its request broke; what broke it is known here.
        throw failureOf(body) ?? error;
      } finally {
        void body?.return();
      }
    },
  };
}

/** As a function, since the compiler believes that no closure has assigned `body`. */
function failureOf(body: VerifiedBody | undefined): Error | undefined {
  return body?.failure;
}

/** Pieces as a stream that counts what its reader has come back from. */
export async function* counted(
  pieces: readonly Uint8Array[],
  passed: (total: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let total = 0;
  for await (const slice of slices(pieces)) {
    total += slice.byteLength;
    yield slice;
    passed(total);
  }
}
