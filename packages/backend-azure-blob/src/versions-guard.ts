import type { HttpOperationResponse, RequestPolicyFactory } from '@azure/storage-blob';
import { DriverFault } from '@storage/core/driver';
import type { Wire } from './connection.ts';
import type { ChangeableRequest } from './request-change.ts';
import { kindOf } from './request-kind.ts';

/** What the answers of an account have told of its versions. */
export interface VersionsSeen {
  /** An answer named a version: the account knows what `versionid` means. */
  known: boolean;
  /** Whether the last blob that was written got a version; undefined before the first. */
  given: boolean | undefined;
}

const hint = 'switch blob versioning on for the account, or leave out versions: true';

/**
 * Watches over requests that name a version. A service without versions ignores `versionid`, and would serve, change
 * or delete the blob as it is now. So nothing that changes something is sent before an answer has named a version, and
 * an answer to a read has to name the version that was asked for.
 */
export interface VersionsGuard {
  /** Before it is sent. Throws `Unsupported`. */
  check(request: ChangeableRequest): void;
  /** Of a success: the version that its answer names. Throws `Unsupported`: then the answer is not to be read. */
  learn(request: ChangeableRequest, version: string | undefined): void;
}

export function createVersionsGuard(seen: VersionsSeen): VersionsGuard {
  return {
    check(request) {
      if (namesVersion(request) && kindOf(request) !== 'read' && !seen.known) throw unknown();
    },
    learn(request, version) {
      if (version !== undefined) seen.known = true;
      const kind = kindOf(request);
      if (kind === 'create') seen.given = version !== undefined;
      const asked = versionIn(request.url);
      if (asked !== undefined && kind === 'read' && version !== asked) throw unknown();
    },
  };
}

/** The guard as the pipeline of the SDK takes it. */
export function guarding(guard: VersionsGuard): RequestPolicyFactory {
  return {
    create: (next) => ({
      sendRequest: async (request) => {
        guard.check(request);
        const answer = await next.sendRequest(request);
        if (answer.status < 200 || answer.status >= 300) return answer;
        try {
          guard.learn(request, answer.headers.get('x-ms-version-id'));
        } catch (error) {
          drop(answer);
          throw error;
        }
        return answer;
      },
    }),
  };
}

/**
 * Makes sure that the account takes the id of a version for what it is, at the cost of one request until it is known.
 * Rejects `Unsupported` where it does not, and as the service does where there is no such version.
 */
export async function proveVersion(
  { versions, verbs }: Pick<Wire, 'versions' | 'verbs'>,
  key: string,
  versionId: string,
  signal: AbortSignal,
): Promise<void> {
  if (!versions.known) await verbs.getProperties({ key, versionId }, {}, signal);
}

/** The refusal of everything that needs versions. */
export function unknown(): DriverFault {
  return new DriverFault('Unsupported', 'the account does not answer with versions', { hint });
}

function namesVersion({ url, headers }: ChangeableRequest): boolean {
  const source = headers.get('x-ms-copy-source');
  return versionIn(url) !== undefined || (source !== undefined && versionIn(source) !== undefined);
}

function versionIn(url: string): string | undefined {
  return new URL(url).searchParams.get('versionid') ?? undefined;
}

/** Gives the connection back. */
function drop({ readableStreamBody }: HttpOperationResponse): void {
  if (readableStreamBody !== undefined && 'destroy' in readableStreamBody) {
    (readableStreamBody as { destroy(): void }).destroy();
  }
}
