import { absent } from '../assertions.ts';
import { utf8 } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { count } from '../case.ts';
import { randomNames, twins, weirdNames } from '../keys.ts';
import { keptApart, roundTrip } from './keys-case.ts';

export const keysApart: readonly ConformanceCase[] = [
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
    number: 37,
    title: 'random keys: no two are one, each comes back as it was, in order',
    run: (context) => roundTrip(context, randomNames(count(80, 5000), 37)),
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
];
