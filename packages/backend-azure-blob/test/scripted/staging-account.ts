import { blob, blocks, failure, notFound, tagged, written } from './documented-answers.ts';
import type { ScriptedAnswer, ScriptedRequest } from './scripted-service.ts';

interface Stored {
  readonly etag: string;
  readonly bytes: Buffer;
  /** Headers of the write that come back with every read. */
  readonly kept: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * An account in which a commit and a put alike discard what others have staged under the key, as the service does and
 * Azurite does not: https://learn.microsoft.com/rest/api/storageservices/put-block#remarks and put-block-list. Which of
 * a condition and a missing block it looks at first is not documented.
 */
export function stagingAccount(
  first: 'condition' | 'blocks' = 'condition',
): (request: ScriptedRequest) => ScriptedAnswer {
  const blobs = new Map<string, Stored>();
  const staged = new Map<string, Map<string, Buffer>>();
  let writes = 0;

  function refused(key: string, headers: ScriptedRequest['headers']): ScriptedAnswer | undefined {
    const there = blobs.get(key);
    if (headers['if-none-match'] === '*' && there !== undefined) {
      return failure(409, 'BlobAlreadyExists', 'The specified blob already exists.');
    }
    const { 'if-match': wanted = there?.etag } = headers;
    return wanted === there?.etag ? undefined : failure(412, 'ConditionNotMet', 'The condition is not met.');
  }

  function write({ key, headers }: ScriptedRequest, bytes: Buffer): ScriptedAnswer {
    writes += 1;
    const etag = `"0x8DD00000000${String(writes).padStart(4, '0')}"`;
    const kept = Object.entries(headers).filter(([name]) => name.startsWith('x-ms-meta-'));
    const tags = Object.fromEntries(new URLSearchParams(headers['x-ms-tags'] ?? ''));
    blobs.set(key, { etag, bytes, kept: Object.fromEntries(kept), tags });
    staged.delete(key);
    return written(etag);
  }

  function stage({ key, query, headers, body }: ScriptedRequest): ScriptedAnswer {
    const id = query.get('blockid') ?? '';
    const beside = staged.get(key) ?? new Map<string, Buffer>();
    if ([...beside.keys()].some(({ length }) => length !== id.length)) {
      return failure(400, 'InvalidBlobOrBlock', 'The specified blob or block content is invalid.');
    }
    staged.set(key, beside.set(id, sourceOf(headers) ?? body));
    return { status: 201 };
  }

  /** put-block-from-url, of a source that is here */
  function sourceOf(headers: ScriptedRequest['headers']): Buffer | undefined {
    const { 'x-ms-copy-source': source, 'x-ms-source-range': range = '' } = headers;
    if (source === undefined) return undefined;
    const [, , , ...key] = new URL(source).pathname.split('/');
    const [start = 0, end = 0] = range.replace('bytes=', '').split('-').map(Number);
    return blobs.get(decodeURIComponent(key.join('/')))?.bytes.subarray(start, end + 1);
  }

  function blocksOf({ key, body }: ScriptedRequest): (Buffer | undefined)[] {
    const ids = [...body.toString().matchAll(/<Latest>([^<]*)<\/Latest>/g)].map(([, id]) => id ?? '');
    return ids.map((id) => staged.get(key)?.get(id));
  }

  function missingBlock(request: ScriptedRequest): ScriptedAnswer | undefined {
    if (!blocksOf(request).includes(undefined)) return undefined;
    return failure(400, 'InvalidBlockList', 'The specified block list is invalid.');
  }

  function committed(request: ScriptedRequest): Buffer {
    return Buffer.concat(blocksOf(request).filter((bytes) => bytes !== undefined));
  }

  function list(key: string): ScriptedAnswer {
    const here = staged.get(key);
    if (here === undefined && !blobs.has(key)) return notFound;
    return blocks([...(here ?? [])].map(([id, { byteLength }]) => [id, byteLength]));
  }

  return (request) => {
    const { method, key, query, headers, body } = request;
    const comp = query.get('comp');
    if (method === 'PUT') {
      if (comp === 'block') return stage(request);
      if (comp !== 'blocklist') return refused(key, headers) ?? write(request, body);
      const missing = first === 'blocks' ? missingBlock(request) : undefined;
      return missing ?? refused(key, headers) ?? missingBlock(request) ?? write(request, committed(request));
    }
    if (comp === 'blocklist') return list(key);
    const there = blobs.get(key);
    if (there !== undefined && comp === 'tags') return tagged(there.tags);
    return there === undefined ? notFound : blob(there.bytes.toString(), { etag: there.etag, ...there.kept });
  };
}
