import type { HttpOperationResponse, RequestPolicyFactory, WebResource } from '@azure/storage-blob';
import { DriverFault } from '@storage/core/driver';
import { blobOf, type Connection } from './connection.ts';
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
export function guardingVersions(seen: VersionsSeen): RequestPolicyFactory {
  return {
    create: (next) => ({
      sendRequest: async (request) => {
        const isVerifiable = kindOf(request) === 'read';
        if (namesVersion(request) && !isVerifiable && !seen.known) throw unknown();
        const answer = await next.sendRequest(request);
        learn(seen, request, answer);
        const asked = versionIn(request.url);
        if (asked !== undefined && isVerifiable && isSuccess(answer) && versionOf(answer) !== asked) {
          drop(answer);
          throw unknown();
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
  connection: Connection,
  key: string,
  versionId: string,
  signal: AbortSignal,
): Promise<void> {
  if (connection.versions.known) return;
  await blobOf(connection, key, versionId).getProperties({ abortSignal: signal });
}

/** The refusal of everything that needs versions. */
export function unknown(): DriverFault {
  return new DriverFault('Unsupported', 'the account does not answer with versions', { hint });
}

function learn(seen: VersionsSeen, request: WebResource, answer: HttpOperationResponse): void {
  if (!isSuccess(answer)) return;
  const version = versionOf(answer);
  if (version !== undefined) seen.known = true;
  if (kindOf(request) === 'create') seen.given = version !== undefined;
}

function isSuccess({ status }: HttpOperationResponse): boolean {
  return status >= 200 && status < 300;
}

function versionOf({ headers }: HttpOperationResponse): string | undefined {
  return headers.get('x-ms-version-id');
}

function namesVersion({ url, headers }: WebResource): boolean {
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
