/**
 * Writes the capability tables of the READMEs and guides from the records that the backends carry and the suite checks.
 * `--check` writes nothing, and fails where a table is not up to date. With `--audits <folder>`, where whole runs of the
 * suite wrote what they showed, this goes into the comparison too, and a claim that no case showed fails.
 * Run with `--conditions=@storage/source`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { descriptionsOf } from './capability-tables/descriptions.ts';
import { audited, comparison, documents } from './capability-tables/documents.ts';
import { auditsIn, evidenceOf, faultsOf } from './capability-tables/evidence.ts';
import { tableOf } from './capability-tables/table.ts';
import { root } from './workspace.ts';

const region = /(<!-- capabilities -->\n)[^]*?(\n<!-- \/capabilities -->)/;
const evidenceRegion = /(<!-- evidence -->\n)[^]*?(\n<!-- \/evidence -->)/;

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    // Where the suite wrote its audits, in a run of `pnpm test:long`, which leaves no area out.
    audits: { type: 'string' },
  },
});
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

const audits = values.audits === undefined ? undefined : auditsIn(values.audits, audited);
if (audits === undefined && values.audits !== undefined) {
  throw new Error(`${values.audits} has not the audit of every backend: run the suite on each`);
}
if (audits !== undefined) {
  const file = join(root, comparison);
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace(evidenceRegion, (_, a: string, b: string) => `${a}${evidenceOf(audits)}${b}`),
  );
  for (const fault of faultsOf(audits)) {
    console.error(fault);
    process.exitCode = 1;
  }
}
