import type { Question } from '../question.ts';
import { isDone } from '../refusal.ts';

export const writes: readonly Question[] = [
  {
    claim: 'ifAbsentPut',
    asks: 'PUT with If-None-Match: * onto a free and onto a taken key',
    async ask(place) {
      const key = place.key('file');
      if (!(await isDone(place.put(key, 'first', { IfNoneMatch: '*' })))) return false;
      const done = await isDone(place.put(key, 'second', { IfNoneMatch: '*' }));
      return !done && (await place.read(key)) === 'first';
    },
  },
  {
    claim: 'ifMatchPut',
    asks: 'PUT with an If-Match that is true, one that is not, and one of a free key',
    async ask(place) {
      const key = place.key('file');
      const { ETag: old } = await place.put(key, 'first');
      if (!(await isDone(place.put(key, 'second', { IfMatch: old })))) return false;
      const done = await isDone(place.put(key, 'third', { IfMatch: old }));
      const created = await isDone(place.put(place.key('free'), 'third', { IfMatch: old }));
      return !done && !created && (await place.read(key)) === 'second';
    },
  },
  {
    claim: 'ifNoneMatchPut',
    asks: 'PUT with If-None-Match: the etag of what is there, and another etag',
    async ask(place) {
      const key = place.key('file');
      const { ETag: first } = await place.put(key, 'first');
      const done = await isDone(place.put(key, 'second', { IfNoneMatch: first }));
      if (done || (await place.read(key)) !== 'first') return false;
      return isDone(place.put(key, 'second', { IfNoneMatch: '"0123456789abcdef0123456789abcdef"' }));
    },
  },
  {
    claim: 'etagKind',
    asks: 'PUT of A, then B, then A again: are the etags of A the same?',
    async ask(place) {
      const key = place.key('file');
      const { ETag: before } = await place.put(key, 'A');
      await place.put(key, 'B');
      const { ETag: after } = await place.put(key, 'A');
      return before === after ? 'content' : 'revision';
    },
  },
];
