import type { S3Client } from '@aws-sdk/client-s3';
import { codeOf } from './errors.ts';

const expired: ReadonlySet<string> = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired']);

/** Whether the service says that the keys have an end which has come. */
export function hasExpired(error: unknown): boolean {
  return expired.has(codeOf(error));
}

/** Notes what a client signs with, which no error may show: a provider gives new ones now and then. */
export function collectSecrets(client: S3Client, keep: (secret: string) => void): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { secretAccessKey, sessionToken } = await client.config.credentials();
      keep(secretAccessKey);
      if (sessionToken !== undefined) keep(sessionToken);
      return next(args);
    },
    { step: 'initialize', name: 'collectSecrets' },
  );
}
