import { inFlight } from '../workloads/in-flight.ts';
import { smallBody } from '../workloads/same.ts';
import type { Workload } from '../workloads/workload.ts';
import { type Axis, common } from './axis.ts';

// As it is stored, each of the 26 pairs of the last counts 11 bytes more: 1,950 of the 2,000 that there may be.
const sizes = [0, 64, 256, 1024, 1664];
const times = 500;
const key = (index: number): string => `files/file-${index % 100}.bin`;

/** Names and values together have so many bytes, in pairs of 64. */
function metadataOf(bytes: number): Record<string, string> {
  const pairs = Array.from({ length: Math.ceil(bytes / 64) }, (_, index) => {
    const name = `name${String(index).padStart(2, '0')}`;
    return [name, 'v'.repeat(Math.min(64, bytes - index * 64) - name.length)];
  });
  return Object.fromEntries(pairs) as Record<string, string>;
}

function put(id: string, bytes: number): Workload {
  const metadata = metadataOf(bytes);
  return {
    ...common,
    id: `${id}-${bytes}`,
    title: `put 4 KiB with ${bytes} bytes of metadata`,
    isPossible: ({ saveWith }) => saveWith !== undefined,
    warmUp: (contender, { prefix }) =>
      inFlight(16, times, async (index) => contender.saveWith?.(`${prefix}${key(index)}`, smallBody, metadata)),
    async run(contender, { prefix }) {
      await inFlight(16, times, async (index) => contender.saveWith?.(`${prefix}${key(index)}`, smallBody, metadata));
      return { amount: times };
    },
    async verify(contender, _witness, { prefix }) {
      assertMetadata(await contender.metadataOf?.(`${prefix}${key(0)}`), metadata);
    },
  };
}

function read(id: string, bytes: number): Workload {
  const metadata = metadataOf(bytes);
  return {
    ...common,
    id: `${id}-${bytes}`,
    title: `read ${bytes} bytes of metadata`,
    isPossible: ({ metadataOf }) => metadataOf !== undefined,
    prepare: (contender) => inFlight(16, 100, async (index) => contender.saveWith?.(key(index), smallBody, metadata)),
    warmUp: (contender) => inFlight(16, times, async (index) => contender.metadataOf?.(key(index))),
    async run(contender) {
      await inFlight(16, times, async (index) => {
        assertMetadata(await contender.metadataOf?.(key(index)), metadata);
      });
      return { amount: times };
    },
  };
}

function assertMetadata(found: Readonly<Record<string, string>> | undefined, expected: Record<string, string>): void {
  const names = Object.keys(expected);
  if (found === undefined || Object.keys(found).length !== names.length) throw new Error('metadata are missing');
  for (const name of names)
    if (found[name] !== expected[name]) throw new Error(`metadata ${name} is not what was saved`);
}

function axes(service: 's3' | 'local'): Axis[] {
  const shared = { service, of: 'bytes of metadata', expects: 'flat', contenders: ['ours'] } as const;
  return [
    {
      ...shared,
      id: `metadata-put-${service}`,
      title: `put 4 KiB with metadata, 16 in flight, ${service}`,
      points: sizes.map((x) => ({ x, workload: put(`metadata-put-${service}`, x) })),
    },
    {
      ...shared,
      id: `metadata-read-${service}`,
      title: `read metadata, 16 in flight, ${service}`,
      points: sizes.map((x) => ({ x, workload: read(`metadata-read-${service}`, x) })),
    },
  ];
}

export const metadataAxes: readonly Axis[] = [...axes('s3'), ...axes('local')];
