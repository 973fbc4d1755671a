import type { Capabilities } from '@storage/core';
import fc from 'fast-check';
import type { Body, Command, Metadata } from './command.ts';
import { keyPool, prefixPool, type StoreNames } from './key-pool.ts';

/** Sequences of the commands that a backend with these capabilities has, each over few keys, so that they meet. */
export function sequenceArbitrary(capabilities: Capabilities, store: StoreNames): fc.Arbitrary<Command[]> {
  const pool = keyPool(capabilities, store);
  const some = fc.shuffledSubarray([...pool], { minLength: 2, maxLength: 5 });
  const beside = fc.constant(pool.filter((key) => key.startsWith('a')));
  return fc
    .oneof({ weight: 3, arbitrary: some }, { weight: 1, arbitrary: beside })
    .chain((keys) => fc.array(commandArbitrary(capabilities, keys), { minLength: 1, maxLength: 25 }));
}

function commandArbitrary(capabilities: Capabilities, pool: readonly string[]): fc.Arbitrary<Command> {
  const key = fc.constantFrom(...pool);
  const writeCondition = fc.constantFrom(
    ...(['none', 'none', 'none'] as const),
    ...(capabilities.ifAbsentPut ? (['absent'] as const) : []),
    ...(capabilities.ifMatchPut ? (['current', 'stale'] as const) : []),
    ...(capabilities.ifNoneMatchPut ? (['not-current'] as const) : []),
  );
  const deleteCondition = fc.constantFrom(
    ...(['none', 'none'] as const),
    ...(capabilities.mustExistDelete ? (['must-exist'] as const) : []),
    ...(capabilities.ifMatchDelete ? (['current', 'stale'] as const) : []),
  );
  const age = fc.nat({ max: 4 });

  const save = fc.record({
    kind: fc.constant('save' as const),
    key,
    body: bodies,
    as: fc.constantFrom('bytes' as const, 'stream' as const),
    metadata,
    condition: writeCondition,
  });
  const commands: fc.WeightedArbitrary<Command>[] = [
    { weight: 8, arbitrary: save },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('retrieve' as const),
        key,
        condition: fc.constantFrom('none', 'none', 'current', 'stale', 'not-current'),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('range' as const), key, range: ranges }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('head' as const), key }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), key, condition: deleteCondition }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('delete-many' as const), keys: fc.uniqueArray(key, { maxLength: 4 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('list' as const),
        prefix: fc.constantFrom(...prefixPool(pool)),
        delimiter: fc.boolean(),
        startAfter: fc.option(fc.constantFrom(...pool, ...prefixPool(pool).slice(1)), { nil: undefined, freq: 3 }),
        pageSize: fc.constantFrom(1, 2, 3, 1000),
      }),
    },
  ];
  if (capabilities.copy) {
    const condition = fc.constantFrom('none' as const, ...(capabilities.ifAbsentCopy ? (['absent'] as const) : []));
    commands.push(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('copy' as const), source: key, key, condition }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('move' as const), source: key, key }) },
    );
  }
  if (capabilities.setMetadata) {
    commands.push({
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('update-metadata' as const), key, patch, replace: fc.boolean() }),
    });
  }
  if (capabilities.versions !== false) {
    commands.push(
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('versions' as const), key }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('read-version' as const), key, age }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('restore' as const), key, age }) },
    );
  }
  if (capabilities.undelete) {
    commands.push({ weight: 1, arbitrary: fc.record({ kind: fc.constant('undelete' as const), key }) });
  }
  return fc.oneof(...commands);
}

const bodies: fc.Arbitrary<Body> = fc.record({
  seed: fc.integer({ min: 1, max: 1000 }),
  size: fc.oneof(
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 20, arbitrary: fc.integer({ min: 1, max: 200 }) },
    { weight: 1, arbitrary: fc.constantFrom(65_535, 65_536, 65_537, 150_000) },
  ),
});

const value = fc.constantFrom('', '1', ' lead', 'trail ', 'ü', '日本', '🙀', '%41', 'a=b;c', '"q"', 'x'.repeat(100));

const metadata: fc.Arbitrary<Metadata> = fc.dictionary(fc.constantFrom('a', 'jobId', 'Under_score', '__proto'), value, {
  maxKeys: 3,
  noNullPrototype: true,
});

const patch = fc.dictionary(fc.constantFrom('a', 'jobId', 'fresh'), fc.option(value), {
  maxKeys: 3,
  noNullPrototype: true,
});

const edge = fc.oneof(fc.integer({ min: 0, max: 210 }), fc.constantFrom(65_536, 149_999, 150_000, 2 ** 33));

const ranges = fc.oneof(
  fc.record({ start: edge }),
  fc.tuple(edge, fc.integer({ min: 1, max: 300 })).map(([start, length]) => ({ start, end: start + length })),
  fc.record({ suffix: edge }),
);
