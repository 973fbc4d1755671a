import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Filed } from '../src/file-report.ts';

const main = join(import.meta.dirname, '..', 'src', 'main.ts');

/** What the application prints in a folder with an environment: the same program each time. */
export async function runApp(
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly filed?: Filed; readonly error: string }> {
  const { PATH = '' } = process.env;
  const command = promisify(execFile)(process.execPath, [...process.execArgv, main, 'Rain.'], {
    cwd,
    env: { PATH, ...env },
  });
  const { stdout, stderr } = await command.catch((error: unknown) => error as { stdout: string; stderr: string });
  return stdout === '' ? { error: stderr } : { filed: JSON.parse(stdout) as Filed, error: stderr };
}
