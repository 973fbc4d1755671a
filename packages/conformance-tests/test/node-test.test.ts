import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

it('runs under node:test, and every case passes there', { timeout: 120_000 }, async () => {
  const suite = join(import.meta.dirname, 'node-test', 'suite.child.ts');
  const options = ['--conditions=@storage/source', '--test', '--test-reporter=tap'];
  // Node refuses to run tests from within tests of its own.
  const { NODE_TEST_CONTEXT: _outer, NODE_OPTIONS: _options, ...env } = process.env;
  const { stdout } = await run(process.execPath, [...options, suite], { env, maxBuffer: 64 * 1024 * 1024 });
  const figure = (name: string): number => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(stdout)?.[1]);
  expect(figure('fail')).toBe(0);
  expect(figure('skipped')).toBe(0);
  expect(figure('tests')).toBeGreaterThan(200);
  expect(figure('pass')).toBe(figure('tests'));
  expect(stdout).toContain('#104 order trap');
});
