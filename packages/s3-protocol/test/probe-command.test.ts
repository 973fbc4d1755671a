import { expect, test } from 'vitest';
import { runCommand } from '../src/probe/command.ts';

const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'a-secret-of-the-test' };

async function run(
  args: string,
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCommand(args.split(' '), {
    env,
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
  });
  return { code, out, err };
}

test('a command line with something missing is told all of it', async () => {
  const { code, out, err } = await run('--json');
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain('--claims minio|aws|generic');
  expect(err).toContain('--bucket NAME');
  expect(err).toContain('AWS_ACCESS_KEY_ID');
  expect(err).toContain('AWS_SECRET_ACCESS_KEY');
});

test.each([
  ['--bucket b --claims gcs', '--claims must be minio, aws or generic, not "gcs"'],
  ['--bucket b --claims toString', '--claims must be minio, aws or generic, not "toString"'],
  ['--bucket b --claims aws --endpoint-url localhost:9000', '--endpoint-url must begin with http:// or https://'],
  ['--bucket b --claims aws --endpoint http://localhost', "Unknown option '--endpoint'"],
  ['--bucket', "'--bucket <value>' argument missing"],
])('%s is refused', async (args, message) => {
  const { code, out, err } = await run(args, keys);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(message);
});

test('--help prints the options and asks nothing', async () => {
  const { code, out, err } = await run('--help');
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain('--endpoint-url URL');
});

test('a service that is not there ends the command without an answer, and without its keys', async () => {
  const { code, out, err } = await run('--bucket b --claims minio --endpoint-url http://127.0.0.1:9', keys);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain('ECONNREFUSED');
  expect(err).not.toContain(keys.AWS_SECRET_ACCESS_KEY);
});
