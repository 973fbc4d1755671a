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
    expect(message).toContain('backends.two: there is no backend type "ftp"');
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
