import assert from 'node:assert/strict';
import type { Capabilities, CopyOptions } from '@storage/core';
import { absent, expectRefused, headOf, read, sameBytes } from '../assertions.ts';
import type { CaseContext, Claim, ConformanceCase } from '../case.ts';
import { storedAttributes, withoutIdentity } from '../stored.ts';

/** A case of copies; where they are not claimed, or not with this option, it shows the refusal. */
export function copyCase(item: {
  readonly number: number;
  readonly letter?: string;
  readonly title: string;
  readonly claims?: readonly Claim[];
  readonly needs?: keyof Capabilities;
  /** What the copy of the refusal is asked with. */
  readonly option?: CopyOptions;
  readonly run: (context: CaseContext) => Promise<void>;
}): ConformanceCase {
  const { needs = 'copy', option = {}, claims = [], ...rest } = item;
  return {
    ...rest,
    claims: [...new Set<Claim>(['copy', needs, ...claims])],
    needs: (capabilities) => capabilities.copy && capabilities[needs] !== false,
    refused: async (context) => {
      const source = context.key('source');
      await context.backend.save(source, 'source');
      await expectRefused(context, source, (backend) => backend.copy(source, context.key('copy'), option));
      await absent(context.backend, context.key('copy'));
    },
  };
}

/** A source with everything that can be stored beside bytes. */
export async function saveFull(context: CaseContext, key: string, bytes: Uint8Array): Promise<void> {
  const { capabilities, backend } = context;
  await backend.save(key, bytes, {
    ...storedAttributes,
    ...(capabilities.tags ? { tags: { colour: 'blue', year: '2026' } } : {}),
  });
}

/** Asserts that `copy` holds what `source` holds. */
export async function sameObject(context: CaseContext, source: string, copy: string): Promise<void> {
  const { backend, capabilities } = context;
  assert.deepEqual(withoutIdentity(await headOf(backend, copy)), withoutIdentity(await headOf(backend, source)));
  sameBytes(await read(backend, copy), await read(backend, source), copy);
  if (capabilities.tags) assert.deepEqual(await backend.getTags(copy), await backend.getTags(source), 'tags');
}
