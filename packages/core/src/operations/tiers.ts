import type { Call } from '../call.ts';
import { checkOptionNames, checkPositiveInteger, checkText } from '../check.ts';
import type { FileInfo } from '../file-info.ts';
import { checkKey } from '../keys.ts';
import type { BaseOptions, RestoreArchivedOptions } from '../options.ts';
import { checkTags } from '../tags.ts';
import { checkTier } from './check-tier.ts';
import { claimed } from './claimed.ts';
import { requireCapability } from './require-capability.ts';
import { toFileInfo } from './results.ts';

/** Moves an object to another tier without sending its body. */
export async function setTier(call: Call, key: string, tier: string, options: BaseOptions): Promise<FileInfo> {
  checkOptionNames(options, []);
  requireCapability(call, 'tiers', 'setTier');
  const request = { key: checkKey(key, 'read', call.capabilities), tier: checkTier(call, tier) };
  const info = await call.request({
    effect: 'write',
    run: (context) => claimed(call.driver.tiers?.set(request, context), 'tiers'),
  });
  return toFileInfo(info, call.capabilities);
}

/** Asks for an archived object to be readable for some days; `FileInfo.archive` tells when it is. */
export async function restoreArchived(call: Call, key: string, options: RestoreArchivedOptions): Promise<FileInfo> {
  checkOptionNames(options, ['days', 'priority', 'tier']);
  requireCapability(call, 'archiveTiers', 'restoreArchived');
  const priority = checkText('priority', options.priority);
  const request = {
    key: checkKey(key, 'read', call.capabilities),
    days: checkPositiveInteger('days', options.days) ?? 1,
    ...(priority === undefined ? {} : { priority }),
    ...(options.tier === undefined ? {} : { tier: checkTier(call, options.tier) }),
  };
  const info = await call.request({
    effect: 'write',
    run: (context) => claimed(call.driver.tiers?.restore?.(request, context), 'tiers.restore'),
  });
  return toFileInfo(info, call.capabilities);
}

/** All tags of an object. */
export async function getTags(call: Call, key: string, options: BaseOptions): Promise<Record<string, string>> {
  checkOptionNames(options, []);
  requireCapability(call, 'tags', 'getTags');
  const request = { key: checkKey(key, 'read', call.capabilities) };
  return call.request({ effect: 'read', run: (context) => claimed(call.driver.tags?.get(request, context), 'tags') });
}

/** Replaces all tags of an object. */
export async function setTags(
  call: Call,
  key: string,
  tags: Readonly<Record<string, string>>,
  options: BaseOptions,
): Promise<void> {
  checkOptionNames(options, []);
  requireCapability(call, 'tags', 'setTags');
  const request = { key: checkKey(key, 'read', call.capabilities), tags: checkTags(tags) };
  await call.request({ effect: 'write', run: (context) => claimed(call.driver.tags?.set(request, context), 'tags') });
}
