import type { ErrorCode } from '../errors/codes.ts';
import { StorageError } from '../errors/storage-error.ts';

/** The error of a configuration, a registry or a manager: before any I/O, so never worth a retry. */
export function setupError(
  code: Extract<ErrorCode, 'InvalidConfig' | 'InvalidArgument' | 'BackendNotInstalled' | 'Closed'>,
  operation: string,
  message: string,
  cause?: unknown,
): StorageError {
  return new StorageError(message, { code, operation, ...(cause === undefined ? {} : { cause }) });
}
