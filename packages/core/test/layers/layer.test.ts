import { expect, test } from 'vitest';
import type { StorageDriver } from '../../src/driver.ts';
import { type Layer, overDriver, present, type Total } from '../../src/layers/layer.ts';
import { prefixed } from '../../src/layers/prefixed.ts';
import { readOnly } from '../../src/layers/read-only.ts';
import { memory } from '../memory/setup.ts';
import { type Asked, everything, memberAt, memberPaths, stub } from './setup.ts';

test('the stub of these tests has every member, the type says so', () => {
  const driver = stub([], undefined);
  const names: Total<Record<keyof StorageDriver, true>> = {
    driverApi: true,
    type: true,
    capabilities: true,
    secrets: true,
    open: true,
    check: true,
    exists: true,
    head: true,
    get: true,
    put: true,
    remove: true,
    listPage: true,
    close: true,
    classify: true,
    createBucket: true,
    state: true,
    native: true,
    multipart: true,
    copy: true,
    move: true,
    removeMany: true,
    setMetadata: true,
    sign: true,
    signForm: true,
    versions: true,
    tiers: true,
    tags: true,
  };
  expect(Object.keys(driver).sort()).toEqual(Object.keys(names).sort());
});

test('a layer that leaves out a member, an optional one too, does not compile', () => {
  const layer: Layer = (driver) =>
    // @ts-expect-error `tags` is not named
    present<Pick<StorageDriver, 'type' | 'tags'>>({ type: driver.type }) as StorageDriver;
  expect(layer(memory())).toEqual({ type: 'memory' });
});

test('overDriver changes what it is told to, and forwards all else with its this', async () => {
  const asked: Asked[] = [];
  const close = (): Promise<void> => Promise.resolve();
  const driver = overDriver(stub(asked, 'answer'), { close });
  expect(driver.close).toBe(close);
  expect(driver).toMatchObject({ driverApi: 1, type: 'stub', capabilities: everything, secrets: ['s3cret'] });
  expect(driver.classify(new Error('any'))).toEqual({ code: 'Conflict', retryable: 'safe' });
  const forwarded = memberPaths.filter((path) => path !== 'close');
  for (const path of forwarded) expect(await memberAt(driver, path)?.('request', 'context')).toBe('answer');
  expect(asked).toEqual(forwarded.map((path) => [path, 'request', 'context']));
});

test('a member that the driver below does not have is not there above it', () => {
  const below = memory({ versions: false });
  for (const layer of [prefixed('p/'), readOnly(), (driver: StorageDriver) => overDriver(driver, {})]) {
    const above = layer(below);
    expect(Object.keys(above).filter((name) => !(name in below))).toEqual([]);
    expect(Object.values(above)).not.toContain(undefined);
    expect(above).not.toHaveProperty('versions');
  }
});

test('layers go over layers', async () => {
  const asked: Asked[] = [];
  const driver = prefixed('inner/')(prefixed('outer/')(stub(asked, { key: 'outer/inner/a' })));
  expect(await driver.head({ key: 'a' }, 'context' as never)).toEqual({ key: 'a' });
  expect(asked).toEqual([['head', { key: 'outer/inner/a' }, 'context']]);
});
