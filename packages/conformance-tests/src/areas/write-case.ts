import type { CaseContext } from '../case.ts';

/** Every content header, with a value that is easily mangled. */
export const headers = {
  contentType: 'text/html; charset=utf-8',
  cacheControl: 'public, max-age=60, immutable',
  contentDisposition: `attachment; filename="a b.txt"; filename*=UTF-8''%e2%82%ac.txt`,
  contentEncoding: 'br',
  contentLanguage: 'de-AT, en',
};

/** Sizes on both sides of the step from one request to parts. */
export function sizes({ limits }: CaseContext): readonly number[] {
  return [1000, limits.partSize * 2 + 1000];
}

/** Whether an error is, or has somewhere below it, the cause. */
export function isCausedBy(error: unknown, cause: unknown): boolean {
  if (error === cause) return true;
  return error instanceof Error && error.cause !== undefined && isCausedBy(error.cause, cause);
}
