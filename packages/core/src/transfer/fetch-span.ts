import type { Call } from '../call.ts';
import type { BodyStream, GetRequest, GetResponse, ObjectInfo } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import type { ByteSpan } from './download-request.ts';

/** One get, retried within the policy. A body that arrives too late is freed. */
export function fetchObject(call: Call, request: GetRequest): Promise<GetResponse> {
  return call.request({
    effect: 'read',
    run: (context) => call.driver.get(request, context),
    discard: (late) => void freeBody(late.body),
  });
}

/** Bytes of exactly the object that `info` is of. Rejects `PreconditionFailed` when it has changed. */
export async function fetchSpan(
  call: Call,
  pinned: { readonly key: string; readonly versionId?: string; readonly info: ObjectInfo },
  { start, end }: ByteSpan,
): Promise<BodyStream | Uint8Array> {
  const { key, versionId, info } = pinned;
  const response = await fetchObject(call, {
    key,
    ifMatch: info.etag,
    ...(versionId === undefined ? {} : { versionId }),
    range: { start, end },
  });
  const fault = changed(info, response.info) ?? wrongSpan({ start, end }, response);
  if (fault === undefined) return response.body;
  await freeBody(response.body);
  throw fault;
}

/** Why a response does not hold the bytes that were asked for; undefined when it does. */
export function wrongSpan({ start, end }: ByteSpan, { range, body }: GetResponse): DriverFault | undefined {
  if (range.start !== start || range.end !== end) {
    return new DriverFault(
      'Corrupted',
      `the service answered with bytes ${range.start} to ${range.end} where ${start} to ${end} were asked for`,
    );
  }
  if (!(body instanceof Uint8Array) || body.byteLength === end - start) return undefined;
  return wrongLength(end - start, body.byteLength);
}

/** The body has another length than its response says. */
export function wrongLength(expected: number, found: number): DriverFault {
  return new DriverFault('LengthMismatch', `the service sent ${found} bytes where it announced ${expected}`);
}

/** Frees a body that nobody will read. What it says to that is of no use to anyone. */
export async function freeBody(body: BodyStream | Uint8Array): Promise<void> {
  if (!(body instanceof Uint8Array)) await body.cancel().catch(() => undefined);
}

function changed(pinned: ObjectInfo, { etag, size }: ObjectInfo): DriverFault | undefined {
  if (etag === pinned.etag && size === pinned.size) return undefined;
  return new DriverFault('PreconditionFailed', 'the object changed while it was read');
}
