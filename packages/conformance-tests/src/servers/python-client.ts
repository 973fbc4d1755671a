import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { launch } from './launch.ts';
import { pythonWith } from './python-packages.ts';
import type { Skipped } from './server.ts';

/** A client of a service that is not ours: a Python package. */
export interface PythonClient {
  /** Runs a script with `input` as JSON on its standard input; resolves to the JSON that it prints. */
  run(script: URL, input: unknown): Promise<unknown>;
}

/**
 * A client that other people use, to see whether it agrees with us on what is stored.
 *
 * @param requirement as pip takes it, its version pinned
 *
 * @example
 * const boto3 = await startPythonClient('boto3==1.44.8');
 * if ('skipped' in boto3) return;
 * const seen = await boto3.run(new URL('outside-client.py', import.meta.url), { bucket: 'uploads' });
 */
export async function startPythonClient(requirement: string): Promise<PythonClient | Skipped> {
  const started = await launch<PythonClient>(requirement, [
    async () => {
      const python = await pythonWith(requirement);
      const access: PythonClient = { run: (script, input) => runScript(python, fileURLToPath(script), input) };
      return { access, origin: 'process', stop: () => Promise.resolve() };
    },
  ]);
  return 'skipped' in started ? started : started.access;
}

async function runScript(python: string, script: string, input: unknown): Promise<unknown> {
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'pipe'] });
  const [output, errors, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
      child.stdin.end(JSON.stringify(input));
    }),
  ]);
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${errors}`);
  return JSON.parse(output) as unknown;
}
