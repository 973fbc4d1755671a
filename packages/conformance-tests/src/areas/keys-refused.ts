import assert from 'node:assert/strict';
import { expectCode, expectEarly, holds, keysUnder } from '../assertions.ts';
import { utf8 } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { everyKeyCall, refusedEverywhere, roundTrip } from './keys-case.ts';

/** A key of exactly `bytes` UTF-8 bytes under a folder, in segments that are short enough. */
function fill(folder: string, bytes: number): string {
  const left = bytes - utf8(folder).byteLength;
  const segment = `${'k'.repeat(199)}/`;
  const whole = segment.repeat(Math.ceil(left / segment.length)).slice(0, left);
  return `${folder}${whole.endsWith('/') ? `${whole.slice(0, -1)}k` : whole}`;
}

export const keysRefused: readonly ConformanceCase[] = [
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
];
