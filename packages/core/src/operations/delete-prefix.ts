import type { Call } from '../call.ts';
import { checkFlag, checkOptionNames, checkPositiveInteger } from '../check.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import type { DeleteOutcome, DeletePrefixOptions, DeletePrefixResult } from '../options.ts';
import { removeKeys } from './delete-many.ts';
import { fetchPage, listQuery } from './list.ts';

const defaultConcurrency = 8;

/** Deletes every object whose key starts with a prefix, page by page; failures are collected and do not stop it. */
export async function deletePrefix(
  call: Call,
  prefix: string,
  options: DeletePrefixOptions,
): Promise<DeletePrefixResult> {
  checkOptionNames(options, ['concurrency', 'allowAll']);
  const concurrency = checkPositiveInteger('concurrency', options.concurrency) ?? defaultConcurrency;
  const allowAll = checkFlag('allowAll', options.allowAll);
  const query = listQuery(call, prefix, {});
  if (prefix === '' && !allowAll) {
    throw new DriverFault(
      'InvalidArgument',
      'the empty prefix means every object: pass { allowAll: true } if you mean that',
    );
  }
  const failed: Extract<DeleteOutcome, { ok: false }>[] = [];
  let deleted = 0;
  let cursor: string | undefined;
  do {
    const page = await fetchPage(call, query, call.capabilities.maxPageSize, cursor);
    const keys = page.entries.map((entry) => entry.key);
    for (const outcome of await removeKeys(call, keys, concurrency)) {
      if (outcome.ok) deleted += 1;
      else failed.push(outcome);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { deleted, failed };
}
