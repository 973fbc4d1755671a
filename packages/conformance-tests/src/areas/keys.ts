import assert from 'node:assert/strict';
import { prefixed } from '@storage/core';
import type { StorageBackend } from '@storage/core';
import { absent, expectCode, expectEarly, headOf, holds, keysUnder, unchanged } from '../assertions.ts';
import { hangingBody, pattern, utf8 } from '../bodies.ts';
import { count, defineArea } from '../case.ts';
import type { Area, CaseContext } from '../case.ts';
import { byListOrder, randomNames, twins, weirdNames } from '../keys.ts';
import { inParallel } from '../parallel.ts';

/** Saves each name with bytes of its own, and asserts that every method gives it back as it was. */
async function roundTrip({ backend, key, prefix, capabilities }: CaseContext, names: readonly string[]): Promise<void> {
  const body = (name: string): Uint8Array => utf8(`body of ${name}`);
  await inParallel(names, async (name) => {
    const saved = await backend.save(key(name), body(name));
    assert.equal(saved.key, key(name));
  });
  const expected = names.map((name) => key(name)).toSorted(byListOrder(capabilities.listOrder));
  assert.deepEqual(await keysUnder(backend, prefix), expected);
  await inParallel(names, async (name) => {
    await holds(backend, key(name), body(name));
    assert.equal((await headOf(backend, key(name))).key, key(name));
    assert.equal(await backend.exists(key(name)), true);
    await backend.delete(key(name));
    await absent(backend, key(name));
  });
}

/** Asserts that a key is refused for writing before any request, and that reading it never gives the object at `twin`. */
async function refusedAndNoAlias(context: CaseContext, key: string, twin: string): Promise<void> {
  const { backend, capabilities } = context;
  await backend.save(twin, utf8('twin'));
  await unchanged(backend, twin, () =>
    expectEarly(context, 'InvalidKey', (watched) => watched.save(key, utf8('alias'))),
  );
  if (capabilities.copy) await expectEarly(context, 'InvalidKey', (watched) => watched.copy(twin, key));
  assert.ok(await isNotThere(backend, key), `${JSON.stringify(key)} is not another name of ${twin}`);
  await backend.delete(key).catch((error: unknown) => expectCode(Promise.reject(error as Error), 'InvalidKey'));
  await holds(backend, twin, utf8('twin'));
}

/** Whether nothing is at a key, or the service cannot hold it. */
async function isNotThere(backend: StorageBackend, key: string): Promise<boolean> {
  try {
    return !(await backend.exists(key));
  } catch (error) {
    await expectCode(Promise.reject(error as Error), 'InvalidKey');
    return true;
  }
}

/** Asserts that two keys are two objects, or that the second is refused and the first stays. */
async function keptApart({ backend, prefix }: CaseContext, first: string, second: string): Promise<void> {
  const refusal = await saveTwins(backend, first, second);
  await holds(backend, first, utf8('first'));
  if (refusal) return absentOrRefused(backend, second);
  await holds(backend, second, utf8('second'));
  const listed = await keysUnder(backend, prefix);
  assert.ok(listed.includes(first) && listed.includes(second), 'both are listed as they are spelled');
  await backend.delete(first);
  await absent(backend, first);
  await holds(backend, second, utf8('second'));
}

async function saveTwins(backend: StorageBackend, first: string, second: string): Promise<boolean> {
  await backend.save(first, utf8('first'));
  assert.equal(await backend.exists(second), false, `${second} is not another name of ${first}`);
  try {
    await backend.save(second, utf8('second'));
    return false;
  } catch (error) {
    await expectCode(Promise.reject(error as Error), 'KeyConflict', 'InvalidKey');
    return true;
  }
}

async function absentOrRefused(backend: StorageBackend, key: string): Promise<void> {
  assert.ok(await isNotThere(backend, key));
}

/** Every method that takes a key, with that key. */
function everyKeyCall(backend: StorageBackend, key: string): readonly (() => Promise<unknown>)[] {
  const { capabilities } = backend;
  return [
    () => backend.save(key, utf8('x')),
    () => backend.retrieve(key),
    () => backend.delete(key),
    () => backend.exists(key),
    () => backend.getMetadata(key),
    ...(capabilities.copy ? [() => backend.copy(key, 'a'), () => backend.copy('a', key)] : []),
    ...(capabilities.setMetadata ? [() => backend.updateMetadata(key, { a: 'b' })] : []),
    ...(capabilities.sign === false ? [] : [() => backend.getUrl(key)]),
  ];
}

/** Asserts that every method refuses a key before any request. */
async function refusedEverywhere(context: CaseContext, key: string): Promise<void> {
  const { backend, faults } = await context.makeFaulty();
  for (const call of everyKeyCall(backend, key)) await expectCode(call, 'InvalidKey');
  assert.deepEqual(faults.calls, [], `nothing is sent for ${JSON.stringify(key)}`);
}

const punctuation = [...' !"#$%&\'()*+,-:;<=>?@[]^_`{|}~'];

export const keys: Area = defineArea({
  name: 'keys',
  title: 'B. Keys',
  cases: [
    {
      number: 9,
      title: 'a plain nested key goes through every method',
      run: async ({ backend, key, prefix, capabilities }) => {
        const body = utf8('plain');
        await backend.save(key('a/b/c.txt'), body);
        await holds(backend, key('a/b/c.txt'), body);
        assert.equal((await headOf(backend, key('a/b/c.txt'))).size, body.byteLength);
        assert.deepEqual(await keysUnder(backend, prefix), [key('a/b/c.txt')]);
        if (capabilities.copy) {
          await backend.copy(key('a/b/c.txt'), key('d/e.txt'));
          await holds(backend, key('d/e.txt'), body);
          await backend.delete(key('d/e.txt'));
        }
        await backend.delete(key('a/b/c.txt'));
        await absent(backend, key('a/b/c.txt'));
        assert.deepEqual(await keysUnder(backend, prefix), []);
      },
    },
    {
      number: 10,
      title: 'repeated slashes are refused for writing and never collapsed',
      claims: ['keyGrammar'],
      run: async (context) => {
        const { backend, capabilities, key } = context;
        await refusedAndNoAlias(context, key('foo//bar///baz'), key('foo/bar/baz'));
        if (capabilities.keyGrammar === 'any') assert.equal(await backend.exists(key('foo//bar')), false);
        else await expectEarly(context, 'InvalidKey', (watched) => watched.exists(key('foo//bar')));
      },
    },
    {
      number: 11,
      title: 'a leading slash is refused for writing and never dropped',
      claims: ['keyGrammar'],
      run: (context) => refusedAndNoAlias(context, `/${context.key('lead')}`, context.key('lead')),
    },
    {
      number: 12,
      title: 'a trailing slash is refused for writing and never dropped',
      claims: ['keyGrammar'],
      run: (context) => refusedAndNoAlias(context, context.key('trail/'), context.key('trail')),
    },
    {
      number: 13,
      title: '`../foo/../bar` neither escapes nor aliases',
      run: async (context) => {
        const { key } = context;
        await refusedAndNoAlias(context, key('../foo/../bar'), key('bar'));
        await refusedAndNoAlias(context, `../${key('foo')}`, key('foo'));
        await refusedAndNoAlias(context, key('x/../../top'), key('top'));
      },
    },
    {
      number: 14,
      title: 'backslashes are no separators: traversal by them is refused',
      run: async (context) => {
        const { key } = context;
        await refusedAndNoAlias(context, key('..\\foo\\..\\bar'), key('bar'));
        await refusedAndNoAlias(context, key('a\\b'), key('a/b'));
        await refusedAndNoAlias(context, `..\\..\\${key('up')}`, key('up'));
      },
    },
    {
      number: 15,
      title: 'a key that is `.` or `..` is refused',
      run: async (context) => {
        for (const key of ['.', '..', './', '../']) {
          await expectEarly(context, 'InvalidKey', (backend) => backend.save(key, utf8('x')));
          assert.ok(await isNotThere(context.backend, key));
        }
      },
    },
    {
      number: 16,
      title: 'a dot segment is refused for writing and never resolved',
      run: async (context) => {
        const { key } = context;
        await refusedAndNoAlias(context, key('a/./b'), key('a/b'));
        await refusedAndNoAlias(context, key('c/../d'), key('d'));
        await refusedAndNoAlias(context, key('e/.'), key('e'));
        await refusedAndNoAlias(context, key('f/g/..'), key('f'));
      },
    },
    {
      number: 17,
      title: 'a sibling whose name begins like the root is out of reach',
      run: async ({ backend, make, key }) => {
        const view = (await make()).with(prefixed(key('data/')));
        await backend.save(key('data-evil/secret'), utf8('secret'));
        for (const escape of ['../data-evil/secret', '-evil/secret', '../data-evil/../data-evil/secret']) {
          assert.ok(await isNotThere(view, escape), escape);
        }
        assert.deepEqual(await keysUnder(view, ''), []);
        assert.deepEqual(await keysUnder(view, '-evil'), []);
        await expectCode(view.save('../data-evil/secret', utf8('x')), 'InvalidKey');
        await holds(backend, key('data-evil/secret'), utf8('secret'));
        await view.close();
      },
    },
    {
      number: 18,
      title: 'NUL is InvalidKey in every method, before any request',
      run: async (context) => {
        await refusedEverywhere(context, context.key('a\u0000b'));
        await refusedEverywhere(context, '\u0000');
        await refusedEverywhere(context, context.key('file.txt\u0000.png'));
      },
    },
    {
      number: 19,
      title: 'every ASCII control character is InvalidKey, before any request',
      run: async (context) => {
        const codes = [...Array.from({ length: 0x20 }, (_, code) => code), 0x7f];
        for (const code of codes) await refusedEverywhere(context, context.key(`a${String.fromCharCode(code)}b`));
      },
    },
    {
      number: 20,
      title: 'every printable ASCII punctuation character, alone and combined',
      run: async (context) => {
        const around = punctuation.map((character) => `in${character}side`);
        const ends = punctuation.flatMap((character) => [`${character}x`, `alone${character}/${character}`]);
        await roundTrip(context, [
          ...new Set([...around, ...ends, punctuation.join(''), punctuation.toReversed().join('')]),
        ]);
      },
    },
    {
      number: 21,
      title: 'quotes and spaces, leading and trailing ones too, are kept',
      run: (context) =>
        roundTrip(context, [' ', ' a', 'a ', 'a  b', `"q"`, `'q'`, '`q`', 'dir /file', ' dir/ file ', 'a b/c d']),
    },
    {
      number: 21,
      title: 'tab, line feed and carriage return are InvalidKey',
      run: async (context) => {
        for (const character of ['\t', '\n', '\r', '\r\n']) {
          await refusedEverywhere(context, context.key(`a${character}b`));
          await refusedEverywhere(context, `${context.key('a')}${character}`);
        }
      },
    },
    {
      number: 22,
      title: 'a leading tilde and a leading dot are kept',
      run: (context) => roundTrip(context, ['~', '~user', '.hidden', '..two', '...', '.a/.b', '~~/~a']),
    },
    {
      number: 22,
      title: 'a trailing dot is kept, or the key is refused: it is never stripped',
      run: async (context) => {
        await keptApart(context, context.key('dot'), context.key('dot.'));
        await keptApart(context, context.key('dir/file'), context.key('dir./file'));
      },
    },
    {
      number: 23,
      title: 'leading digits are kept',
      run: (context) => roundTrip(context, ['0', '1a', '007', '1/2/3', '-1', '1e5']),
    },
    {
      number: 24,
      title: 'emoji, CJK, right-to-left text and combining marks are kept',
      run: (context) =>
        roundTrip(context, [
          '🙀',
          '👩‍👩‍👧‍👦/family',
          '日本語/ファイル.txt',
          '中文',
          '한국어',
          'עברית/קובץ',
          'العربية',
          'e\u0301',
          'a\u0300\u0316',
          'ก็',
          '\u{10FFFD}',
          '\u{1F640}\uFF5E',
          '\u00a0',
          '\u200b',
          '\ufeff',
        ]),
    },
    {
      number: 25,
      title: 'NFC and NFD spellings are two keys, or the second is refused',
      run: async (context) => {
        await keptApart(context, context.key('caf\u00e9'), context.key('cafe\u0301'));
        await keptApart(context, context.key('u\u0308/x'), context.key('\u00fc/x'));
        await keptApart(context, context.key('가'), context.key('\u1100\u1161'));
      },
    },
    {
      number: 26,
      title: 'case variants are two keys, or the second is refused',
      run: async (context) => {
        await keptApart(context, context.key('README'), context.key('readme'));
        await keptApart(context, context.key('Dir/file'), context.key('dir/file'));
        await keptApart(context, context.key('ß'), context.key('ẞ'));
        await keptApart(context, context.key('İ'), context.key('i̇'));
      },
    },
    {
      number: 27,
      title: 'percent sequences are not decoded, and the decoded twin is another key',
      run: async (context) => {
        const { backend, key } = context;
        await roundTrip(context, ['%48', '%2F', '%Q', 'test%46.txt', '%', '%%', '%00', '%25', '%2e%2e', 'a%']);
        await backend.save(key('%48ello'), utf8('percent'));
        await absent(backend, key('Hello'));
        await backend.save(key('a%2Fb'), utf8('percent'));
        await absent(backend, key('a/b'));
        await keptApart(context, key('%2541'), key('%41'));
      },
    },
    {
      number: 28,
      title: '`+` is not a space; `#`, `?` and `&` are not URL syntax',
      run: async (context) => {
        const { key } = context;
        await roundTrip(context, ['a+b', '+', 'q?x=1', 'h#frag', 'a&b=c', '?', '#', '&', '?versionId=1', 'a;b']);
        await keptApart(context, key('c+d'), key('c d'));
        await keptApart(context, key('e?f'), key('e'));
        await keptApart(context, key('g#h'), key('g'));
      },
    },
    {
      number: 29,
      title: 'keys that look like an escape or a sidecar are ordinary keys',
      run: (context) =>
        roundTrip(context, [
          '__0x2f__',
          '%2F',
          '%7E',
          'a%~',
          'b%~/c',
          'x.json',
          'x.json.json',
          'x.attrs',
          'x.meta',
          'x.tmp',
          'dir.json/b',
          'data/x',
          'metadata/x.json',
          'versions/x',
          'sha256-0000',
        ]),
    },
    {
      number: 30,
      title: 'internal names can be neither seen nor read',
      run: async ({ backend, harness, key }) => {
        await harness.reset();
        await backend.save(key('own'), utf8('one'), { metadata: { a: 'b' } });
        await backend.save(key('own'), utf8('two'), { metadata: { a: 'c' } });
        const { body, reached, release } = hangingBody(pattern(1024));
        const saving = backend.save(key('unfinished'), body);
        await reached;
        const inner = ['.json', '.meta', '.attrs', '.tmp', '.lock', '%~', '%~/1'].map(
          (suffix) => `${key('own')}${suffix}`,
        );
        const outer = ['data/', 'metadata/', 'versions/', '.staging/', '.storage/', '.minio.sys/'].flatMap((folder) => [
          `${folder}${key('own')}`,
          `${folder}${key('own')}.json`,
        ]);
        for (const name of [...inner, ...outer]) assert.ok(await isNotThere(backend, name), name);
        for (const folder of ['data', 'metadata', 'versions', '.staging', '.storage']) {
          assert.deepEqual(await keysUnder(backend, folder), [], folder);
        }
        assert.deepEqual(await keysUnder(backend, ''), [key('own')], 'the whole store lists the one key');
        release();
        await saving;
      },
    },
    {
      number: 31,
      title: 'lone surrogates and non-characters are InvalidKey in every method, before any request',
      run: async (context) => {
        for (const wrong of ['a\uD800', 'a\uDC00', '\uD800\uD800', '\uDC00\uD800', '\uFFFE', '\uFFFF']) {
          await refusedEverywhere(context, context.key(wrong));
        }
      },
    },
    {
      number: 32,
      title: 'a key of the longest length works, one byte more is InvalidKey',
      claims: ['maxKeyBytes'],
      run: async (context) => {
        const { backend, key, capabilities } = context;
        const limit = Math.min(capabilities.maxKeyBytes, 1024);
        const longest = fill(key(''), limit);
        await backend.save(longest, utf8('long'));
        await holds(backend, longest, utf8('long'));
        assert.deepEqual(await keysUnder(backend, key('')), [longest]);
        await backend.delete(longest);
        await refusedEverywhere(context, fill(key(''), capabilities.maxKeyBytes + 1));
        await refusedEverywhere(context, fill(key('é/'), capabilities.maxKeyBytes + 1));
      },
    },
    {
      number: 32,
      title: 'segments of 255 bytes and 254 segments work, a segment of 256 is refused for writing',
      run: async (context) => {
        const { key } = context;
        await roundTrip(context, ['s'.repeat(255), '日'.repeat(85), `${'d'.repeat(255)}/f`]);
        await roundTrip(context, [`${'a/'.repeat(252)}b`]);
        await expectEarly(context, 'InvalidKey', (backend) => backend.save(key('s'.repeat(256)), utf8('x')));
        await expectEarly(context, 'InvalidKey', (backend) => backend.save(key(`${'日'.repeat(86)}/f`), utf8('x')));
      },
    },
    {
      number: 33,
      title: 'the empty key is refused by every method, and a key that is no string is InvalidArgument',
      run: async (context) => {
        await refusedEverywhere(context, '');
        const { backend, faults } = await context.makeFaulty();
        for (const wrong of [undefined, null, 7, {}, ['a'], Buffer.from('a')]) {
          for (const call of everyKeyCall(backend, wrong as string))
            await expectCode(call, 'InvalidArgument', 'InvalidKey');
        }
        assert.deepEqual(faults.calls, []);
      },
    },
    {
      number: 34,
      title: 'glob and pattern characters are literal in get, list and delete by prefix',
      run: async (context) => {
        const { backend, key, prefix } = context;
        const globs = ['[a]', '{a,b}', '*', '?', '(a)', '^a', 'a$', 'a*b', 'a.b', '**'];
        const plain = ['a', 'b', 'axb', 'ab'];
        await inParallel([...globs, ...plain], (name) => backend.save(key(name), utf8(name)));
        for (const glob of globs) await holds(backend, key(glob), utf8(glob));
        for (const glob of ['[a]', '?', '(a)', '^a', 'a$', '{a']) {
          assert.deepEqual(
            await keysUnder(backend, key(glob)),
            globs.filter((name) => name.startsWith(glob)).map((name) => key(name)),
          );
        }
        for (const glob of ['[a]', 'a*', '?', '*']) await backend.deletePrefix(key(glob));
        const gone = ['[a]', 'a*b', '?', '*', '**'];
        const left = [...globs, ...plain].filter((name) => !gone.includes(name)).map((name) => key(name));
        assert.deepEqual(await keysUnder(backend, prefix), left.toSorted(byListOrder('utf8')));
      },
    },
    {
      number: 35,
      title: 'a key, then a key under it: kept, refused or hidden, as declared',
      claims: ['keyCanBePrefixOfKey'],
      run: (context) => besideOrRefused(context, context.key('a'), context.key('a/b')),
    },
    {
      number: 36,
      title: 'a key, then a key that is its folder: kept, or refused with KeyConflict and the first intact',
      claims: ['keyCanBePrefixOfKey'],
      run: async (context) => {
        await besideOrRefused(context, context.key('a/b'), context.key('a'));
        await besideOrRefused(context, context.key('x/y/z'), context.key('x'));
        await besideOrRefused(context, context.key('p'), context.key('p/q/r'));
      },
    },
    {
      number: 37,
      title: 'random keys: no two are one, each comes back as it was, in order',
      run: (context) => roundTrip(context, randomNames(count(120, 5000), 37)),
    },
    {
      number: 37,
      title: 'twins that careless escaping makes one are kept apart',
      run: async (context) => {
        await roundTrip(
          context,
          weirdNames.map((name) => `weird/${name}`),
        );
        for (const [what, first, second] of twins) {
          const folder = context.key(what.replaceAll(/\W/g, '-'));
          await keptApart(context, `${folder}/1${first}`, `${folder}/1${second}`);
        }
      },
    },
    {
      number: 38,
      title: 'names that Windows reserves are ordinary keys',
      run: (context) =>
        roundTrip(context, [
          'CON',
          'con.txt',
          'PRN',
          'AUX/x',
          'NUL',
          'COM1',
          'COM¹',
          'LPT9.log',
          'a:b',
          'C:x',
          'file::$DATA',
          '<>|',
          'q"q',
          'star*',
          'what?',
          'CONIN$',
        ]),
    },
  ],
});

/** A key of exactly `bytes` UTF-8 bytes under a folder, in segments that are short enough. */
function fill(folder: string, bytes: number): string {
  const left = bytes - utf8(folder).byteLength;
  const segment = `${'k'.repeat(199)}/`;
  const whole = segment.repeat(Math.ceil(left / segment.length)).slice(0, left);
  return `${folder}${whole.endsWith('/') ? `${whole.slice(0, -1)}k` : whole}`;
}

/** Two keys of which one is a folder of the other, in this order. */
async function besideOrRefused(
  { backend, prefix, capabilities }: CaseContext,
  first: string,
  second: string,
): Promise<void> {
  const [one, two] = [utf8('one'), utf8('two')];
  await backend.save(first, one, { metadata: { which: 'one' } });
  if (capabilities.keyCanBePrefixOfKey === false) {
    await unchanged(backend, first, () => expectCode(backend.save(second, two), 'KeyConflict'));
    await absent(backend, second);
    assert.deepEqual(await keysUnder(backend, prefix), [first]);
    await backend.delete(first);
    await backend.save(second, two);
    await holds(backend, second, two);
    await backend.delete(second);
    return;
  }
  await backend.save(second, two);
  await holds(backend, first, one);
  await holds(backend, second, two);
  const [shorter, longer] = [first, second].toSorted((a, b) => a.length - b.length) as [string, string];
  const listed = await keysUnder(backend, prefix);
  const visible = capabilities.keyCanBePrefixOfKey === 'hidden' ? [shorter] : [shorter, longer];
  assert.deepEqual(listed, visible);
  await backend.delete(shorter);
  assert.deepEqual(await keysUnder(backend, prefix), [longer], 'the longer key is listed once the shorter is gone');
  await backend.delete(longer);
}
