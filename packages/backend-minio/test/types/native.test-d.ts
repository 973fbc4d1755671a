/** Compiled, never run: `native` has the type of the SDK's input, without what this library decides itself. */
import type { MinioBackend } from '../../src/index.ts';

export async function nativeIsTyped(backend: MinioBackend): Promise<void> {
  await backend.save('k', 'v', { native: { ACL: 'public-read', Expires: new Date(), ObjectLockMode: 'GOVERNANCE' } });
  await backend.update('k', () => 'v', { native: { WebsiteRedirectLocation: '/new' } });
  await backend.uploadFile('k', './file', { native: { ACL: 'private' } });
  await backend.createUpload('k', { native: { ACL: 'private' } });
  await backend.save('k', 'v', { native: undefined, ifAbsent: true, tags: { a: 'b' } });

  // @ts-expect-error -- no input of the SDK
  await backend.save('k', 'v', { native: { Acl: 'private' } });
  // @ts-expect-error -- no value that the SDK knows
  await backend.save('k', 'v', { native: { ACL: 'everybody' } });
  // @ts-expect-error -- save has an option for that
  await backend.save('k', 'v', { native: { ContentType: 'text/plain' } });
  // @ts-expect-error -- update has an option for that
  await backend.update('k', () => 'v', { native: { Metadata: {} } });
  // @ts-expect-error -- the argument says it
  await backend.uploadFile('k', './file', { native: { Body: 'x' } });
  // @ts-expect-error -- the argument says it
  await backend.createUpload('k', { native: { Key: 'other' } });
  // @ts-expect-error -- MinIO has no storage tiers
  await backend.save('k', 'v', { tier: 'GLACIER' });
}
