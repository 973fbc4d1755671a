import { atLeast, type Question } from '../question.ts';
import { isDone, largest } from '../refusal.ts';

export const listings: readonly Question[] = [
  {
    claim: 'keyCanBePrefixOfKey',
    asks: 'PUT of p, then of p/c: does a listing show both?',
    async ask(place) {
      await place.put(place.key('p'), 'text');
      if (!(await isDone(place.put(place.key('p/c'), 'text')))) return false;
      const names = await place.names();
      return names.includes('p') && names.includes('p/c') ? true : 'hidden';
    },
  },
  {
    claim: 'keyGrammar',
    asks: 'PUT of keys with empty, dotted and long segments, a slash at the end, a backslash: does a listing show each as it is?',
    async ask(place) {
      const odd = ['a//b', 'c/./d', 'e/../f', 'g/..', `${'h'.repeat(256)}/i`, 'j/', 'k\\l'];
      for (const name of odd) {
        if (!(await isDone(place.put(place.key(name), 'text')))) return 'portable';
      }
      const names = new Set(await place.names());
      return odd.every((name) => names.has(name)) ? 'any' : 'portable';
    },
  },
  {
    claim: 'maxKeyBytes',
    asks: 'PUT of longer and longer keys, in segments of at most 100 bytes',
    async ask(place) {
      const beginning = Buffer.byteLength(place.prefix);
      const nameOf = (bytes: number): string =>
        Array.from({ length: bytes - beginning }, (_, index) => (index % 100 === 99 ? '/' : 'x'))
          .join('')
          .replace(/\/$/, 'x');
      return largest(beginning + 1, 2048, (bytes) => isDone(place.put(place.key(nameOf(bytes)), 'text')));
    },
    bearsOut: atLeast,
  },
  {
    claim: 'listOrder',
    asks: 'a listing of U+FF5E and U+1F640, whose order differs in UTF-8 and UTF-16',
    async ask(place) {
      for (const name of ['\u{1f640}', '\uff5e']) await place.put(place.key(name), 'text');
      const names = await place.names();
      return names.indexOf('\uff5e') < names.indexOf('\u{1f640}') ? 'utf8' : 'utf16';
    },
  },
  {
    claim: 'startAfter',
    asks: 'a listing with start-after, the name of the second of three',
    async ask(place) {
      for (const name of ['a', 'b', 'c']) await place.put(place.key(name), 'text');
      const names = await place.names({ StartAfter: place.key('b') });
      return names.join() === 'c' ? 'native' : 'emulated';
    },
  },
];
