import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { describeMachine } from '../environment.ts';
import { measure } from '../measure.ts';
import { createProgressBar } from '../report/progress-bar.ts';
import { terminalTable } from '../report/terminal.ts';
import { serviceOf } from '../services/index.ts';
import type { RunningService } from '../services/service.ts';
import type { Store } from '../services/store.ts';
import { axes } from './axes.ts';
import type { Axis } from './axis.ts';
import type { Curve } from './curve.ts';
import { keepCurves } from './report.ts';

const usage = `pnpm bench growth [options]: cost against work

  --only <axes>       those whose names begin so, separated by commas: ${axes.map(({ id }) => id).join(', ')}
  --most <n>          no point beyond this amount of work
  --rounds <n>        (default 3)
  --contenders <ids>  of those that the axes have
  --keep              put the curves into results/, in place of what is there (a run without --only, --most and --contenders does)
`;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== '--' && arg !== 'growth'),
  options: {
    only: { type: 'string', default: '' },
    most: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    contenders: { type: 'string' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(usage);
else await grow();

async function grow(): Promise<void> {
  const names = values.only.split(',');
  const asked = axes.filter(({ id }) => names.some((name) => id.startsWith(name)));
  if (asked.length === 0) throw new Error(`no axis is named ${values.only}\n\n${usage}`);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds must be a whole number from 1');
  const isPartial = values.only !== '' || values.most !== undefined || values.contenders !== undefined;
  // Bodies of 10 GiB and a million keys would fill a memory disk.
  process.env['TMPDIR'] ??= tmpdir();
  const curves: Curve[] = [];
  for (const id of new Set(asked.map(({ service }) => service))) {
    const service = serviceOf(id);
    const started = await service.start(existsSync('/dev/shm') ? '/dev/shm' : tmpdir());
    const { running, stop } = sharingKeys(started);
    const stopped = (): void => void stop().finally(() => process.exit(130));
    process.once('SIGINT', stopped).once('SIGTERM', stopped);
    console.log(`${service.title}: ${running.described}\n`);
    try {
      for (const axis of asked.filter((each) => each.service === id)) {
        curves.push(await measureAxis(axis, running, rounds));
        keepCurves({ ...describeMachine(), rounds }, curves, values.keep || !isPartial);
      }
    } finally {
      process.off('SIGINT', stopped).off('SIGTERM', stopped);
      await stop();
    }
  }
}

async function measureAxis(axis: Axis, running: RunningService, rounds: number): Promise<Curve> {
  const service = serviceOf(axis.service);
  const contenders = values.contenders?.split(',') ?? axis.contenders;
  const bar = createProgressBar(axis.points.length * rounds * contenders.length);
  const points: Curve['points'][number][] = [];
  const failed: string[] = [];
  for (const { x, workload } of axis.points.filter((point) => point.x <= Number(values.most ?? Infinity))) {
    const sizes = { seconds: 1, warmSeconds: 0, deletes: 0, largeBytes: 0, warmBytes: 0, treeFiles: 0 };
    const folder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
    const options = { contenders: axis.contenders.filter((id) => contenders.includes(id)), rounds, folder, sizes };
    const row = await measure({ service, running }, workload, options, (label) => bar.step(label));
    bar.clear();
    console.log(terminalTable(service, row));
    points.push({ x, results: row.results });
    failed.push(...row.failed.map(({ contender, reason }) => `${workload.title}, ${contender}: ${reason}`));
  }
  const { id, title, of, expects } = axis;
  return { axis: id, service: axis.service, title, of, expects, points, failed };
}

/** Buckets with many keys are made once, and kept for the next axis over keys. */
function sharingKeys(started: RunningService): { running: RunningService; stop: () => Promise<void> } {
  const kept = new Map<string, Store>();
  const nameOf = (name: string): string | undefined => /^keys-\w+-(\d+)-all$/.exec(name)?.[1];
  const running: RunningService = {
    ...started,
    async makeStore(name) {
      const count = nameOf(name);
      if (count === undefined) return started.makeStore(name);
      const store = kept.get(count) ?? (await started.makeStore(`keys-${count}`));
      kept.set(count, store);
      return store;
    },
    async removeStore(store) {
      if (![...kept.values()].includes(store)) await started.removeStore(store);
    },
  };
  async function stop(): Promise<void> {
    for (const store of kept.values()) await started.removeStore(store);
    await started.stop();
  }
  return { running, stop };
}
