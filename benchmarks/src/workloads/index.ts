import { growthWorkloadOf } from '../growth/axes.ts';
import { coldStart } from './cold.ts';
import { largeWorkloads } from './large.ts';
import { listWorkloads } from './list.ts';
import { smallWorkloads } from './small.ts';
import { treeWorkloads } from './trees.ts';
import type { Workload } from './workload.ts';

export const workloads: readonly Workload[] = [
  ...smallWorkloads(1),
  ...smallWorkloads(16),
  ...smallWorkloads(64),
  ...largeWorkloads,
  ...listWorkloads,
  ...treeWorkloads,
  coldStart,
];

/** Of the tables or of the growth. */
export function workloadOf(id: string): Workload {
  const found = workloads.find((workload) => workload.id === id) ?? growthWorkloadOf(id);
  if (found === undefined) throw new Error(`there is no workload ${id}`);
  return found;
}
