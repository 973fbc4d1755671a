import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { services } from './services/index.ts';
import type { Service } from './services/service.ts';
import { workloads } from './workloads/index.ts';
import type { Workload, WorkloadSizes } from './workloads/workload.ts';

export interface Options {
  readonly rounds: number;
  readonly plan: readonly Plan[];
  /** Ids; those that a service does not have are left out there. */
  readonly contenders: readonly string[];
  /** Where files go. */
  readonly folder: string;
  readonly sizes: WorkloadSizes;
  /** The git ref to compare with, row by row. */
  readonly against?: string | undefined;
  /** How much worse than that a row may be. */
  readonly bound: number;
  /** Where profiles go; undefined for none. */
  readonly profile?: string | undefined;
  /** Whether rows go into `results/`, or only beside them. */
  readonly keeps: boolean;
}

/** What is run on one service. */
export interface Plan {
  readonly service: Service;
  readonly workloads: readonly Workload[];
}

const contenderIds = [...new Set(services.flatMap(({ contenders }) => contenders.map(({ id }) => id)))];

const usage = `pnpm bench [options]          side by side
pnpm bench growth [options]   cost against work: see pnpm bench growth --help

  --quick             one short round of the rows that say most: 5 minutes
  --rounds <n>        rounds; medians are reported (default 5)
  --only <rows>       s3, s3/put, local/put-16, azure/upload …: rows whose names begin so, separated by commas
  --contenders <ids>  of ${contenderIds.join(', ')}
  --keep              put these rows into results/, in place of what is there (a full run does)
  --against <ref>     ours of this tree beside ours of a git ref, in turns; fails where a row got worse (default 9 rounds)
  --bound <part>      … by more than this beyond its spread, twice (default 0.05)
  --profile <folder>  CPU profiles of what the clock measures, with flame graphs and an index.md (default 1 round)
  --dir <folder>      where files on disk go (default: memory, /dev/shm, so that software is measured and not a disk)

  services: ${services.map(({ id }) => id).join(', ')}
  rows: ${workloads.map(({ id }) => id).join(', ')}
`;

const MiB = 1024 * 1024;

/** What the command line asks for; undefined when that is help, which it prints. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    // `pnpm bench -- --quick` hands the separator on.
    args: args.filter((arg) => arg !== '--'),
    options: {
      quick: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      only: { type: 'string' },
      contenders: { type: 'string' },
      dir: { type: 'string' },
      against: { type: 'string' },
      bound: { type: 'string', default: '0.05' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return undefined;
  }
  const rounds = Number(values.rounds ?? defaultRounds(values));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds must be a whole number from 1`);
  const bound = Number(values.bound);
  if (!(bound >= 0)) throw new Error('--bound must be a number from 0: 0.05 for 5 %');
  const isPartial =
    values.quick || values.only !== undefined || values.contenders !== undefined || values.profile !== undefined;
  return {
    rounds,
    plan: planOf(values.only, values.quick),
    contenders: contendersOf(values.contenders ?? (values.against === undefined ? undefined : 'ours')),
    folder: values.dir ?? (existsSync('/dev/shm') ? '/dev/shm' : tmpdir()),
    sizes: values.quick
      ? { seconds: 0.2, warmSeconds: 0.2, deletes: 250, largeBytes: 32 * MiB, warmBytes: 8 * MiB, treeFiles: 200 }
      : { seconds: 2, warmSeconds: 3, deletes: 2000, largeBytes: 256 * MiB, warmBytes: 64 * MiB, treeFiles: 2000 },
    against: values.against,
    bound,
    profile: values.profile,
    keeps: values.keep || !isPartial,
  };
}

function defaultRounds({ quick, profile, against }: { quick: boolean; profile?: string; against?: string }): number {
  if (against !== undefined) return quick ? 5 : 9;
  return quick || profile !== undefined ? 1 : 5;
}

function planOf(only: string | undefined, quick: boolean): Plan[] {
  const names = only?.split(',') ?? [''];
  for (const name of names) {
    if (services.every((service) => rowsOf(service).every((row) => !isMeant(service, row, name)))) {
      throw new Error(`no row is named ${name}\n\n${usage}`);
    }
  }
  return services
    .map((service) => ({
      service,
      workloads: rowsOf(service).filter(
        (row) =>
          (!quick || only !== undefined || (row.isQuick && !service.notQuick?.includes(row.id))) &&
          names.some((name) => isMeant(service, row, name)),
      ),
    }))
    .filter((plan) => plan.workloads.length > 0);
}

function rowsOf({ without }: Service): Workload[] {
  return workloads.filter(({ id }) => !without.includes(id));
}

/** A name in full means that row alone; `s3/put` is all that begin so. */
function isMeant(service: Service, { id }: Workload, name: string): boolean {
  const row = `${service.id}/${id}`;
  return workloads.some((other) => `${service.id}/${other.id}` === name) ? row === name : row.startsWith(name);
}

function contendersOf(names: string | undefined): readonly string[] {
  if (names === undefined) return contenderIds;
  const wanted = names.split(',');
  for (const name of wanted) {
    if (!contenderIds.includes(name)) throw new Error(`no contender is named ${name}\n\n${usage}`);
  }
  return wanted;
}
