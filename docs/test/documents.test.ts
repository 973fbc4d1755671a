import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { documents, root } from '../src/documents.ts';
import { missingServer, variablesOf, withServers } from '../src/servers.ts';
import { promisedBy, type Snippet } from '../src/snippets.ts';

const servers = inject('servers');
const home = process.cwd();
// Below this package, so that imports are resolved as from here.
const modules = join(import.meta.dirname, '..', '.snippets', `run-${String(process.pid)}`);
const all = documents();
let buckets = 0;

beforeAll(() => mkdir(modules, { recursive: true }));
afterAll(() => rm(modules, { recursive: true, force: true }));

afterEach(() => {
  process.chdir(home);
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Runs a block in an empty folder; returns what it printed. */
async function run({ code, files, line }: Snippet): Promise<string[]> {
  buckets += 1;
  const complete = (text: string): string =>
    withServers(text, servers, `docs-${String(process.pid)}-${String(buckets)}`);
  const folder = mkdtempSync(join(tmpdir(), 'docs-'));
  const env = { ...process.env };
  const printed: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => void printed.push(format(...values)));
  try {
    for (const [name, text] of files) writeFileSync(join(folder, name), complete(text));
    const module = join(modules, `${String(buckets)}-line-${String(line)}.ts`);
    await writeFile(module, complete(code));
    process.chdir(folder);
    Object.assign(process.env, variablesOf(servers));
    await import(module);
    return printed;
  } finally {
    process.chdir(home);
    for (const name of Object.keys(process.env)) if (!(name in env)) Reflect.deleteProperty(process.env, name);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The promised lines, in their order, without what was printed between them. */
function keptOf(printed: readonly string[], promised: readonly string[]): string[] {
  const rest = [...printed];
  return promised.map((wanted) => {
    const at = rest.indexOf(wanted);
    return at < 0 ? `not printed; printed were: ${rest.join(' | ')}` : (rest.splice(0, at + 1).at(-1) ?? '');
  });
}

const running = all.map(({ path, snippets }) => ({ path, run: snippets.filter((each) => each.notRun === undefined) }));

describe.each(running.filter((document) => document.run.length > 0))('$path', ({ run: snippets }) => {
  for (const snippet of snippets) {
    test(`the code on line ${String(snippet.line)}`, async ({ skip }) => {
      const missing = missingServer([snippet.code, ...snippet.files.values()].join('\n'), servers);
      if (missing !== undefined) skip(missing);
      const promised = promisedBy(snippet.code);
      expect(keptOf(await run(snippet), promised)).toEqual(promised);
    });
  }
});

const quotes = all.flatMap((document) => document.quotes.map((quote) => ({ ...quote, document: document.path })));

test.each(quotes)('what $document shows of $path is in it', ({ path, code }) => {
  expect(readFileSync(join(root, path), 'utf8')).toContain(code);
});

test('nearly every block is run', () => {
  const every = all.flatMap(({ snippets }) => snippets);
  const notRun = every.filter((snippet) => snippet.notRun !== undefined);
  console.info(
    `${String(every.length - notRun.length)} blocks run, ${String(notRun.length)} only type-checked, ${String(quotes.length)} quoted`,
  );
  expect(notRun.length).toBeLessThan(5);
});
