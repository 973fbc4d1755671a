import type { ChangeableRequest } from './request-change.ts';

/** What a request does, as far as the options say something about it. */
export type RequestKind = 'read' | 'create' | 'stage' | 'amend' | 'delete' | 'other';

const amending: ReadonlySet<string> = new Set(['metadata', 'properties', 'snapshot', 'tier', 'tags']);

/** Tells requests about blobs apart by method and query, as the service does. */
export function kindOf({ method, url }: Pick<ChangeableRequest, 'method' | 'url'>): RequestKind {
  const query = new URL(url).searchParams;
  if (query.has('restype')) return 'other';
  const comp = query.get('comp');
  if (method === 'DELETE') return comp === null ? 'delete' : 'other';
  if (method === 'GET' || method === 'HEAD') return comp === null ? 'read' : 'other';
  if (method !== 'PUT') return 'other';
  if (comp === null || comp === 'blocklist') return 'create';
  if (comp === 'block') return 'stage';
  return amending.has(comp) ? 'amend' : 'other';
}
