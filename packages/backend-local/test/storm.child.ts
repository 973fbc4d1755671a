/** One of several processes that work on the same keys of one store at the same time; reports what it saw. */
import { createHash } from 'node:crypto';
import type { StorageDriver } from '@storage/core/driver';
import { attributesOf, bodyOf, context, driverAt } from './driver.ts';

/** What a process did and saw. */
export interface StormReport {
  readonly increments: number;
  /** Slots of which this process was the creator. */
  readonly claimed: readonly number[];
  readonly reads: number;
  readonly operations: number;
  /** Descriptions of everything that must not be. */
  readonly faults: readonly string[];
}

const [basePath = '', seed = '0', count = '0', slots = '0', versions = '1'] = process.argv.slice(2);
const driver = driverAt(basePath, versions === '1' ? {} : { versions: undefined }) as Required<StorageDriver>;
const keys = ['a/one', 'a/two', 'three'];
const sizes = [0, 100, 5_000, 70_000, 300_000];
const faults: string[] = [];
const claimed: number[] = [];
let reads = 0;
let increments = 0;
let operations = 0;
let state = Number(seed) + 1;

/** The same numbers in every run: a failure can be looked at again. */
function random(below: number): number {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((state / 2_147_483_648) * below);
}

/** Bytes that say of each block of themselves to which whole they belong. */
function payload(id: string): Buffer {
  return Buffer.alloc(sizes[Number(id.split('.')[2])] ?? 0, createHash('sha256').update(id).digest());
}

async function put(key: string): Promise<void> {
  const id = `${seed}.${String(operations)}.${String(random(sizes.length))}`;
  await driver.put(
    { key, body: bodyOf(payload(id)), attributes: attributesOf({ id }), condition: {}, integrity: 'default' },
    context(),
  );
}

async function get(key: string): Promise<void> {
  const response = await driver.get({ key }, context());
  const chunks: Uint8Array[] = [];
  if (response.body instanceof Uint8Array) chunks.push(response.body);
  else for await (const chunk of response.body) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const { size, metadata } = response.info;
  if (!bytes.equals(payload(metadata['id'] ?? '')) || size !== bytes.byteLength) {
    faults.push(
      `torn read of ${key}: ${String(bytes.byteLength)} of ${String(size)} bytes, ${JSON.stringify(metadata)}`,
    );
  }
  reads += 1;
}

async function revise(key: string): Promise<void> {
  const { metadata, etag } = await driver.head({ key }, context());
  const headers = { contentType: 'text/plain' };
  await driver.setMetadata(
    { key, headers, metadata: { id: metadata['id'] ?? '', revised: seed }, ifMatch: etag },
    context(),
  );
}

async function increment(): Promise<void> {
  const { body, info } = await driver.get({ key: 'counter' }, context());
  const next = String(Number(Buffer.from(body as Uint8Array).toString()) + 1);
  await driver.put(
    {
      key: 'counter',
      body: bodyOf(next),
      attributes: attributesOf(),
      condition: { ifMatch: info.etag },
      integrity: 'default',
    },
    context(),
  );
  increments += 1;
}

async function claim(): Promise<void> {
  const slot = random(Number(slots));
  await driver.put(
    {
      key: `slots/${String(slot)}`,
      body: bodyOf(seed),
      attributes: attributesOf(),
      condition: { ifAbsent: true },
      integrity: 'default',
    },
    context(),
  );
  claimed.push(slot);
}

async function list(): Promise<void> {
  const { entries } = await driver.listPage({ prefix: '', limit: 1000 }, context());
  const found = entries.map((entry) => entry.key);
  if (found.some((key, index) => index > 0 && key <= (found[index - 1] ?? ''))) faults.push(`order of ${found.join()}`);
  if (!found.includes('counter')) faults.push('the counter was not listed');
}

const copyOrMove = (key: string, source: string) => ({ key, source: { key: source }, condition: {} });
const actions: readonly ((key: string, other: string) => Promise<unknown>)[] = [
  put,
  put,
  get,
  get,
  get,
  revise,
  increment,
  increment,
  claim,
  (key) => driver.remove({ key }, context()),
  (key, other) => driver.copy(copyOrMove(key, other), context()),
  (key, other) => driver.move(copyOrMove(key, other), context()),
  (key) => driver.head({ key }, context()),
  ...(versions === '1' ? [(key: string) => driver.versions.undelete?.({ key }, context()) ?? put(key)] : []),
];

/** What another process may cause at any time. */
const expected = new Set(['NotFound', 'PreconditionFailed', 'AlreadyExists']);

await driver.open(context());
for (operations = 0; operations < Number(count); operations++) {
  const act = operations % 100 === 99 ? list : actions[random(actions.length)];
  const [key = '', other = ''] = [keys[random(keys.length)], keys[random(keys.length)]];
  try {
    await act?.(key, other);
  } catch (error) {
    const { code } = driver.classify(error);
    if (!expected.has(code)) faults.push(`${code}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
  }
}
await driver.close();
const report: StormReport = { increments, claimed, reads, operations, faults: faults.slice(0, 10) };
console.log(JSON.stringify(report));
