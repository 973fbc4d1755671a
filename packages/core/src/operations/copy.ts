import type { Call } from '../call.ts';
import { checkEtag, checkOptionNames, checkVersionId } from '../check.ts';
import type { CopyRequest, ObjectAttributes, ObjectInfo, PutResponse } from '../driver.ts';
import { defined } from '../driver-kit/defined.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import type { SaveResult } from '../file-info.ts';
import { checkKey } from '../keys.ts';
import type { CopyOptions } from '../options.ts';
import { createOwnershipToken, ownLanding } from '../transfer/ownership.ts';
import { attributeOptionNames, attributesOf } from './attributes.ts';
import { checkKeyConflicts } from './check-key-conflicts.ts';
import { checkTier } from './check-tier.ts';
import { claimed } from './claimed.ts';
import { headObject } from './head.ts';
import { requireCapability, requireForOption, requireVersioning } from './require-capability.ts';
import { headersOf, responseFromInfo, toSaveResult } from './results.ts';
import { isConditional, oneCondition } from './write-condition.ts';

/** Copies on the server: bytes, headers and metadata as they are, or with those that the options replace. */
export async function copyFile(call: Call, source: string, key: string, options: CopyOptions): Promise<SaveResult> {
  const plan = await copyPlan(call, source, key, options);
  if (plan.isNoOp) return unchanged(call, plan.info);
  const response = await sendCopy(call, plan.request, 'copy');
  return resultOf(call, plan, response);
}

/** Renames: one atomic step where the service has it, otherwise a copy and then a delete; the source is never lost. */
export async function moveFile(call: Call, source: string, key: string, options: CopyOptions): Promise<SaveResult> {
  if (options.sourceVersionId !== undefined) {
    throw new DriverFault(
      'InvalidArgument',
      'move takes the current version: copy(…, { sourceVersionId }) takes another',
    );
  }
  const plan = await copyPlan(call, source, key, options);
  if (plan.isNoOp) return unchanged(call, plan.info);
  const inOneStep = call.driver.move !== undefined && source !== key;
  if (inOneStep) return resultOf(call, plan, await sendCopy(call, plan.request, 'move'));
  const response = await sendCopy(call, plan.request, 'copy');
  if (source !== key) await removeSource(call, plan.info);
  return resultOf(call, plan, response);
}

interface CopyPlan {
  readonly request: CopyRequest;
  /** The source as it was found. */
  readonly info: ObjectInfo;
  readonly isNoOp: boolean;
}

async function copyPlan(call: Call, source: string, key: string, options: CopyOptions): Promise<CopyPlan> {
  checkOptionNames(options, [...attributeOptionNames, 'ifAbsent', 'ifMatch', 'sourceIfMatch', 'sourceVersionId']);
  requireCapability(call, 'copy', call.operation);
  requireForOption(call, options, [
    ['ifAbsent', 'ifAbsentCopy'],
    ['ifMatch', 'ifMatchCopy'],
    ['sourceIfMatch', 'sourceIfMatchCopy'],
    ['sourceVersionId', 'versions'],
    ['tier', 'tiers'],
  ]);
  const from = checkKey(source, 'read', call.capabilities);
  const to = checkKey(key, 'write', call.capabilities, call.anyKey);
  const condition = oneCondition({ ifAbsent: options.ifAbsent, ifMatch: options.ifMatch });
  const versionId = checkVersionId(options.sourceVersionId);
  const sourceIfMatch = checkEtag('sourceIfMatch', options.sourceIfMatch);
  const tier = options.tier === undefined ? undefined : checkTier(call, options.tier);
  const given = defined(options);
  const changes = attributeOptionNames.some((name) => name !== 'tier' && name in given);
  if (changes) attributesOf(call, to, options, undefined);
  if (versionId !== undefined) await requireVersioning(call, 'the option sourceVersionId');
  if (call.checkKeyConflicts && from !== to) await checkKeyConflicts(call, to);
  const version = versionId === undefined ? {} : { versionId };
  const match = sourceIfMatch === undefined ? {} : { ifMatch: sourceIfMatch };
  const info = await headObject(call, { key: from, ...version, ...match });
  const attributes = changes ? replaced(call, to, info, options) : undefined;
  const isNoOp = from === to && !changes && tier === undefined && versionId === undefined && !isConditional(condition);
  return {
    info,
    isNoOp,
    request: {
      source: { key: from, ...version, ...(attributes === undefined ? match : pinned(call, info, match)) },
      key: to,
      condition,
      sourceInfo: info,
      ...(attributes === undefined ? {} : { attributes }),
      ...(tier === undefined ? {} : { tier }),
      ...(isConditional(condition) ? { token: createOwnershipToken() } : {}),
    },
  };
}

/** Attributes were merged from what was read, so the copy must be of that. */
function pinned(call: Call, info: ObjectInfo, match: { readonly ifMatch?: string }): { readonly ifMatch?: string } {
  return call.capabilities.sourceIfMatchCopy ? { ifMatch: info.etag } : match;
}

function replaced(call: Call, key: string, info: ObjectInfo, options: CopyOptions): ObjectAttributes {
  return attributesOf(call, key, { ...headersOf(info), metadata: info.metadata, ...defined(options) }, undefined);
}

function sendCopy(call: Call, request: CopyRequest, verb: 'copy' | 'move'): Promise<PutResponse> {
  const { token } = request;
  return call.request<PutResponse>({
    effect: 'write',
    run: (context) => {
      if (verb === 'move') return claimed(call.driver.move?.(request, context), 'move');
      return claimed(call.driver.copy?.(request, context), 'copy');
    },
    ...(token === undefined ? {} : { landed: () => ownLanding(call, request.key, token) }),
  });
}

async function removeSource(call: Call, source: ObjectInfo): Promise<void> {
  const guard = call.capabilities.ifMatchDelete ? { ifMatch: source.etag } : {};
  await call.request({
    effect: 'write',
    key: source.key,
    run: (context) => call.driver.remove({ key: source.key, ...guard }, context),
    landed: () => Promise.resolve(undefined),
  });
}

function resultOf(call: Call, plan: CopyPlan, response: PutResponse): SaveResult {
  const kept = { headers: headersOf(plan.info), metadata: plan.info.metadata };
  return toSaveResult(plan.request.key, plan.request.attributes ?? kept, response, call.capabilities);
}

/** The result where the object is as it should be already. */
function unchanged(call: Call, info: ObjectInfo): SaveResult {
  const attributes = { headers: headersOf(info), metadata: info.metadata };
  return toSaveResult(info.key, attributes, responseFromInfo(info), call.capabilities);
}
