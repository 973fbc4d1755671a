import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { publishedPackages } from '../workspace.ts';
import type { Registry } from './registry.ts';
import { run } from './run.ts';
import type { Servers } from './servers.ts';
import { secondsSince } from './table.ts';
import type { Trial } from './trials.ts';

interface Block {
  readonly language: string;
  readonly code: string;
}

/** The blocks of a document, in order. */
function blocksOf(text: string): readonly Block[] {
  return [...text.matchAll(/^```(\w+)[^\n]*\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({
    language,
    code,
  }));
}

/**
 * From an empty folder to the first stored file, with nothing but the README: its first shell block, then its first
 * TypeScript block as a file. What the comments say that is printed must be printed.
 * The row of the table: backend, steps, time.
 */
export async function followReadme(
  trial: Trial,
  registry: Registry,
  servers: Servers,
  scratch: string,
): Promise<readonly string[]> {
  const found = publishedPackages().find(({ manifest }) => manifest.name === trial.from);
  const blocks = blocksOf(readFileSync(join(found?.folder ?? '', 'README.md'), 'utf8'));
  const install = blocks.find(({ language }) => language === 'sh');
  const example = blocks.find(({ language }) => language === 'ts');
  if (install === undefined || example === undefined) throw new Error(`the README of ${trial.from} lacks a block`);

  const begin = performance.now();
  const folder = join(scratch, 'readmes', basename(trial.from));
  mkdirSync(folder, { recursive: true });
  const commands = install.code.split('\n').filter((line) => line !== '');
  for (const line of commands) {
    const [command = '', ...args] = line.split(' ');
    await run(command, args, folder, registry.env);
  }
  writeFileSync(join(folder, 'example.ts'), toTestServer(example.code, trial));
  const printed = await run(process.execPath, ['example.ts'], folder, servers.env);
  const promised = [...example.code.matchAll(/console\.log\(.*\);? \/\/ (.+)$/gm)].map(([, text = '']) => text);
  if (promised.length > 0 && printed !== promised.join('\n')) {
    throw new Error(`the example of ${trial.from} printed ${printed}, not ${promised.join('\n')}`);
  }
  const steps = [...commands, 'paste the ten lines', 'node example.ts'];
  return [trial.from, String(steps.length), steps.join(' · '), secondsSince(begin)];
}

function toTestServer(code: string, { from, readme }: Trial): string {
  return Object.entries(readme).reduce((text, [before, after]) => {
    if (!text.includes(before)) throw new Error(`the example of ${from} has no ${before}`);
    return text.replaceAll(before, after);
  }, code);
}
