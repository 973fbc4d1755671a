import { describe, expect, test } from 'vitest';
import { createPace } from '../../src/disk/pace.ts';
import { patiently } from '../../src/disk/rename-over.ts';
import { run } from '../../src/disk/run.ts';
import { call, type Task } from '../../src/disk/task.ts';

/** A pace whose time is told by the test. */
function paced() {
  let now = 1000;
  const pace = createPace(() => now);
  const pass = (ms: number): void => {
    now += ms;
  };
  /** A task with one call that takes so long. */
  const task = (ms: number): void => {
    pace.resume();
    pace.timed(() => {
      pass(ms);
    });
    pace.endTask();
  };
  return { pace, pass, task };
}

describe('calls are made at once', () => {
  test('while the disk is quick', () => {
    const { pace, task } = paced();
    for (let n = 0; n < 100; n++) task(0.01);
    expect(pace.quick()).toBe(true);
  });

  test('though one call in ten was interrupted', () => {
    const { pace, task } = paced();
    for (let n = 0; n < 100; n++) {
      task(n % 10 === 0 ? 10 : 0.01);
      expect(pace.quick()).toBe(true);
    }
  });

  test('but not on a disk whose calls are slow: the loop is blocked a twentieth of the time at most', () => {
    const { pace, pass, task } = paced();
    let blocked = 0;
    let passed = 0;
    for (let n = 0; n < 20_000; n++) {
      if (pace.quick()) {
        task(10);
        blocked += 10;
      }
      pass(1);
      passed += 1;
      pace.resume();
    }
    expect(blocked).toBeGreaterThan(0);
    expect(blocked / passed).toBeLessThan(0.06);
  });

  test('and again when it has become quick', () => {
    const { pace, pass, task } = paced();
    for (let n = 0; n < 5; n++) task(10);
    expect(pace.quick()).toBe(false);
    pass(300);
    pace.resume();
    expect(pace.quick()).toBe(true);
    task(0.01);
    expect(pace.quick()).toBe(true);
  });
});

test('a long row of quick calls lets timers and sockets have their turn', async () => {
  const pace = createPace();
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 1);
  const until = performance.now() + 200;
  while (performance.now() < until) await run(pace, lookAtOnce());
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(10);
});

test('an error of a call is an error of the task, made at once or by a thread', async () => {
  const pace = createPace();
  const boom = new Error('boom');
  const fail = (): never => {
    throw boom;
  };
  await expect(run(pace, call('fail', fail, fail))).rejects.toBe(boom);
  await expect(
    run(
      pace,
      call('fail', undefined, (done) => {
        done(boom);
      }),
    ),
  ).rejects.toBe(boom);
});

describe('a file that others have open', () => {
  test('is replaced on Windows when they close it', async () => {
    let attempts = 0;
    function* refusedTwice(): Task<void> {
      attempts += 1;
      if (attempts < 3) yield* refused('EPERM');
    }
    await run(createPace(), patiently(refusedTwice, true));
    expect(attempts).toBe(3);
  });

  test('is not waited for elsewhere, where that means that it is forbidden', async () => {
    await expect(
      run(
        createPace(),
        patiently(() => refused('EPERM'), false),
      ),
    ).rejects.toMatchObject({ code: 'EPERM' });
  });

  test('and stays open is Unavailable', { timeout: 20_000 }, async () => {
    await expect(
      run(
        createPace(),
        patiently(() => refused('EBUSY'), true),
      ),
    ).rejects.toMatchObject({
      classification: { code: 'Unavailable', retryable: 'safe' },
    });
  });
});

function lookAtOnce(): Task<number> {
  return call(
    'look',
    () => Math.sqrt(2),
    () => undefined,
  );
}

function refused(code: string): Task<void> {
  return call<void>('rename', undefined, (done) => {
    done(Object.assign(new Error(code), { code }));
  });
}
