import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program that serves on 127.0.0.1 until it is stopped. */
export interface ProcessRequest {
  readonly file: string;
  /** Its arguments, for a port that is free and an empty folder that is removed at the end. */
  readonly args: (port: number, folder: string) => readonly string[];
  /** Any HTTP answer on this path counts as ready. */
  readonly readyPath: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface RunningProcess {
  readonly url: string;
  readonly pid: number | undefined;
  readonly stop: () => Promise<void>;
}

const readyWithinMs = 30_000;

/** Starts a program and waits until it answers. */
export async function startProcess(request: ProcessRequest): Promise<RunningProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'storage-test-server-'));
  const port = await freePort();
  const child = spawn(request.file, request.args(port, folder), {
    env: { ...process.env, ...request.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collectOutput(child);
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);

  const stop = async (): Promise<void> => {
    process.removeListener('exit', kill);
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    await rm(folder, { recursive: true, force: true });
  };

  const url = `http://127.0.0.1:${port}`;
  try {
    await Promise.race([answers(url + request.readyPath), endOf(child)]);
  } catch (error) {
    await stop();
    throw new Error(`${request.file} did not become ready. It said: ${output()}`, { cause: error });
  }
  return { url, pid: child.pid, stop };
}

async function answers(url: string): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
    await response?.body?.cancel();
    if (response !== undefined && response.status < 500) return;
    if (Date.now() > deadline) throw new Error(`No answer within ${readyWithinMs} ms.`);
    await sleep(50);
  }
}

async function endOf(child: ChildProcess): Promise<never> {
  await once(child, 'exit');
  throw new Error(`It ended with ${child.exitCode ?? child.signalCode ?? 'an error'}.`);
}

/** What a program printed, the last few kilobytes of it: told when it fails. */
function collectOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-4_096);
    });
  }
  return () => text;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}
