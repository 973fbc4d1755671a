import { StorageBackend } from '@storage/core';
import { defineCapabilities, type ObjectInfo, type StorageDriver } from '@storage/core/driver';
import { MemoryBackend } from '@storage/core/memory';

// What our own layer costs: a backend around a driver that does nothing. `pnpm --dir benchmarks overhead`.

const calls = 200_000;
const rounds = 7;
const body = Buffer.alloc(4096, 'x');
const info: ObjectInfo = {
  key: 'users/123/resume.pdf',
  size: body.byteLength,
  etag: '"e"',
  lastModified: new Date(0),
  contentType: 'application/pdf',
  metadata: {},
};
const driver: StorageDriver = {
  driverApi: 1,
  type: 'null',
  capabilities: defineCapabilities({ ...new MemoryBackend().capabilities, multipart: false } as never),
  open: () => Promise.resolve(),
  close: () => Promise.resolve(),
  check: () => Promise.resolve(),
  classify: () => ({ code: 'Unknown', retryable: 'no' }),
  head: () => Promise.resolve(info),
  get: () => Promise.resolve({ info, range: { start: 0, end: info.size }, body }),
  put: () => Promise.resolve({ size: body.byteLength, etag: '"e"' }),
  remove: () => Promise.resolve({ existed: true }),
  listPage: () => Promise.resolve({ entries: [info], prefixes: [] }),
};
const backend = new StorageBackend(driver);
const key = info.key;
const metadata = { jobId: '456' };

const methods: Readonly<Record<string, () => Promise<unknown>>> = {
  'the driver alone': () => driver.head({ key }, { signal: new AbortController().signal, attempt: 1 }),
  exists: () => backend.exists(key),
  getMetadata: () => backend.getMetadata(key),
  delete: () => backend.delete(key),
  save: () => backend.save(key, body),
  'save, with metadata': () => backend.save(key, body, { metadata, contentType: 'application/pdf' }),
  retrieve: () => backend.retrieve(key),
  'retrieve, read': async () => (await backend.retrieve(key)).bytes(),
  listPage: () => backend.listPage({ limit: 1 }),
};

/** The least CPU of all rounds: what others make this machine do only ever adds to it. */
const best = new Map<string, number>();
for (let round = 0; round < rounds; round++) {
  for (const [name, call] of Object.entries(methods)) {
    const count = round === 0 ? calls / 10 : calls / 4;
    const cpu = process.cpuUsage();
    for (let n = 0; n < count; n++) await call();
    const { user, system } = process.cpuUsage(cpu);
    if (round > 0) best.set(name, Math.min(best.get(name) ?? Infinity, (user + system) / count));
  }
}
for (const [name, call] of Object.entries(methods)) {
  const microseconds = (best.get(name) ?? NaN).toFixed(2);
  console.log(
    `${name.padEnd(22)} ${microseconds.padStart(7)} µs ${String(await bytesPerCall(call)).padStart(7)} bytes`,
  );
}

/** So few calls that nothing is collected meanwhile. */
async function bytesPerCall(call: () => Promise<unknown>): Promise<number> {
  const few = 1000;
  const samples: number[] = [];
  for (let sample = 0; sample < 9; sample++) {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let n = 0; n < few; n++) await call();
    samples.push((process.memoryUsage().heapUsed - before) / few);
  }
  return Math.round(samples.sort((a, b) => a - b)[4] ?? NaN);
}
