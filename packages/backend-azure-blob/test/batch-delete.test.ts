import { randomUUID } from 'node:crypto';
import { startFaultProxy } from '@storage/conformance-tests/faults';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { AzureBlobBackend } from '../src/index.ts';

const azurite = inject('azurite');

describe.skipIf('skipped' in azurite)('a batch delete', () => {
  let backend: AzureBlobBackend;
  let proxy: Awaited<ReturnType<typeof startFaultProxy>>;
  beforeAll(async () => {
    if ('skipped' in azurite) return;
    proxy = await startFaultProxy(azurite.endpointUrl);
    backend = new AzureBlobBackend({ ...azurite, endpointUrl: proxy.url, containerName: `batch-${randomUUID()}` });
  });
  afterAll(async () => {
    if ('skipped' in azurite) return;
    await backend.close();
    await proxy.close();
  });

  // One more than the service takes in a batch.
  const keys = Array.from({ length: 257 }, (_, index) => `b/${String(index).padStart(3, '0')} %2F&ü`);

  test('of 257 keys is two requests, with an outcome for each key in its place', async () => {
    const absent = new Set([0, 100, 255]);
    const leased = new Set([1, 254, 256]);
    for (const [index, key] of keys.entries()) if (!absent.has(index)) await backend.save(key, 'x');
    const leases = new Map<string, string>();
    for (const index of leased) leases.set(keys[index] ?? '', await backend.acquireLease(keys[index] ?? ''));
    await proxy.arm();
    const outcomes = await backend.deleteMany(keys);
    expect(proxy.requests.map(({ method, query }) => [method, query.includes('comp=batch')])).toEqual([
      ['POST', true],
      ['POST', true],
    ]);
    expect(outcomes.map(({ key }) => key)).toEqual(keys);
    for (const [index, outcome] of outcomes.entries()) {
      if (leased.has(index)) {
        expect(outcome).toMatchObject({ ok: false, error: { code: 'Conflict', providerCode: 'LeaseIdMissing' } });
        expect(outcome.ok ? '' : outcome.error.message).toContain('withLease(leaseId)');
      } else expect(outcome).toEqual({ key: keys[index], ok: true, existed: !absent.has(index) });
    }
    expect((await backend.listFiles('b/')).map(({ key }) => key)).toEqual([...leases.keys()].toSorted());
    for (const [key, leaseId] of leases) await backend.releaseLease(key, leaseId);
  });

  test.each([
    ['is empty', 202, 'multipart/mixed; boundary=x', ''],
    ['has no type', 202, '', 'text'],
    ['is a page of a gateway', 200, 'text/html', '<html>Sign in</html>'],
    ['is one outcome for two keys', 202, 'multipart/mixed; boundary=x', part(0, 'HTTP/1.1 202 Accepted')],
    ['breaks off in an outcome', 202, 'multipart/mixed; boundary=x', part(0, 'HTTP/1.1 202 Accepted') + part(1, '')],
    ['says nothing of whom', 202, 'multipart/mixed; boundary=x', `${part('', 'HTTP/1.1 202')}${part('', '')}`],
  ])('whose answer %s is asked again, key by key where it must be', async (_, status, type, body) => {
    const both = ['c/1', 'c/2'];
    for (const key of both) await backend.save(key, 'x');
    const fault = {
      kind: 'answer',
      status,
      headers: type === '' ? {} : { 'content-type': type },
      body,
      applied: true,
    } as const;
    await proxy.arm({ query: /comp=batch/, fault });
    const outcomes = await backend.deleteMany(both);
    expect(proxy.fired).toBe(1);
    expect(proxy.requests.length).toBeGreaterThan(1);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true]);
    expect(await backend.listFiles('c/')).toEqual([]);
  });
});

/** A part of an answer to a batch: https://learn.microsoft.com/rest/api/storageservices/blob-batch */
function part(contentId: number | '', said: string): string {
  const lines = ['--x', 'Content-Type: application/http', `Content-ID: ${contentId}`, '', said];
  return `${lines.join('\r\n')}\r\n`;
}
