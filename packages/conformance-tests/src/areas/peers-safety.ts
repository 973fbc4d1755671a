import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { absent, expectCode, holds, keysUnder, rejectionOf, snapshot } from '../assertions.ts';
import { utf8 } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { failureOf } from '../failures.ts';
import { endsInDot } from '../keys.ts';

const dotsInNames: ConformanceCase = {
  number: 245,
  title: 'dots in a name are ordinary; what would leave the store is refused or stays inside',
  run: async (context) => {
    const { backend } = context;
    const names = [
      'foo../bar',
      '..foo',
      '...',
      'a/...',
      'a../..b',
      'b/.../x',
      '%2e%2e/x',
      'a/%2e%2e%2fx',
      'C:/x',
      'c:x',
      '~/x',
    ];
    const ordinary = names.filter((name) => context.harness.dropsDots !== true || !endsInDot(name));
    for (const name of names.filter((each) => !ordinary.includes(each))) {
      await expectCode(backend.save(context.key(name), 'x'), 'InvalidKey');
    }
    for (const name of ordinary) {
      await backend.save(context.key(name), utf8(name));
      await holds(backend, context.key(name), utf8(name));
    }
    assert.deepEqual(
      (await keysUnder(backend, context.prefix)).toSorted(),
      ordinary.map((name) => context.key(name)).toSorted(),
    );

    const leaving = [
      '../x',
      '..\\x',
      'a/../../x',
      '/etc/passwd',
      '\\\\host\\share',
      `${context.prefix}../../x`,
      '..',
      './x',
      'a/..',
    ];
    for (const key of leaving) {
      await expectCode(backend.save(key, 'out'), 'InvalidKey');
      await expectCode(backend.retrieve(key), 'InvalidKey', 'NotFound');
      await expectCode(backend.createUpload(key), 'InvalidKey', 'Unsupported');
      if (backend.capabilities.copy) await expectCode(backend.copy(context.key('...'), key), 'InvalidKey');
    }
  },
};

const deniedIsNotAbsent: ConformanceCase = {
  number: 246,
  title: 'exists rejects with wrong credentials and says false for nothing but absence',
  uses: ['makeDenied'],
  run: async (context) => {
    const backend = await context.makeExtra('makeDenied');
    for (const call of [
      () => backend.exists(context.key()),
      () => backend.getMetadata(context.key()),
      () => backend.retrieve(context.key()),
    ]) {
      await expectCode(call, 'Unauthenticated', 'PermissionDenied');
    }
  },
};

const missingBucket: ConformanceCase = {
  number: 246,
  letter: 'a',
  title: 'a bucket that is not there is BucketNotFound for every call, never an absent object',
  uses: ['makeMissing'],
  run: async (context) => {
    const backend = await context.makeExtra('makeMissing');
    const key = context.key();
    const calls: readonly (() => Promise<unknown>)[] = [
      () => backend.exists(key),
      () => backend.getMetadata(key),
      () => backend.retrieve(key),
      () => backend.save(key, 'x'),
      () => backend.delete(key),
      () => backend.listFiles(),
    ];
    for (const call of calls) await expectCode(call, 'BucketNotFound');
  },
};

const refusedLink = ['NotFound', 'InvalidKey', 'KeyConflict', 'PermissionDenied', 'Corrupted'] as const;

const symlinks: ConformanceCase = {
  number: 254,
  title: 'a symbolic link that leads out of the store is refused for every call, and its target stays',
  uses: ['plant'],
  run: async (context) => {
    const { backend, harness } = context;
    const [outside, link] = [context.key('outside'), context.key('folder/link')];
    await backend.save(outside, 'target');
    await harness.plant?.({ kind: 'symlink', key: link, target: outside });
    const before = await snapshot(backend, outside);
    const refusals: readonly (() => Promise<unknown>)[] = [
      () => backend.retrieve(link),
      ...(backend.capabilities.copy
        ? [() => backend.copy(link, context.key('copy')), () => backend.move(link, context.key('moved'))]
        : []),
    ];
    for (const call of refusals) await expectCode(call, ...refusedLink);
    await absent(backend, context.key('copy'));
    await absent(backend, context.key('moved'));
    assert.ok(!(await keysUnder(backend, context.prefix)).includes(link), 'it is not listed');
    // To replace or to remove the link itself is allowed; to reach through it is not.
    await failureOf(backend.save(link, 'through?'), ...refusedLink);
    await failureOf(backend.delete(link), ...refusedLink);
    assert.deepEqual(await snapshot(backend, outside), before);
  },
};

const noSecretAnywhere: ConformanceCase = {
  number: 256,
  title: 'no secret appears in an error, its JSON, inspect, an event or a log line',
  uses: ['secrets'],
  run: async (context) => {
    const { harness } = context;
    const secrets = harness.secrets ?? [];
    assert.ok(secrets.length > 0, 'the harness names the secrets');
    const seen: string[] = [];
    const note = (...values: readonly unknown[]): void => {
      for (const value of values) seen.push(inspect(value, { depth: 6 }), JSON.stringify({ value }));
    };
    const logger = { debug: note, info: note, warn: note, error: note };
    const backend = await context.make({ observer: note, logger });
    await backend.save(context.key(), 'text');
    await backend.exists(context.key());
    const errors = [await rejectionOf(backend.retrieve(context.key('missing')))];
    for (const secret of secrets) {
      const { backend: failing } = await context.makeFaulty(
        [
          {
            on: ['head', 'put'],
            times: 2,
            fault: { kind: 'fail-before', error: () => new Error(`sent ${secret} to the service`) },
          },
        ],
        { observer: note, logger },
      );
      errors.push(
        await rejectionOf(failing.exists(context.key())),
        await rejectionOf(failing.save(context.key(), 'x')),
      );
    }
    note(backend);
    for (const error of errors as Error[]) note(error, error.message, error.stack, String(error));
    assert.ok(seen.length > 10, 'events and lines were seen');
    for (const text of seen) for (const secret of secrets) assert.ok(!text.includes(secret), `shows a secret: ${text}`);
  },
};

/** Ways out of the store, and secrets. */
export const peerSafety: readonly ConformanceCase[] = [
  dotsInNames,
  deniedIsNotAbsent,
  missingBucket,
  symlinks,
  noSecretAnywhere,
];
