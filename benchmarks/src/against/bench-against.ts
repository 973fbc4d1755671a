import { styleText } from 'node:util';
import { contenderOf } from '../contenders/find.ts';
import type { Options } from '../options.ts';
import { compare } from './compare.ts';
import { buildTree } from './other-tree.ts';
import { judge, type Ratio, type Verdict } from './verdict.ts';

/** Prints each row of this tree as a ratio to that of a git ref; the process fails where one got worse. */
export async function benchAgainst(options: Options, ref: string): Promise<void> {
  const other = buildTree(ref);
  const { rounds, bound } = options;
  console.log(
    `This tree to ${ref} (${other.commit}), ${rounds} rounds in turns; a row fails when all of its spread is more than ${bound * 100} % worse, twice\n`,
  );
  let worse = 0;
  try {
    for (const { service, workloads } of options.plan) {
      const running = await service.start(options.folder);
      try {
        const contenders = service.contenders.filter(({ id }) => options.contenders.includes(id));
        for (const workload of workloads.filter(({ only }) => only?.includes('ours') ?? true)) {
          for (const { id } of contenders) {
            const label = contenderOf(service, id).label;
            const measured = async (): Promise<boolean> => {
              const pairs = await compare({ service, running }, workload, id, other.childPath, options);
              if (pairs === undefined) return false;
              const verdict = judge(pairs, bound);
              console.log(line(`${service.id}/${workload.id}`, label, verdict));
              return verdict.isWorse;
            };
            // One in twenty is beyond its spread by chance: who looks worse is measured again.
            if ((await measured()) && (await measured())) worse += 1;
          }
        }
      } finally {
        await running.stop();
      }
    }
  } finally {
    other.remove();
  }
  console.log(worse === 0 ? '\nNo row got worse.' : `\n${worse} rows got worse.`);
  if (worse > 0) process.exitCode = 1;
}

function line(row: string, label: string, { speed, cpu, isWorse }: Verdict): string {
  const text = `${row.padEnd(24)} ${label.padEnd(32)} speed ${told(speed)}   CPU ${told(cpu)}${isWorse ? '   WORSE' : ''}`;
  return isWorse ? styleText('red', text) : text;
}

function told({ median, low, high }: Ratio): string {
  return `${median.toFixed(2)} × (${low.toFixed(2)} to ${high.toFixed(2)})`;
}
