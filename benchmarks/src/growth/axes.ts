import type { Workload } from '../workloads/workload.ts';
import type { Axis } from './axis.ts';
import { concurrencyAxes } from './concurrency.ts';
import { keyAxes } from './keys.ts';
import { metadataAxes } from './metadata.ts';
import { sizeAxes } from './sizes.ts';
import { versionAxes } from './versions.ts';

export const axes: readonly Axis[] = [...sizeAxes, ...keyAxes, ...concurrencyAxes, ...versionAxes, ...metadataAxes];

export function growthWorkloadOf(id: string): Workload | undefined {
  return axes.flatMap(({ points }) => points).find(({ workload }) => workload.id === id)?.workload;
}
