import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import type { StorageBackend } from '../../src/backend.ts';
import { StorageManager } from '../../src/config/manager.ts';
import { BackendRegistry } from '../../src/config/registry.ts';
import { MemoryBackend } from '../../src/memory/index.ts';

class TenantBackend extends MemoryBackend {
  tenant(): string {
    return this.name;
  }
}

function configErrorOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toMatchObject({ code: 'InvalidConfig' });
    return (error as Error).message;
  }
  throw new Error('it threw nothing');
}

describe('StorageManager', () => {
  it('gives each backend by its name, with the type that its configuration tells', async () => {
    const manager = new StorageManager({
      backends: {
        uploads: MemoryBackend.createConfig({ name: 'uploads' }),
        cache: { type: 'memory' },
        temp: 'memory://',
      },
      default: 'uploads',
    });
    const uploads = await manager.backend('uploads');
    const cache = await manager.backend('cache');
    expectTypeOf(uploads).toEqualTypeOf<MemoryBackend>();
    expectTypeOf(cache).toEqualTypeOf<StorageBackend>();
    expectTypeOf(await manager.backend()).toEqualTypeOf<MemoryBackend>();
    expect(uploads).toBeInstanceOf(MemoryBackend);
    expect([uploads.name, cache.name, (await manager.backend('temp')).name]).toEqual(['uploads', 'cache', 'temp']);
    expect(await manager.backend()).toBe(uploads);
    expect(manager.names).toEqual(['uploads', 'cache', 'temp']);
  });

  it('creates each once, when it is first asked for', async () => {
    const load = vi.fn(() => TenantBackend);
    const registry = new BackendRegistry().register('tenant', load);
    const manager = new StorageManager({ backends: { a: { type: 'tenant' } }, registry });
    expect(load).not.toHaveBeenCalled();
    const [first, second] = await Promise.all([manager.backend('a'), manager.backend('a')]);
    expect(first).toBe(second);
    expect(await manager.backend()).toBe(first);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('tries again to create what failed', async () => {
    const load = vi.fn(async () => TenantBackend).mockRejectedValueOnce(new Error('offline'));
    const registry = new BackendRegistry().register('tenant', load);
    const manager = new StorageManager({ backends: { a: { type: 'tenant' } }, registry });
    await expect(manager.backend('a')).rejects.toMatchObject({ code: 'BackendNotInstalled' });
    expect(await manager.backend('a')).toBeInstanceOf(TenantBackend);
  });

  it('names every fault of its configuration at once, and no secret', () => {
    const message = configErrorOf(
      () =>
        new StorageManager({
          backends: {
            one: 's3://k:hunter2-hunter2@bucket/folder',
            two: { type: 'ftp' },
            three: 7 as never,
            four: MemoryBackend.createConfig({ name: 'four' }),
          },
          default: 'five' as never,
        }),
    );
    expect(message).toContain('backends.one: ');
    expect(message).toContain('backends.two.type: there is no backend type "ftp"');
    expect(message).toContain('backends.three: ');
    expect(message).toContain('default is "five"');
    expect(message).not.toMatch(/backends\.four|hunter2/);
  });

  it.each([[undefined], [null], [{}], [{ backends: [] }], [{ backends: {} }], [{ backends: null }]])(
    'refuses %j as its configuration',
    (options) => {
      configErrorOf(() => new StorageManager(options as never));
    },
  );

  it('says which backends there are when another is asked for', async () => {
    const manager = new StorageManager({ backends: { uploads: 'memory://', cache: 'memory://' } });
    const refused = { code: 'InvalidArgument' };
    await expect(manager.backend('upload' as never)).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('did you mean uploads? configured are uploads, cache'),
    });
    await expect(manager.backend()).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('no default'),
    });
    await expect(manager.backend(7 as never)).rejects.toMatchObject(refused);
    await expect(manager.backend('toString' as never)).rejects.toMatchObject(refused);
  });

  it('initialises every backend, or names the faults of all of them at once', async () => {
    const manager = new StorageManager({ backends: { a: 'memory://', b: { type: 'memory' } } });
    expect(await manager.initialize()).toBe(manager);
    const faulty = new StorageManager({
      backends: {
        a: { type: 'memory', nope: 1 },
        b: 'memory://?createBucket=maybe',
        c: 'memory://',
        d: { type: 'minio' },
      } as never,
      registry: new BackendRegistry({ from: '/' }).register('minio', () => {
        throw new Error('offline');
      }),
    });
    await expect(faulty.initialize()).rejects.toMatchObject({
      code: 'InvalidConfig',
      message: expect.stringMatching(
        /3 faults: backends\.a\.nope is not an option.*; backends\.b\.createBucket must be true or false; backends\.d: .*offline/,
      ),
    });
  });

  it('hands on the error of the only backend that cannot be initialised, and joins those of several', async () => {
    const missing = new StorageManager({ backends: { a: 'memory://', b: 'memory://?bucketName=missing' } });
    await expect(missing.initialize()).rejects.toMatchObject({ code: 'BucketNotFound', backend: 'b' });
    const both = new StorageManager({ backends: { a: 'memory://?bucketName=x', b: 'memory://?bucketName=y' } });
    await expect(both.initialize()).rejects.toMatchObject({
      code: 'BucketNotFound',
      message: expect.stringMatching(/^a: .*; b: /),
      cause: expect.any(AggregateError),
    });
    await expect(both.initialize({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'Aborted' });
  });

  it('tells the health of each by its name, all asked at once', async () => {
    const manager = new StorageManager({
      backends: { well: 'memory://', ill: 'memory://?bucketName=missing', wrong: { type: 'memory', nope: 1 } as never },
    });
    const health = await manager.healthCheck();
    expect(health.healthy).toBe(false);
    expectTypeOf(health.backends).toHaveProperty('well');
    expect(health.backends).toMatchObject({
      well: { healthy: true },
      ill: { healthy: false, error: { code: 'BucketNotFound' } },
      wrong: { healthy: false, error: { code: 'InvalidConfig' } },
    });
    expect((await new StorageManager({ backends: { a: 'memory://' } }).healthCheck()).healthy).toBe(true);
  });

  it('checks the health of all at the same time', async () => {
    let waiting = 0;
    let proceed!: () => void;
    const everyone = new Promise<void>((resolve) => (proceed = resolve));
    class SlowBackend extends MemoryBackend {
      override async healthCheck(): Promise<{ healthy: true; latencyMs: number }> {
        waiting += 1;
        if (waiting === 3) proceed();
        await everyone;
        return { healthy: true, latencyMs: 0 };
      }
    }
    const registry = new BackendRegistry().register('slow', SlowBackend);
    const backends = { a: { type: 'slow' }, b: { type: 'slow' }, c: { type: 'slow' } };
    expect((await new StorageManager({ backends, registry }).healthCheck()).healthy).toBe(true);
  });

  it('does not take a wrong argument, an abort or its own end for an illness', async () => {
    const manager = new StorageManager({ backends: { a: 'memory://' } });
    await expect(manager.healthCheck({ timeoutMs: -1 })).rejects.toMatchObject({ code: 'InvalidArgument' });
    await expect(manager.healthCheck({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'Aborted' });
    await manager.close();
    await expect(manager.healthCheck()).rejects.toMatchObject({ code: 'Closed' });
    await expect(manager.initialize()).rejects.toMatchObject({ code: 'Closed' });
  });

  it('closes every backend that was created, also one that is being created, and then is closed itself', async () => {
    let finish!: (value: typeof TenantBackend) => void;
    const registry = new BackendRegistry().register(
      'slow',
      () => new Promise<never>((resolve) => (finish = resolve as never)),
    );
    const manager = new StorageManager({
      backends: { a: 'memory://', b: { type: 'slow' }, never: 'memory://' },
      registry,
    });
    const a = await manager.backend('a');
    const pending = manager.backend('b');
    const closing = manager.close();
    finish(TenantBackend);
    const b = await pending;
    await closing;
    await manager.close();
    for (const backend of [a, b]) await expect(backend.exists('x')).rejects.toMatchObject({ code: 'Closed' });
    await expect(manager.backend('a')).rejects.toMatchObject({ code: 'Closed' });
  });

  it('closes the others when one cannot be closed, and rejects with why', async () => {
    const manager = new StorageManager({ backends: { a: 'memory://', b: 'memory://' } });
    const a = await manager.backend('a');
    const b = await manager.backend('b');
    vi.spyOn(a, 'close').mockRejectedValue(new Error('stuck'));
    await expect(manager.close()).rejects.toThrow('stuck');
    await expect(b.exists('x')).rejects.toMatchObject({ code: 'Closed' });
  });

  it('is closed at the end of `await using`', async () => {
    const inside = async (): Promise<StorageBackend> => {
      await using manager = new StorageManager({ backends: { a: 'memory://' } });
      return await manager.backend();
    };
    await expect((await inside()).exists('x')).rejects.toMatchObject({ code: 'Closed' });
  });
});
