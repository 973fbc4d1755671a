import { type Classification, DriverFault, isDriverFault } from '@storage/core/driver';

/** SQLite's result codes, https://sqlite.org/rescode.html, and ours. What is not here is `Unknown`. */
const codes: Readonly<Record<number, Classification>> = {
  // A transaction that could not begin, or was rolled back: nothing was applied.
  5: { code: 'Unavailable', retryable: 'safe', hint: 'another process holds the lock of the database' },
  6: { code: 'Conflict', retryable: 'safe' },
  3: { code: 'PermissionDenied', retryable: 'no' },
  8: { code: 'PermissionDenied', retryable: 'no', hint: 'the database file or its folder is read-only' },
  23: { code: 'PermissionDenied', retryable: 'no' },
  11: { code: 'Corrupted', retryable: 'no' },
  26: { code: 'Corrupted', retryable: 'no', hint: 'the file is not an SQLite database' },
  13: { code: 'QuotaExceeded', retryable: 'no' },
  14: { code: 'PermissionDenied', retryable: 'no', hint: 'the database file or its log cannot be opened' },
};

/** Names an error of SQLite. The low byte of an extended result code is the primary one. */
export function classify(error: unknown): Classification {
  if (isDriverFault(error)) return error.classification;
  if (!isSqliteError(error)) return { code: 'Unknown', retryable: 'no' };
  const known = codes[error.errcode & 0xff] ?? { code: 'Unknown', retryable: 'no' };
  return { ...known, providerCode: `SQLITE_${String(error.errcode)}` };
}

function isSqliteError(error: unknown): error is Error & { readonly errcode: number } {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}

export function notFound(): DriverFault {
  return new DriverFault('NotFound', 'there is no such object');
}

export function missingFile(path: string): DriverFault {
  return new DriverFault('BucketNotFound', `there is no database ${JSON.stringify(path)}`, {
    hint: 'check path, or leave create: true',
  });
}
