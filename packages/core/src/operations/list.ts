import pMap from 'p-map';
import type { Call, FinalPlan } from '../call.ts';
import { checkOptionNames, checkPositiveInteger, describe } from '../check.ts';
import type { ListRequest, ListResponse } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { isStorageError } from '../errors/storage-error.ts';
import type { FileEntry, FilePage } from '../file-info.ts';
import { checkPrefix } from '../keys.ts';
import type { ListFilesOptions, ListPageOptions } from '../options.ts';
import type { Writable } from '../record.ts';
import { headObject } from './head.ts';
import { openCursor, sealCursor } from './list-cursor.ts';
import { toSecond } from './results.ts';

/** Entries that `listFiles` returns without a limit; more are an accident waiting for memory. */
const unlimited = 10_000;
const defaultPageSize = 1_000;
const headsAtOnce = 8;

/** A query: what all its pages have in common. */
export type ListQuery = Omit<ListRequest, 'cursor' | 'limit'> & { readonly emulateMetadata: boolean };

const pageOptionNames = ['prefix', 'delimiter', 'startAfter', 'cursor', 'limit', 'include'] as const;

/** A page of a query, as it is asked for. */
interface PageQuery {
  readonly query: ListQuery;
  readonly request: ListRequest;
}

const pagePlan: FinalPlan<ListResponse, PageQuery, FilePage> = {
  effect: 'read',
  run: (context, { request }, call) => call.driver.listPage(request, context),
  result(response, call, { query }) {
    if (isComplete(call, query)) return sealed(query, response);
    return completed(call, query, response).then((page) => sealed(query, page));
  },
};

/** One page, with a cursor that is bound to its query. */
export function listPage(call: Call, options: ListPageOptions): Promise<FilePage> {
  checkOptionNames(options, pageOptionNames);
  const query = listQuery(call, options.prefix === undefined ? '' : options.prefix, options);
  const limit = checkPositiveInteger('limit', options.limit) ?? defaultPageSize;
  const cursor = options.cursor === undefined ? undefined : openCursor(query, options.cursor);
  const request = pageRequest(query, Math.min(limit, call.capabilities.maxPageSize), cursor);
  return call.conclude(pagePlan, { query, request });
}

function sealed(query: ListQuery, page: FilePage): FilePage {
  return page.cursor === undefined ? page : { ...page, cursor: sealCursor(query, page.cursor) };
}

/** All entries of a prefix, up to a limit. */
export async function listFiles(call: Call, prefix: string, options: ListFilesOptions): Promise<FileEntry[]> {
  checkOptionNames(options, ['limit', 'startAfter', 'include']);
  const limit = checkPositiveInteger('limit', options.limit);
  const query = listQuery(call, prefix, options);
  const files: FileEntry[] = [];
  let cursor: string | undefined;
  do {
    const wanted = (limit ?? unlimited + 1) - files.length;
    const page = await fetchPage(call, query, Math.min(wanted, call.capabilities.maxPageSize), cursor);
    files.push(...page.entries);
    cursor = page.cursor;
  } while (cursor !== undefined && files.length < (limit ?? unlimited + 1));
  if (limit === undefined && files.length > unlimited) {
    throw new DriverFault(
      'InvalidArgument',
      `more than ${unlimited.toLocaleString('en')} files have the prefix ${JSON.stringify(prefix)}: pass a limit, or iterate over walk(prefix)`,
    );
  }
  return files;
}

/** Checks what all pages of a listing have in common. */
export function listQuery(
  call: Call,
  prefix: string,
  options: { readonly startAfter?: unknown; readonly include?: unknown; readonly delimiter?: unknown },
): ListQuery {
  const { delimiter } = options;
  if (delimiter !== undefined && delimiter !== '/') {
    throw new DriverFault('InvalidArgument', `the only delimiter is "/", not ${describe(delimiter)}`);
  }
  const startAfter = options.startAfter === undefined ? undefined : checkPrefix(options.startAfter, 'startAfter');
  const withMetadata = checkInclude(options.include);
  if (withMetadata && call.capabilities.listMetadata === false) {
    throw new DriverFault(
      'Unsupported',
      `listings of ${call.driver.type} carry no metadata; capabilities.listMetadata is false`,
    );
  }
  const isNative = call.capabilities.listMetadata === 'native';
  const query: Writable<ListQuery> = { prefix: checkPrefix(prefix), emulateMetadata: withMetadata && !isNative };
  if (delimiter !== undefined) query.delimiter = delimiter;
  if (startAfter !== undefined) query.startAfter = startAfter;
  if (withMetadata && isNative) query.include = ['metadata'];
  return query;
}

/** One page of a query from the driver, completed and with the precision that heads have. */
export async function fetchPage(
  call: Call,
  query: ListQuery,
  limit: number,
  cursor: string | undefined,
): Promise<FilePage> {
  const request = pageRequest(query, limit, cursor);
  const page = await call.request({ effect: 'read', run: (context) => call.driver.listPage(request, context) });
  return isComplete(call, query) ? page : completed(call, query, page);
}

function pageRequest(query: ListQuery, limit: number, cursor: string | undefined): ListRequest {
  const { prefix, delimiter, startAfter, include } = query;
  const request: Writable<ListRequest> = { prefix, limit };
  if (delimiter !== undefined) request.delimiter = delimiter;
  if (include !== undefined) request.include = include;
  if (cursor !== undefined) request.cursor = cursor;
  else if (startAfter !== undefined) request.startAfter = startAfter;
  return request;
}

/** Whether a page of the driver is what the caller gets. */
function isComplete(call: Call, { emulateMetadata }: ListQuery): boolean {
  return !emulateMetadata && call.capabilities.lastModifiedPrecision === 'millisecond';
}

async function completed(call: Call, { emulateMetadata }: ListQuery, page: FilePage): Promise<FilePage> {
  const entries = emulateMetadata ? await withHeads(call, page.entries) : page.entries;
  return { ...page, entries: entries.map((entry) => truncated(call, entry)) };
}

function truncated(call: Call, entry: FileEntry): FileEntry {
  if (call.capabilities.lastModifiedPrecision === 'millisecond') return entry;
  return { ...entry, lastModified: toSecond(entry.lastModified) };
}

async function withHeads(call: Call, entries: readonly FileEntry[]): Promise<FileEntry[]> {
  const completed = await pMap(entries, (entry) => withHead(call, entry), { concurrency: headsAtOnce });
  return completed.filter((entry) => entry !== undefined);
}

/** An entry with its metadata; undefined when the object was deleted since it was listed. */
async function withHead(call: Call, entry: FileEntry): Promise<FileEntry | undefined> {
  try {
    const { metadata, contentType } = await headObject(call, { key: entry.key });
    return { ...entry, metadata, contentType };
  } catch (error) {
    if (isStorageError(error) && error.code === 'NotFound') return undefined;
    throw error;
  }
}

function checkInclude(include: unknown): boolean {
  if (include === undefined) return false;
  if (Array.isArray(include) && include.every((item) => item === 'metadata')) return include.length > 0;
  throw new DriverFault('InvalidArgument', `include must be ['metadata'], not ${describe(include)}`);
}
