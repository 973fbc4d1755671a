import { type CallContext, defined, named, type RemoveRequest, type RemoveResponse } from '@storage/core/driver';
import type { Wire } from './connection.ts';
import { codeOf } from './errors.ts';
import { proveVersion } from './versions-guard.ts';

/** Deletes an object, and says whether it was there. */
export async function remove(wire: Wire, request: RemoveRequest, { signal }: CallContext): Promise<RemoveResponse> {
  const conditions = defined({ ifMatch: request.ifMatch });
  const { key, versionId } = request;
  try {
    if (versionId !== undefined) await proveVersion(wire, key, versionId, signal);
    await wire.verbs.deleteBlob(request, conditions, signal);
    return defined({ existed: true, versionId });
  } catch (error) {
    if (codeOf(error) !== 'BlobNotFound') throw error;
    if (request.ifMatch !== undefined) throw named(error, 'PreconditionFailed');
    if (request.mustExist === true) throw error;
    return { existed: false };
  }
}
