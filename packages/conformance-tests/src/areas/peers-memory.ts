import assert from 'node:assert/strict';
import type { CaseContext, ConformanceCase } from '../case.ts';
import { count } from '../case.ts';
import type { MeasureTask } from '../measure.ts';
import { measureInChild } from '../measure.ts';

const mebibyte = 1024 * 1024;
const ceiling = 128 * mebibyte;

/** More than the ceiling, so that whoever holds the whole body is seen. */
const largeSize = (): number => count(192, 1024) * mebibyte;

async function measure(context: CaseContext, task: MeasureTask): Promise<void> {
  const { idle, peak } = await measureInChild(context.harness.childScript ?? '', task);
  const above = Math.round((peak - idle) / mebibyte);
  assert.ok(
    peak - idle <= ceiling,
    `${task.kind} of ${task.size / mebibyte} MiB took ${above} MiB above idle, at most 128`,
  );
}

const uploadMemory: ConformanceCase = {
  number: 251,
  title: 'a large stream of unknown size is uploaded within 128 MiB above idle',
  uses: ['childScript'],
  timeoutMs: 120_000,
  run: async (context) => {
    await measure(context, { kind: 'upload', key: context.key(), size: largeSize() });
    await context.backend.delete(context.key());
  },
};

const downloadMemory: ConformanceCase = {
  number: 252,
  title: 'a large object is downloaded by a slow reader within 128 MiB above idle',
  uses: ['childScript'],
  timeoutMs: 120_000,
  run: async (context) => {
    const task = { key: context.key(), size: largeSize() };
    await measure(context, { kind: 'upload', ...task });
    await measure(context, { kind: 'download', ...task });
    await context.backend.delete(context.key());
  },
};

/** Bodies that other libraries hold in memory. */
export const peerMemory: readonly ConformanceCase[] = [uploadMemory, downloadMemory];
