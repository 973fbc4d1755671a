import { join } from 'node:path';
import type { Registry } from './registry.ts';
import { make } from './release.ts';
import { releases } from './releases.ts';
import { cloneWorkspace, takeBuilds } from './scratch-clone.ts';
import { secondsSince, tableOf } from './table.ts';

/** Makes every release of the rehearsal and prints what was published, and why. */
export async function rehearseReleases(options: {
  readonly registry: Registry;
  readonly scratch: string;
  readonly short: boolean;
}): Promise<void> {
  const { registry, scratch, short } = options;
  const clone = await cloneWorkspace(join(scratch, 'clone'), !short);
  if (short) takeBuilds(clone);
  const rows = [['release', 'published', 'changelog', 'time']];
  for (const [index, release] of releases.filter((each) => !short || each.short === true).entries()) {
    const begin = performance.now();
    // Built once from a clean checkout, as the workflow does; the later releases change no code.
    const published = await make(release, { clone, registry, build: !short && index === 0 });
    const time = secondsSince(begin);
    for (const [line, { name, version, why }] of published.entries()) {
      rows.push([line === 0 ? release.step : '', `${name}@${version}`, why, line === 0 ? time : '']);
    }
  }
  console.log(`\n${tableOf(rows)}`);
}
