import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const repository = join(import.meta.dirname, '..', '..', '..');

/** The first block of TypeScript below the heading. */
async function tenLinesOf(readme: string): Promise<string> {
  const text = await readFile(join(repository, readme), 'utf8');
  const block = /^## Ten lines that work$[^]*?^```ts\n([^]*?)^```$/m.exec(text)?.[1];
  if (block === undefined) throw new Error(`${readme} has no ten lines`);
  return block;
}

/** What the comments behind `console.log(…);` say that it prints. */
function promisedBy(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1] ?? '');
}

/** Runs code in an empty folder, where the packages of this example are installed. */
async function run(code: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'readme-'));
  try {
    await symlink(join(import.meta.dirname, '..', 'node_modules'), join(folder, 'node_modules'), 'junction');
    await writeFile(join(folder, 'example.mts'), code);
    const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, 'example.mts'], {
      cwd: folder,
    });
    return stdout.trim().split('\n');
  } finally {
    await rm(folder, { recursive: true });
  }
}

test.each(['README.md', 'packages/core/README.md', 'packages/backend-local/README.md'])(
  'the ten lines of %s print what they say',
  async (readme) => {
    const code = await tenLinesOf(readme);
    const promised = promisedBy(code);
    expect(promised.length).toBeGreaterThan(1);
    expect(await run(code)).toEqual(promised);
  },
);
