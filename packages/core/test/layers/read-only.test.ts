import { expect, test } from 'vitest';
import type { Capabilities } from '../../src/capabilities.ts';
import { readOnly } from '../../src/layers/read-only.ts';
import { rejects } from '../memory/setup.ts';
import { type Asked, everything, memberAt, memberPaths, stub } from './setup.ts';

const forwarded = [
  'open',
  'check',
  'exists',
  'head',
  'get',
  'listPage',
  'close',
  'state',
  'sign',
  'versions.list',
  'tags.get',
];
const refused = ['put', 'remove', 'versions.restore', 'tags.set'];

test('members that read are forwarded', async () => {
  const asked: Asked[] = [];
  const view = readOnly()(stub(asked, 'answer'));
  for (const path of forwarded) expect(await memberAt(view, path)?.('request', 'context')).toBe('answer');
  expect(asked).toEqual(forwarded.map((path) => [path, 'request', 'context']));
  expect(view).toMatchObject({ driverApi: 1, type: 'stub', secrets: ['s3cret'] });
  expect(view.classify(new Error('any'))).toEqual({ code: 'Conflict', retryable: 'safe' });
});

test('members that write refuse or are gone, and nothing reaches the driver below', async () => {
  const asked: Asked[] = [];
  const view = readOnly()(stub(asked, 'answer'));
  for (const path of refused)
    await rejects(memberAt(view, path)?.('request', 'context') ?? Promise.resolve(), 'Unsupported');
  const there = memberPaths.filter((path) => memberAt(view, path) !== undefined);
  expect(there.sort()).toEqual([...forwarded, ...refused].sort());
  expect(asked).toEqual([]);
});

/** Claims that are about reading, and stay; a capability that is in neither list fails the test below. */
const kept: readonly (keyof Capabilities)[] = [
  'keyGrammar',
  'keyCanBePrefixOfKey',
  'maxKeyBytes',
  'listOrder',
  'startAfter',
  'maxPageSize',
  'listMetadata',
  'suffixRange',
  'lastModifiedPrecision',
  'saveReportsLastModified',
  'etagKind',
  'modifiedSinceRead',
  'deleteReportsExistence',
  'singlePut',
  'maxMetadataBytes',
  'versions',
  'tags',
  'storedChecksum',
  'durability',
];

test('every claim is one about reading, or is given up', () => {
  const { capabilities } = readOnly()(stub([], undefined));
  expect(Object.isFrozen(capabilities)).toBe(true);
  for (const name of Object.keys(everything) as (keyof Capabilities)[]) {
    if (name === 'sign') continue;
    expect([name, capabilities[name]]).toEqual([name, kept.includes(name) ? everything[name] : false]);
  }
});

test('only requests that read are signed', () => {
  expect(readOnly()(stub([], undefined)).capabilities.sign).toEqual({
    methods: ['GET', 'HEAD'],
    maxExpiresIn: 60,
    bindsContentType: false,
    bindsContentLength: false,
    bindsChecksum: false,
    bindsIfAbsent: false,
    responseHeaders: true,
    uploadForm: false,
  });
  const { sign } = everything;
  const onlyPut = { ...everything, sign: sign && { ...sign, methods: ['PUT' as const] } };
  const view = readOnly()(stub([], undefined, onlyPut));
  expect(view.capabilities.sign).toBe(false);
  expect(view).not.toHaveProperty('sign');
});
