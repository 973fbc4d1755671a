import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerMeasurements } from '@storage/conformance-tests';
import { LocalBackend } from '../src/index.ts';

const basePath = mkdtempSync(join(tmpdir(), 'local-measured-'));
process.once('exit', () => {
  rmSync(basePath, { recursive: true, force: true });
});

answerMeasurements(async ({ kind, key, size }) => {
  const backend = new LocalBackend({ basePath });
  if (kind === 'download') await backend.save(key, zeros(size));
  return backend;
});

function* zeros(size: number): Generator<Uint8Array> {
  const chunk = new Uint8Array(64 * 1024);
  for (let left = size; left > 0; left -= chunk.byteLength) yield chunk.subarray(0, left);
}
