import { execFile } from 'node:child_process';
import { chmod, chown, cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { context, driverAt, putText } from '../driver.ts';
import { temporaryFolder } from '../store.ts';

const nobody = 65_534;

/** What a process with other rights comes to; it may look into the folders above. */
async function asNobody(basePath: string): Promise<Record<string, unknown>> {
  await chmod(dirname(basePath), 0o755);
  const child = join(import.meta.dirname, 'rights.child.ts');
  const args = [...process.execArgv, child, basePath, String(nobody)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Record<string, unknown>;
}

// Only root can give a file away, and become somebody else.
describe.runIf(process.getuid?.() === 0)('with the rights of somebody else', () => {
  test('a file that another user placed in a store of ours can be changed and deleted', async () => {
    const basePath = join(await temporaryFolder(), 'store');
    await mkdir(join(basePath, 'data'), { recursive: true });
    await writeFile(join(basePath, 'data/theirs'), 'by root');
    for (const folder of [basePath, join(basePath, 'data')]) await chown(folder, nobody, nobody);

    expect(await asNobody(basePath)).toEqual({
      open: 'resolved',
      check: 'resolved',
      read: 'by root',
      listed: ['theirs'],
      // Neither its time may be set nor a second name be given to it: it is copied.
      setMetadata: 'resolved',
      head: { metadata: { by: 'me' }, crc32: expect.stringMatching(/^[0-9a-f]{8}$/) as unknown },
      overwrite: 'resolved',
      remove: 'resolved',
      exists: false,
    });
  });

  test('a store that may only be read is read, a copied tree included, and every write is PermissionDenied', async () => {
    const [origin, basePath] = [join(await temporaryFolder(), 'store'), join(await temporaryFolder(), 'store')];
    const driver = driverAt(origin);
    await driver.open(context());
    await putText(driver, 'theirs', 'by root');
    await driver.close();
    await cp(origin, basePath, { recursive: true });
    const before = (await readdir(basePath, { recursive: true })).sort();

    expect(await asNobody(basePath)).toEqual({
      open: 'resolved',
      check: 'PermissionDenied',
      read: 'by root',
      listed: ['theirs'],
      setMetadata: 'PermissionDenied',
      head: { metadata: { of: 'by root' }, crc32: expect.stringMatching(/^[0-9a-f]{8}$/) as unknown },
      overwrite: 'PermissionDenied',
      remove: 'PermissionDenied',
      exists: true,
    });
    expect((await readdir(basePath, { recursive: true })).sort()).toEqual(before);
  });
});
