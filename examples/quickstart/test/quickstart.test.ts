import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const main = join(import.meta.dirname, '..', 'src', 'main.ts');

let home: string;
let folder: string;
let storage: string;

/** Runs the quickstart as `pnpm quickstart -- …` does, without a terminal. */
async function quickstart(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, main, '--', ...args], {
    env: { ...process.env, INIT_CWD: home },
  });
  return stdout;
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'quickstart-'));
  folder = join(home, 'files');
  storage = join(home, 'storage');
  await mkdir(join(folder, 'notes'), { recursive: true });
  await mkdir(join(folder, 'node_modules'));
  await writeFile(join(folder, 'README.md'), `# A folder of files\n\n${'Text. '.repeat(50)}\n`);
  await writeFile(join(folder, 'notes', 'today.txt'), 'hello');
  await writeFile(join(folder, 'notes', 'empty.json'), '');
  await writeFile(join(folder, 'node_modules', 'left-out.js'), 'not saved');
});
afterAll(() => rm(home, { recursive: true }));

describe('the quickstart on a folder', () => {
  test.each(['the first time', 'the second time'])('tells its story, %s', async () => {
    const told = await quickstart('files', '--storage', 'storage');

    expect(told).toContain('Found 3 files, 327 B, in ./files');
    expect(told).toMatch(/3 files saved, 327 B in [\d.]+ s/);
    expect(told).toMatch(/README\.md +\d+ B +text\/markdown/);
    expect(told).toContain('Stored now: 3 files');
    expect(told).toContain('"# A folder of files');
    expect(told).toMatch(/Overwrote README\.md[^]*current/);
    expect(told).toContain('Restored the version before');
    expect(told).toContain('Deleted README.md: exists is false');
    expect(told).toContain('Undeleted it: exists is true');
    expect(told).toContain('"reviewedBy":"Ada Lovelace"');
    expect(told).toMatch(/GET answers 200, \d+ bytes of text\/markdown/);
    expect(told).toContain('The same signature for another key answers 403');
    expect(told).toContain('data/README.md');
    expect(told).toContain('quickstart -- path/to/folder');
  });

  test('leaves the files readable in data/, and those of the user as they were', async () => {
    const original = await readFile(join(folder, 'README.md'), 'utf8');
    expect(await readFile(join(storage, 'data', 'README.md'), 'utf8')).toBe(original);
    expect((await readdir(join(storage, 'data'), { recursive: true })).sort()).toEqual(
      ['README.md', 'notes', join('notes', 'empty.json'), join('notes', 'today.txt')].sort(),
    );
    expect(await readdir(join(storage, 'metadata'))).toContain('README.md.json');
  });

  test('writes no control sequences where there is no terminal', async () => {
    expect(await quickstart('files', '--storage', 'storage')).not.toContain('\u001b');
  });
});

test('saves the other files when one is refused, and says why', async () => {
  const odd = join(home, 'odd');
  await mkdir(odd);
  await writeFile(join(odd, 'fine.txt'), 'fine');
  await writeFile(join(odd, 'back\\slash.txt'), 'no portable key');
  const told = await quickstart('odd', '--storage', 'odd-storage');
  expect(told).toContain('1 file saved');
  expect(told).toMatch(/1 file refused:\n.*InvalidKey.*back/);
});

test('does not save its own storage when that is inside of the folder', async () => {
  const inside = join(home, 'inside');
  await mkdir(inside);
  await writeFile(join(inside, 'only.txt'), 'one');
  await quickstart('inside', '--storage', join('inside', 'kept'));
  expect(await quickstart('inside', '--storage', join('inside', 'kept'))).toContain('Found 1 file,');
});

describe('a folder that is', () => {
  test.each([
    ['not there', 'missing', /ENOENT.*missing/],
    ['a file', join('files', 'README.md'), /ENOTDIR.*README\.md/],
    ['empty', 'nothing', /Nothing to save in .*nothing/],
  ])('%s ends with a line that says so', async (_, name, message) => {
    await mkdir(join(home, 'nothing'), { recursive: true });
    const error = await quickstart(name, '--storage', 'elsewhere').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 1, stdout: expect.stringMatching(message) });
    expect((error as { stdout: string }).stdout).not.toContain('    at ');
  });
});
