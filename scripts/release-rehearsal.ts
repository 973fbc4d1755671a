/**
 * Rehearses releases for real: on a registry that it starts, in a clone of this repository, with the commands of the
 * release workflow; then uses from that registry what was published, as strangers do. `--short` is the part for CI.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startRegistry } from './release-rehearsal/registry.ts';
import { rehearseReleases } from './release-rehearsal/rehearse-releases.ts';
import { startServers } from './release-rehearsal/servers.ts';
import { secondsSince } from './release-rehearsal/table.ts';
import { trials } from './release-rehearsal/trials.ts';
import { tryReleased } from './release-rehearsal/try-released.ts';

const { values } = parseArgs({ options: { short: { type: 'boolean', default: false } } });
const { short } = values;

const begin = performance.now();
const scratch = mkdtempSync(join(tmpdir(), 'release-rehearsal-'));
const tried = trials().filter(({ server }) => !short || server === undefined);
const registry = await startRegistry(join(scratch, 'registry'));
const servers = await startServers(tried);
try {
  await rehearseReleases({ registry, scratch, short });
  await tryReleased({ registry, servers, scratch, short, trials: tried });
} finally {
  await Promise.all([registry.close(), servers.stop()]);
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`\nrehearsed in ${secondsSince(begin)}`);
