import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { variablesOf, withServers } from '../../docs/src/servers.ts';
import { promisedBy, snippetsOf } from '../../docs/src/snippets.ts';
import { publishedPackages } from '../workspace.ts';
import type { Registry } from './registry.ts';
import { run } from './run.ts';
import type { Servers } from './servers.ts';
import { secondsSince } from './table.ts';

/**
 * From an empty folder to the first stored file, with nothing but the README: its first shell block, then its first
 * TypeScript block that can be run here as a file. What its comments say that is printed must be printed.
 * The row of the table: package, number of steps, steps, time.
 */
export async function followReadme(
  name: string,
  registry: Registry,
  servers: Servers,
  scratch: string,
): Promise<readonly string[]> {
  const found = publishedPackages().find(({ manifest }) => manifest.name === name);
  const readme = readFileSync(join(found?.folder ?? '', 'README.md'), 'utf8');
  const install = /^```sh\n(.*?)^```$/ms.exec(readme)?.[1]?.trim().split('\n');
  const example = snippetsOf(readme).find(({ notRun }) => notRun === undefined);
  if (install === undefined || example === undefined) throw new Error(`the README of ${name} lacks a block`);

  const begin = performance.now();
  const folder = join(scratch, 'readmes', basename(name));
  mkdirSync(folder, { recursive: true });
  for (const line of install) {
    const [command = '', ...args] = line.split(' ');
    await run(command, args, folder, registry.env);
  }
  writeFileSync(join(folder, 'example.ts'), withServers(example.code, servers, `readme-${String(Date.now())}`));
  const printed = await run(process.execPath, ['example.ts'], folder, variablesOf(servers));
  const missing = missingFrom(printed.split('\n'), promisedBy(example.code));
  if (missing !== undefined) throw new Error(`the example of ${name} has not printed ${missing}, but ${printed}`);

  const steps = [...install, 'paste the example', 'node example.ts'];
  return [name, String(steps.length), steps.join(' · '), secondsSince(begin)];
}

/** The first line that was promised and does not come, in its order. */
function missingFrom(printed: readonly string[], promised: readonly string[]): string | undefined {
  let rest = printed;
  return promised.find((wanted) => {
    const at = rest.indexOf(wanted);
    rest = rest.slice(at + 1);
    return at < 0;
  });
}
