import type { S3Client } from '@aws-sdk/client-s3';
import { named } from '@storage/core/driver';
import { codeOf } from './errors.ts';

const expired: ReadonlySet<string> = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired']);

/**
 * Asks for new credentials when the service says that these have expired, which a provider need not have known. The
 * request may be sent again where there really are new ones.
 */
export function renewExpired(client: S3Client): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (!expired.has(codeOf(error))) throw error;
        const before = await client.config.credentials();
        const after = await client.config.credentials({ forceRefresh: true });
        const same = before.accessKeyId === after.accessKeyId && before.sessionToken === after.sessionToken;
        throw same ? error : named(error, 'Unauthenticated', 'safe');
      }
    },
    { step: 'initialize', name: 'renewExpired' },
  );
}

/** Notes what a client signs with, which no error may show: a provider gives new ones now and then. */
export function collectSecrets(client: S3Client, secrets: string[]): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { secretAccessKey, sessionToken } = await client.config.credentials();
      for (const secret of [secretAccessKey, sessionToken]) {
        if (secret !== undefined && !secrets.includes(secret)) secrets.push(secret);
      }
      return next(args);
    },
    { step: 'initialize', name: 'collectSecrets' },
  );
}
