import { join } from 'node:path';
import { type Installation, story, tryInstallation } from './installs.ts';
import { packageManagers } from './package-managers.ts';
import { followReadme } from './readmes.ts';
import type { Registry } from './registry.ts';
import { run } from './run.ts';
import { type Servers, whyMissing } from './servers.ts';
import { measureImport, measureSize } from './sizes.ts';
import { secondsSince, tableOf } from './table.ts';
import { tryThirdParty } from './third-party.ts';
import type { Trial } from './trials.ts';
import { tryTwoCores } from './two-cores.ts';
import { checkTypes } from './typescript.ts';

/** Uses what the registry has, as strangers do, and prints a table of each kind of use. */
export async function tryReleased(options: {
  readonly registry: Registry;
  readonly servers: Servers;
  readonly scratch: string;
  readonly short: boolean;
  readonly trials: readonly Trial[];
}): Promise<void> {
  const { registry, servers, scratch, short, trials } = options;
  const managers = packageManagers(registry, scratch);
  const [npm] = managers;
  if (npm === undefined) throw new Error('no npm');

  const installs = [['backend', 'installed by', 'packages', 'ES module', 'CommonJS', 'install']];
  const sizes = [['backend', 'packages', 'MiB', 'of ours', 'beside its SDK', 'cold import']];
  const types = [['backend', 'compiler', 'resolution', 'result']];
  const readmes = [['backend', 'steps', 'from an empty folder to the first file', 'time']];
  for (const trial of trials) {
    for (const manager of short ? managers.slice(0, 1) : managers) {
      const { installation, row } = await tryInstallation(trial, manager, servers, scratch);
      installs.push([...row]);
      if (manager !== npm) continue;
      sizes.push([...measureSize(installation), await measureImport(installation)]);
      types.push(...(await checkTypes(installation, short)));
      if (whyMissing(trial, servers) === undefined) await story(installation, ['typed.ts']);
      if (trial.server === undefined) installs.push(await tryUnderBun(installation));
    }
    const missing = whyMissing(trial, servers);
    if (missing === undefined) readmes.push([...(await followReadme(trial.from, registry, servers, scratch))]);
    else console.log(`${trial.from} is installed but not run: ${missing}`);
  }
  for (const table of [installs, sizes, types, readmes]) console.log(`\n${tableOf(table)}`);
  if (short) return;
  console.log(`\nbackend of a third party: ${await tryThirdParty(npm, scratch)}`);

  const begin = performance.now();
  const [earlier = ''] = Object.keys((await registry.look('@storage/core'))?.versions ?? {});
  await tryTwoCores(npm, earlier, scratch);
  console.log(`\ntwo copies of core in one program type-check and run (${secondsSince(begin)})`);
}

/** The row of Bun, which npm installs beside the rest. */
async function tryUnderBun(installation: Installation): Promise<string[]> {
  const { folder, manager, trial } = installation;
  const begin = performance.now();
  await manager.install(folder, ['bun'], true);
  const time = secondsSince(begin);
  const bun = join(folder, 'node_modules', '.bin', 'bun');
  await story(installation, ['esm.mjs'], (cwd, args, env) => run(bun, args, cwd, env));
  return [trial.from, `npm, under Bun ${await run(bun, ['--version'], folder)}`, '', 'ok', '', time];
}
