/**
 * Rehearses releases on a registry of its own, in a clone of this repository. `--short` is the part that CI runs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startRegistry } from './release-rehearsal/registry.ts';
import { make } from './release-rehearsal/release.ts';
import { releases } from './release-rehearsal/releases.ts';
import { changesHere, cloneWorkspace, takeBuilds } from './release-rehearsal/scratch-clone.ts';
import { secondsSince, tableOf } from './release-rehearsal/table.ts';

const { values } = parseArgs({ options: { short: { type: 'boolean', default: false } } });
const begin = performance.now();
const scratch = mkdtempSync(join(tmpdir(), 'release-rehearsal-'));
const changes = await changesHere();
const registry = await startRegistry(join(scratch, 'registry'));
const clone = await cloneWorkspace(join(scratch, 'clone'));
takeBuilds(clone);
console.log('cloned', secondsSince(begin));
const rows: string[][] = [['step', 'published', 'version', 'changelog', 'time']];
for (const release of releases.filter(({ short }) => !values.short || short)) {
  const b = performance.now();
  const published = await make(release, { clone, registry, build: false });
  for (const p of published) rows.push([release.step, p.name, p.version, p.why, secondsSince(b)]);
}
console.log(tableOf(rows));
await registry.close();
rmSync(scratch, { recursive: true, force: true });
if ((await changesHere()) !== changes) throw new Error('dirty');
console.log(secondsSince(begin));
