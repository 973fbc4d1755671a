import type { ErrorCode } from '../errors/codes.ts';
import { DriverFault } from '../errors/driver-fault.ts';

/** Errors of a file of the caller's, which are no answers of the service. */
const codes: ReadonlyMap<string, ErrorCode> = new Map([
  ['ENOENT', 'InvalidArgument'],
  ['ENOTDIR', 'InvalidArgument'],
  ['EISDIR', 'InvalidArgument'],
  ['EINVAL', 'InvalidArgument'],
  ['ENAMETOOLONG', 'InvalidArgument'],
  ['ERR_INVALID_ARG_VALUE', 'InvalidArgument'],
  ['EACCES', 'PermissionDenied'],
  ['EPERM', 'PermissionDenied'],
  ['EROFS', 'PermissionDenied'],
  ['ENOSPC', 'QuotaExceeded'],
  ['EDQUOT', 'QuotaExceeded'],
  ['EFBIG', 'QuotaExceeded'],
]);

/** Why a file of the caller's could not be read or written. */
export function localFileFault(verb: 'read' | 'write', path: string, error: unknown): DriverFault {
  const code = codes.get((error as NodeJS.ErrnoException | null)?.code ?? '') ?? 'Unknown';
  const message = error instanceof Error ? error.message : String(error);
  return new DriverFault(code, `could not ${verb} the file ${JSON.stringify(path)}: ${message}`, { cause: error });
}
