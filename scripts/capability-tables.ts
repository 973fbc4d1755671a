/**
 * Writes the capability tables of the READMEs and guides from the records that the backends carry and the suite checks.
 * `--check` writes nothing, and fails where a table is not up to date.
 * Run with `--conditions=@storage/source`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { descriptionsOf } from './capability-tables/descriptions.ts';
import { documents } from './capability-tables/documents.ts';
import { tableOf } from './capability-tables/table.ts';
import { root } from './workspace.ts';

const region = /(<!-- capabilities -->\n)[^]*?(\n<!-- \/capabilities -->)/;

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const descriptions = descriptionsOf(join(root, 'packages/core/src/capabilities.ts'));

for (const { path, columns } of documents) {
  const file = join(root, path);
  const text = readFileSync(file, 'utf8');
  if (!region.test(text)) throw new Error(`${path} has no <!-- capabilities --> … <!-- /capabilities -->`);
  const table = tableOf(columns, descriptions);
  const wanted = text.replace(region, (_, start: string, end: string) => `${start}${table}${end}`);
  if (wanted === text) continue;
  if (!values.check) {
    writeFileSync(file, wanted);
    continue;
  }
  console.error(`The capability table of ${path} is not up to date: run \`pnpm capabilities\`.`);
  process.exitCode = 1;
}
