import type { IncomingHttpHeaders } from 'node:http';
import type { FileInfo } from '@storage/core/driver';

/** What the conditional headers come to (RFC 9110 §13.2.2): serve it, 304 or 412. Of a write, both are a 412. */
export function preconditionStatus(headers: IncomingHttpHeaders, info: FileInfo): 200 | 304 | 412 {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  if (ifMatch !== undefined) {
    if (!hasEtag(ifMatch, info.etag, false)) return 412;
  } else if (isModifiedSince(info, headers['if-unmodified-since']) === true) return 412;

  if (ifNoneMatch !== undefined) return hasEtag(ifNoneMatch, info.etag, true) ? 304 : 200;
  return isModifiedSince(info, headers['if-modified-since']) === false ? 304 : 200;
}

/** Whether a PUT or DELETE asks for a condition. */
export function hasWriteCondition(headers: IncomingHttpHeaders): boolean {
  return ['if-match', 'if-none-match', 'if-unmodified-since'].some((name) => headers[name] !== undefined);
}

/** Whether `If-Range` allows a range: the client's part is of this revision. */
export function allowsRange(ifRange: string, info: FileInfo): boolean {
  if (ifRange === '') return true;
  if (/^(?:W\/)?"/.test(ifRange)) return ifRange === info.etag;
  return Date.parse(ifRange) === seconds(info.lastModified) * 1000;
}

function hasEtag(list: string, etag: string, weakly: boolean): boolean {
  if (list.trim() === '*') return true;
  const given = list.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return given.some((each) => (weakly ? each.replace(/^W\//, '') : each) === etag);
}

/** Undefined when there is no such date. */
function isModifiedSince({ lastModified }: FileInfo, date: string | undefined): boolean | undefined {
  const since = Date.parse(date ?? '');
  return Number.isNaN(since) ? undefined : seconds(lastModified) > Math.floor(since / 1000);
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
