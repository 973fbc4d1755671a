import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installedIn, sizeOf } from './installed.ts';
import type { Installation } from './installs.ts';
import { run } from './run.ts';

/** Most that an install without an SDK may bring, core included. */
const withoutSdk = { packages: 5, bytes: 1_000_000 };

/** What ours may add to the SDK of a backend. */
const sdkShare = 0.1;

/** Milliseconds that the import of a backend may take; generous, since machines of CI are slow and busy. */
const maxImportMs = 1500;

/**
 * The row of the table: backend, packages, MiB, ours, of ours beside the SDK, time of the import. Throws over a limit.
 * Of an npm install, before anything else is added to it.
 */
export function measureSize({ trial, folder }: Installation): readonly string[] {
  const { packages, bytes } = installedIn(folder);
  const own = join(folder, 'node_modules', '@storage');
  const ownBytes = readdirSync(own).reduce((sum, name) => sum + sizeOf(join(own, name)), 0);
  const sdkBytes = bytes - ownBytes;
  const hasSdk = packages.some((name) => !name.startsWith('@storage/'));
  if (!hasSdk && (packages.length > withoutSdk.packages || bytes > withoutSdk.bytes)) {
    throw new Error(`${trial.from} installs ${packages.length} packages with ${bytes} bytes`);
  }
  if (hasSdk && ownBytes > sdkShare * sdkBytes) {
    throw new Error(`${trial.from} adds ${ownBytes} bytes to the ${sdkBytes} of its SDK`);
  }
  const share = hasSdk ? `${((100 * ownBytes) / sdkBytes).toFixed(1)} %` : '-';
  return [trial.from, String(packages.length), mebibytes(bytes), mebibytes(ownBytes), share];
}

/** Milliseconds of a first import in a new process, the median of five. Throws over the limit. */
export async function measureImport({ trial, folder }: Installation): Promise<string> {
  const program = `const begin = performance.now(); await import('${trial.from}'); console.log(performance.now() - begin);`;
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    times.push(Number(await run(process.execPath, ['--input-type=module', '--eval', program], folder)));
  }
  const median = times.toSorted((a, b) => a - b)[2] ?? Number.NaN;
  if (!(median <= maxImportMs)) throw new Error(`import of ${trial.from} takes ${String(median)} ms`);
  return `${median.toFixed(0)} ms`;
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(2);
}
