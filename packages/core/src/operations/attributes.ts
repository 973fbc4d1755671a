import type { Call } from '../call.ts';
import type { ObjectAttributes } from '../driver.ts';
import { checkHeaders } from '../headers.ts';
import { checkMetadata } from '../metadata.ts';
import type { AttributeOptions } from '../options.ts';
import type { Writable } from '../record.ts';
import { checkTags } from '../tags.ts';
import { checkTier } from './check-tier.ts';
import { type Gates, requireForOption } from './require-capability.ts';

/** Names of the options that `attributesOf` reads. */
export const attributeOptionNames = [
  'contentType',
  'cacheControl',
  'contentDisposition',
  'contentEncoding',
  'contentLanguage',
  'metadata',
  'tags',
  'tier',
] as const;

const gates: Gates = [
  ['tags', 'tags'],
  ['tier', 'tiers'],
];

/** What a write stores beside the bytes: checked, complete, the content type's default applied. */
export function attributesOf(
  call: Call,
  key: string,
  options: AttributeOptions & { readonly tags?: unknown; readonly tier?: unknown },
  bodyType: string | undefined,
): ObjectAttributes {
  requireForOption(call, options, gates);
  const tags = options.tags === undefined ? undefined : checkTags(options.tags);
  const tier = options.tier === undefined ? undefined : checkTier(call, options.tier);
  const attributes: Writable<ObjectAttributes> = {
    headers: checkHeaders(options, { key, bodyType }),
    metadata: options.metadata === undefined ? {} : checkMetadata(options.metadata, call.capabilities),
  };
  if (tags !== undefined) attributes.tags = tags;
  if (tier !== undefined) attributes.tier = tier;
  return attributes;
}
