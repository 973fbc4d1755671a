import { parseArgs } from 'node:util';
import { StorageBackend } from '@storage/core';
import { bytesPerCall, microsecondsPerCall } from './cost-of-calls.ts';
import { cpuProfile, topFunctions } from './cpu-profile.ts';
import { body, info, listeningDriver, nullDriver, streamingDriver } from './null-driver.ts';

// What our own layer costs: a backend around a driver that does nothing. `pnpm --dir benchmarks overhead`.

const { values } = parseArgs({ options: { profile: { type: 'string' } } });

const backend = new StorageBackend(nullDriver);
const streaming = new StorageBackend(streamingDriver);
const listening = new StorageBackend(listeningDriver);
const observed = new StorageBackend(nullDriver, { observer: () => undefined });
const { signal } = new AbortController();
const { key } = info;
const metadata = { jobId: '456' };
const nothing = Promise.resolve();

const methods: Readonly<Record<string, () => Promise<unknown>>> = {
  exists: () => backend.exists(key),
  getMetadata: () => backend.getMetadata(key),
  delete: () => backend.delete(key),
  listPage: () => backend.listPage({ limit: 1 }),
  save: () => backend.save(key, body),
  'save, with metadata': () => backend.save(key, body, { metadata, contentType: 'application/pdf' }),
  retrieve: () => backend.retrieve(key),
  'retrieve, read': () => backend.retrieve(key).then((file) => file.bytes()),
  'retrieve a stream, read': () => streaming.retrieve(key).then((file) => file.bytes()),
  'exists, driver listens': () => listening.exists(key),
  'exists, with a signal': () => backend.exists(key, { signal }),
  'exists, with a timeout': () => backend.exists(key, { timeoutMs: 60_000 }),
  'exists, observed': () => observed.exists(key),
};

if (values.profile === undefined) {
  // What the loop itself costs is no cost of a call.
  const loop = { bytes: await bytesPerCall(() => nothing), microseconds: await microsecondsPerCall(() => nothing) };
  console.log('CPU and memory of a call, beside the driver’s and the loop’s own:');
  for (const [name, call] of Object.entries(methods)) {
    const microseconds = (await microsecondsPerCall(call)) - loop.microseconds;
    const bytes = (await bytesPerCall(call)) - loop.bytes;
    const rate = Math.round(1e6 / microseconds).toLocaleString('en');
    console.log(
      `${name.padEnd(24)} ${microseconds.toFixed(2).padStart(6)} µs ${rate.padStart(10)}/s ${bytes.toFixed(0).padStart(6)} bytes`,
    );
  }
} else {
  const profile = await cpuProfile(values.profile, 'overhead', async () => {
    for (const call of Object.values(methods)) for (let n = 0; n < 200_000; n++) await call();
  });
  console.table(topFunctions(profile, 15));
}
