import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { S3Store } from '../../services/store.ts';
import { type Contender, contentType, metadata } from '../contender.ts';

/** What people use for whole trees instead of a library: found on PATH. */
export async function openS5cmd(store: S3Store): Promise<Contender> {
  const environment = {
    AWS_ACCESS_KEY_ID: store.accessKey,
    AWS_SECRET_ACCESS_KEY: store.secretKey,
    AWS_REGION: store.region,
    S3_ENDPOINT_URL: store.endpointUrl,
  };
  const attributes = ['--content-type', contentType, ...pairs().flatMap((pair) => ['--metadata', pair])];
  return program(
    's5cmd',
    environment,
    (folder, prefix) => ['--log', 'error', 'cp', ...attributes, `${folder}/`, `s3://${store.bucket}/${prefix}`],
    (prefix, folder) => ['--log', 'error', 'cp', `s3://${store.bucket}/${prefix}*`, `${folder}/`],
  );
}

export async function openRclone(store: S3Store): Promise<Contender> {
  const environment = {
    RCLONE_CONFIG: '/dev/null',
    RCLONE_S3_PROVIDER: 'Minio',
    RCLONE_S3_ACCESS_KEY_ID: store.accessKey,
    RCLONE_S3_SECRET_ACCESS_KEY: store.secretKey,
    RCLONE_S3_REGION: store.region,
    RCLONE_S3_ENDPOINT: store.endpointUrl,
    RCLONE_S3_NO_CHECK_BUCKET: 'true',
    RCLONE_S3_NO_HEAD: 'true',
    RCLONE_S3_NO_HEAD_OBJECT: 'true',
    RCLONE_NO_CHECK_DEST: 'true',
    RCLONE_TRANSFERS: '16',
    RCLONE_CHECKERS: '16',
  };
  const attributes = ['--metadata', ...pairs().flatMap((pair) => ['--metadata-set', pair])];
  return program(
    'rclone',
    environment,
    (folder, prefix) => ['copy', ...attributes, folder, `:s3:${store.bucket}/${prefix}`],
    (prefix, folder) => ['copy', `:s3:${store.bucket}/${prefix}`, folder],
  );
}

function pairs(): string[] {
  return Object.entries(metadata).map(([name, value]) => `${name}=${value}`);
}

type ArgumentsOf = (from: string, to: string) => string[];

function program(file: string, environment: Record<string, string>, up: ArgumentsOf, down: ArgumentsOf): Contender {
  let peakMiB = 0;
  const run = (args: readonly string[]): Promise<void> =>
    runProgram(file, args, environment, (mebibytes) => {
      peakMiB = Math.max(peakMiB, mebibytes);
    });
  const no = (): never => {
    throw new Error(`${file} is for whole trees`);
  };
  return {
    save: no,
    retrieve: no,
    exists: no,
    delete: no,
    saveTree: (folder, prefix) => run(up(folder, prefix)),
    retrieveTree: (prefix, folder) => run(down(prefix, folder)),
    programPeakMiB: () => peakMiB,
  };
}

function runProgram(
  file: string,
  args: readonly string[],
  environment: Record<string, string>,
  sawMemory: (mebibytes: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', (text: Buffer) => {
      complaint += text.toString();
    });
    // The kernel keeps the peak; when the program has ended it is gone.
    const watch = setInterval(() => sawMemory(peakMiBOf(child.pid)), 20);
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearInterval(watch);
      reject(error.code === 'ENOENT' ? new Error(`${file} is not installed: put it on PATH`) : error);
    });
    child.on('close', (code) => {
      clearInterval(watch);
      if (code === 0) resolve();
      else reject(new Error(`${file} ended with ${code}: ${complaint.slice(0, 500)}`));
    });
  });
}

function peakMiBOf(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
