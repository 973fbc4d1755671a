import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { contenders } from './contenders/index.ts';
import { workloads } from './workloads/index.ts';
import type { Workload, WorkloadSizes } from './workloads/workload.ts';

export interface Options {
  readonly rounds: number;
  readonly workloads: readonly Workload[];
  /** Ids. */
  readonly contenders: readonly string[];
  /** Where the stores are made. */
  readonly folder: string;
  readonly sizes: WorkloadSizes;
  /** Whether this is a look, not a result to keep. */
  readonly isPartial: boolean;
}

const usage = `pnpm bench [options]

  --quick             one round of small sizes: to see that it runs
  --rounds <n>        rounds; medians are reported (default 5)
  --only <names>      workloads whose names begin so, separated by commas: ${workloads.map(({ id }) => id).join(', ')}
  --contenders <ids>  of ${contenders.map(({ id }) => id).join(', ')}
  --dir <folder>      where the files go (default: memory, /dev/shm, so that software is measured and not a disk)
`;

const MiB = 1024 * 1024;

/** What the command line asks for; undefined when that is help, which it prints. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    // `pnpm bench -- --quick` hands the separator on.
    args: args.filter((arg) => arg !== '--'),
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      only: { type: 'string' },
      contenders: { type: 'string' },
      dir: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return undefined;
  }
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 5));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds must be a whole number from 1`);
  return {
    rounds,
    workloads: chosen(workloads, values.only, isMeant),
    contenders: chosen(contenders, values.contenders, ({ id }, name) => id === name).map(({ id }) => id),
    folder: values.dir ?? (existsSync('/dev/shm') ? '/dev/shm' : tmpdir()),
    sizes: values.quick
      ? { seconds: 0.2, deletes: 1000, largeBytes: 64 * MiB }
      : { seconds: 1, deletes: 10_000, largeBytes: 256 * MiB },
    isPartial: values.quick || values.only !== undefined || values.contenders !== undefined,
  };
}

/** A name in full means that workload alone; `save` is all that begin so. */
function isMeant({ id }: Workload, name: string): boolean {
  return workloads.some((workload) => workload.id === name) ? id === name : id.startsWith(name);
}

function chosen<T>(all: readonly T[], names: string | undefined, isNamed: (one: T, name: string) => boolean): T[] {
  if (names === undefined) return [...all];
  const wanted = names.split(',');
  for (const name of wanted) {
    if (!all.some((one) => isNamed(one, name))) throw new Error(`nothing is named ${name}\n\n${usage}`);
  }
  return all.filter((one) => wanted.some((name) => isNamed(one, name)));
}
