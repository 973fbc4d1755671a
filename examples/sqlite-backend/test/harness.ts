import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Harness } from '@storage/conformance-tests';
import { SqliteBackend } from '../src/index.ts';

/** A database of its own, as the suite wants it. */
export function sqliteHarness(folder: string = mkdtempSync(join(tmpdir(), 'sqlite-backend-'))): Harness {
  const path = join(folder, 'files.db');
  // For the process that measures memory.
  process.env['SQLITE_TEST_PATH'] = path;
  return {
    make: (options) => new SqliteBackend({ path, ...options }),
    makeMissing: () => new SqliteBackend({ path: join(folder, 'missing.db'), create: false }),
    async reset() {
      await using backend = new SqliteBackend({ path });
      // A write, since only writes create the database.
      await backend.save('first', '');
      await backend.deletePrefix('', { allowAll: true });
    },
    async listLeftovers() {
      await using backend = new SqliteBackend({ path });
      const database = await backend.native();
      const orphans = database.prepare('SELECT DISTINCT body FROM chunks WHERE body NOT IN (SELECT body FROM files)');
      return orphans.all().map(({ body }) => ({ name: String(body) }));
    },
    async plant(item) {
      if (item.kind === 'symlink') throw new Error('a database has no symbolic links');
      await using backend = new SqliteBackend({ path, keys: 'any' });
      await backend.save(item.key, item.kind === 'file' ? item.bytes : '');
    },
    childScript: new URL('./measure.child.ts', import.meta.url),
    deviations: {
      3: { reason: 'a file has no credentials; its rights are those of the process' },
      80: { title: 'credentials', reason: 'a file has no credentials' },
      246: { title: 'credentials', reason: 'a file has no credentials' },
      135: { reason: 'a database has no symbolic links' },
      256: { reason: 'no option is a secret' },
      254: { reason: 'a database has no symbolic links' },
    },
  };
}
