import { smallWorkloads } from '../workloads/small.ts';
import type { Workload } from '../workloads/workload.ts';
import { type Axis, common } from './axis.ts';

const atOnce = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

function smallOf(operation: string, concurrency: number): Workload {
  const id = `${operation}-${concurrency}`;
  const found = smallWorkloads(concurrency).find((workload) => workload.id === id);
  if (found === undefined) throw new Error(`there is no workload ${id}`);
  return { ...found, ...common, id: `flight-${id}` };
}

function axis(operation: 'put' | 'get'): Axis {
  return {
    id: `flight-${operation}`,
    title: `${operation} 4 KiB`,
    service: 's3',
    of: 'in flight',
    expects: 'flat',
    contenders: ['limit', 'ours', 'client-s3'],
    points: atOnce.map((x) => ({ x, workload: smallOf(operation, x) })),
  };
}

export const concurrencyAxes: readonly Axis[] = [axis('put'), axis('get')];
