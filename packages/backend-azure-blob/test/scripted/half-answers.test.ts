import { describe, expect, test } from 'vitest';
import type { AzureBlobBackend } from '../../src/index.ts';
import { blocks, listed, listing, tagged, written } from './documented-answers.ts';
import type { ScriptedAnswer } from './scripted-service.ts';
import { errorOf, inTurn, scripted } from './setup.ts';
import { stagingAccount } from './staging-account.ts';

const version = '<VersionId>2026-01-01T00:00:00.0000001Z</VersionId>';
const items = ['a', 'b'].map((name) => listed(name, 1, '"0x1"', version));
const xml = (body: string): ScriptedAnswer => ({ status: 200, headers: { 'content-type': 'application/xml' }, body });
const without = (element: string): ScriptedAnswer =>
  xml(String(listing(items).body).replace(new RegExp(`<${element}>.*?</${element}>`), ''));

/** What is no answer to anything that was asked, under a status that says success. */
const foreign: readonly (readonly [name: string, answer: ScriptedAnswer])[] = [
  ['nothing', xml('')],
  ['nothing, of no type', { status: 200 }],
  ['a blank', xml(' ')],
  ['a page of a gateway', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' }],
  ['a page that calls itself XML', xml('<html>Sign in</html>')],
  ['other XML', xml('<?xml version="1.0"?><ServiceProperties />')],
  ['an envelope with nothing in it', xml('<?xml version="1.0"?><EnumerationResults />')],
  ['JSON', { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' }],
];

const calls: Readonly<
  Record<string, readonly [call: (backend: AzureBlobBackend) => Promise<unknown>, ScriptedAnswer]>
> = {
  listFiles: [(backend) => backend.listFiles(), listing(items)],
  'listPage, folded': [(backend) => backend.listPage({ delimiter: '/', include: ['metadata'] }), listing(items)],
  getSnapshots: [(backend) => backend.getSnapshots('a'), listing(items)],
  getVersions: [(backend) => backend.getVersions('a'), listing(items)],
  state: [(backend) => backend.state(), listing(items)],
  getTags: [(backend) => backend.getTags('a'), tagged({ team: 'x', empty: '' })],
};

const everyCall = (['sdk', 'direct'] as const).flatMap((transport) =>
  Object.entries(calls).map(([name, [call, answer]]) => ({ name, transport, call, answer })),
);

describe.each(everyCall)('$name by the transport $transport', ({ transport, call, answer }) => {
  test.each(foreign)('%s is an error that passes', async (_name, half) => {
    const good = await scripted(() => answer, { versions: true, transport });
    await call(good.backend);
    const again = await scripted(inTurn(half, answer), { versions: true, transport });
    await call(again.backend);
    expect(again.service.requests).toHaveLength(good.service.requests.length + 1);
    const { backend } = await scripted(() => half, { versions: true, transport, retry: false });
    const error = await errorOf(call(backend));
    expect(error).toMatchObject({ code: 'Unavailable', retryable: 'safe' });
    expect(error.message).toContain('the service answered with half a ');
  });

  test('an answer that was cut is never taken for a whole one, wherever that was', async () => {
    const body = String(answer.body);
    let at = 0;
    const cut = (): ScriptedAnswer => ({ ...answer, body: body.slice(0, at) });
    const { backend } = await scripted(cut, { versions: true, transport, retry: false });
    for (at = 0; at < body.length; at += 7) {
      expect(await errorOf(call(backend))).toMatchObject({ code: 'Unavailable', retryable: 'safe' });
    }
  });
});

test.each(['Name', 'Properties', 'Etag', 'Last-Modified', 'Content-Length'])(
  'a listed file without its %s is no file',
  async (element) => {
    const { backend } = await scripted(() => without(element), { retry: false });
    const error = await errorOf(backend.listFiles());
    expect(error).toMatchObject({ code: 'Unavailable', retryable: 'safe' });
  },
);

test('a tag without a value is no tag', async () => {
  const { backend } = await scripted(() => xml('<Tags><TagSet><Tag><Key>team</Key></Tag></TagSet></Tags>'), {
    retry: false,
  });
  expect(await errorOf(backend.getTags('a'))).toMatchObject({ code: 'Unavailable', retryable: 'safe' });
});

test.each(foreign)('%s where tags are asked for to be written again loses none', async (_, half) => {
  const account = stagingAccount();
  let halves = 0;
  const { backend } = await scripted((request) => {
    const isHalf = request.query.get('comp') === 'tags' && halves++ % 2 === 0;
    return isHalf ? half : account(request);
  });
  const tags = { team: 'x', empty: '' };
  await backend.save('a', 'text', { tags });
  await backend.copy('a', 'b', { contentType: 'text/csv' });
  await backend.updateMetadata('a', { n: '1' }, { contentType: 'text/csv' });
  expect(halves).toBe(4);
  expect([await backend.getTags('a'), await backend.getTags('b')]).toEqual([tags, tags]);
});

test.each(foreign)('%s where the blocks of an upload are asked for does not end it', async (_, half) => {
  let answer = half;
  const { backend } = await scripted(({ method }) => (method === 'PUT' ? written('"0x1"') : answer), { retry: false });
  const token = (await backend.createUpload('a')).toToken();
  expect(await errorOf(partsOf(backend, token))).toMatchObject({ code: 'Unavailable', retryable: 'safe' });
  answer = blocks([]);
  expect(await errorOf(partsOf(backend, token))).toMatchObject({ code: 'NotFound' });
});

test.each(foreign)('%s in answer to a write is no success, and may have been one', async (_, half) => {
  const { backend } = await scripted(() => half, { retry: false });
  expect(await errorOf(backend.save('a', 'text', { ifAbsent: true }))).toMatchObject({
    code: 'Unavailable',
    retryable: 'ambiguous',
  });
});

async function partsOf(backend: AzureBlobBackend, token: string): Promise<unknown> {
  return (await backend.resumeUpload(token)).parts();
}
