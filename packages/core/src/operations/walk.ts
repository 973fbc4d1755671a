import type { Call } from '../call.ts';
import { checkOptionNames, checkPositiveInteger } from '../check.ts';
import type { FileEntry, FilePage } from '../file-info.ts';
import type { WalkOptions } from '../options.ts';
import { fetchPage, listQuery } from './list.ts';

const defaultPageSize = 1_000;

/** Everything under a prefix, in order; each page is a call of its own, and no page is asked for before it is needed. */
export async function* walk(
  run: (work: (call: Call) => Promise<FilePage>) => Promise<FilePage>,
  prefix: string,
  options: WalkOptions,
): AsyncGenerator<FileEntry, undefined, undefined> {
  let cursor: string | undefined;
  do {
    const page = await run((call) => {
      checkOptionNames(options, ['startAfter', 'include', 'pageSize']);
      const pageSize = checkPositiveInteger('pageSize', options.pageSize) ?? defaultPageSize;
      return fetchPage(
        call,
        listQuery(call, prefix, options),
        Math.min(pageSize, call.capabilities.maxPageSize),
        cursor,
      );
    });
    yield* page.entries;
    cursor = page.cursor;
  } while (cursor !== undefined);
}
