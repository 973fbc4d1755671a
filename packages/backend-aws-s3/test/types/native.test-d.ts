/** Compiled, never run: `native` has the type of the SDK's input, without what this library decides itself. */
import type { AwsS3Backend } from '../../src/index.ts';

export async function nativeIsTyped(backend: AwsS3Backend): Promise<void> {
  await backend.save('k', 'v', { native: { ACL: 'public-read', RequestPayer: 'requester' }, sse: 'AES256' });
  await backend.update('k', () => 'v', { native: { WebsiteRedirectLocation: '/new' } });
  await backend.uploadFile('k', './file', { native: { ACL: 'private' } });
  await backend.createUpload('k', { native: { ACL: 'private' } });

  // @ts-expect-error -- no input of the SDK
  await backend.save('k', 'v', { native: { Acl: 'private' } });
  // @ts-expect-error -- save has an option for that
  await backend.save('k', 'v', { native: { ContentType: 'text/plain' } });
  // @ts-expect-error -- update has an option for that
  await backend.update('k', () => 'v', { native: { Metadata: {} } });
  // @ts-expect-error -- the argument says it
  await backend.uploadFile('k', './file', { native: { Body: 'x' } });
  // @ts-expect-error -- the argument says it
  await backend.createUpload('k', { native: { Key: 'other' } });
}
