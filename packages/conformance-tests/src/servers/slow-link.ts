import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { StorageBackend } from '@storage/core';
import type { MakeOptions } from '../harness.ts';
import type { SlowServer } from './toxiproxy.ts';

/** A check with the sentence that it shows, for any test runner. */
export interface NamedCheck {
  readonly title: string;
  readonly run: () => Promise<void>;
}

/**
 * What a backend owes behind a slow link, one after the other: a slow transfer is no stall, a silent server is one.
 *
 * @param make an instance at the link's address, which may create its bucket; closed by the check
 *
 * @example
 * for (const { title, run } of slowLinkChecks(link.access, (options) => backendAt(link.access.url, options))) test(title, run);
 */
export function slowLinkChecks(
  link: SlowServer,
  make: (options: MakeOptions) => StorageBackend,
): readonly NamedCheck[] {
  const bytes = randomBytes(12_000_000);
  const check = (
    title: string,
    work: (hasty: StorageBackend, patient: StorageBackend) => Promise<void>,
  ): NamedCheck => ({
    title,
    run: async () => {
      await link.slow({});
      // No client sees what the kernels on the way have taken of an upload move any more: megabytes here.
      const [hasty, patient] = [make({ retry: false, idleTimeoutMs: 2000 }), make({ retry: false })];
      try {
        await hasty.save('first', '');
        await work(hasty, patient);
      } finally {
        await Promise.all([hasty.close(), patient.close()]);
      }
    },
  });
  return [
    check('what takes longer than the idle timeout goes through, as fast as the link is', async (hasty, patient) => {
      // 2.4 s each way.
      await link.slow({ latencyMs: 200, kilobytesPerSecond: 5000 });
      let began = performance.now();
      await patient.save('bytes', bytes);
      assert.ok(performance.now() - began > 2300, 'the upload is metered');
      began = performance.now();
      assert.ok(bytes.equals(await (await hasty.retrieve('bytes')).bytes()));
      assert.ok(performance.now() - began > 2300, 'the download is metered');
    }),
    check('what is slower than the idle timeout rejects Timeout', async (hasty) => {
      await link.slow({ latencyMs: 5000 });
      await assert.rejects(hasty.exists('first'), { code: 'Timeout' });
      await link.slow({});
      assert.equal(await hasty.exists('first'), true);
    }),
  ];
}
