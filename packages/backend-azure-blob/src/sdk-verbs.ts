import { Readable } from 'node:stream';
import type { BlobItem, BlobPrefix, ContainerListBlobsOptions } from '@azure/storage-blob';
import { type BodyStream, DriverFault, defined, fromNodeStream, named } from '@storage/core/driver';
import { blobOf, type Connection } from './connection.ts';
import { sendBody } from './send-body.ts';
import type { Verbs } from './verbs.ts';

/** The verbs as the SDK sends them. */
export function createSdkVerbs(connected: () => Promise<Connection>): Verbs {
  return {
    async getProperties({ key, versionId }, conditions, abortSignal) {
      return blobOf(await connected(), key, versionId).getProperties({ abortSignal, conditions });
    },
    async download({ key, versionId }, { range, conditions }, abortSignal) {
      const { start = 0, end } = range ?? {};
      const count = end === undefined ? undefined : end - start;
      const answer = await blobOf(await connected(), key, versionId).download(start, count, {
        abortSignal,
        conditions,
        // Core resumes what was cut.
        maxRetryRequests: 0,
      });
      const { readableStreamBody: body } = answer;
      if (!(body instanceof Readable)) throw new DriverFault('Unknown', 'the SDK gave no Node stream');
      // What it says are getters of its class.
      return Object.assign(answer, { body });
    },
    async upload({ key }, { native, ...input }, body, signal) {
      const blob = blobOf(await connected(), key);
      return sendBody(body, signal, (content, abortSignal) =>
        blob.upload(content, body.size, { ...native, ...input, abortSignal }),
      );
    },
    async stageBlock({ key }, { id, ...checks }, body, signal) {
      const blob = blobOf(await connected(), key);
      await sendBody(body, signal, (content, abortSignal) =>
        blob.stageBlock(id, content, body.size, { ...checks, abortSignal }),
      );
    },
    async commitBlocks({ key }, { ids, ...written }, abortSignal) {
      return blobOf(await connected(), key).commitBlockList([...ids], { ...written, abortSignal });
    },
    async deleteBlob({ key, versionId }, conditions, abortSignal) {
      await blobOf(await connected(), key, versionId).delete({ abortSignal, conditions });
    },
    async listBlobs({ prefix, delimiter, limit, marker, includeMetadata }, signal) {
      const { container } = await connected();
      const options: ContainerListBlobsOptions = defined({
        abortSignal: signal,
        prefix: prefix === '' ? undefined : prefix,
        includeMetadata: includeMetadata || undefined,
      });
      const paging = defined({ maxPageSize: limit, continuationToken: marker });
      return delimiter === undefined
        ? firstOf(container.listBlobsFlat(options).byPage(paging))
        : firstOf(container.listBlobsByHierarchy(delimiter, options).byPage(paging));
    },
    toStream: (body) => namingCuts(fromNodeStream(body)),
    named: cut,
  };
}

interface Page {
  readonly continuationToken?: string;
  readonly segment: { readonly blobItems: BlobItem[]; readonly blobPrefixes?: BlobPrefix[] };
}

async function firstOf(
  pages: AsyncIterableIterator<Page>,
): Promise<{ blobs: BlobItem[]; prefixes: string[]; marker: string }> {
  const { value } = (await pages.next()) as IteratorYieldResult<Page>;
  const { blobItems, blobPrefixes = [] } = value.segment;
  return { blobs: blobItems, prefixes: blobPrefixes.map(({ name }) => name), marker: value.continuationToken ?? '' };
}

/** Whatever ends a body early is a cut connection; the SDK calls it an abort, or gives it no code at all. */
function namingCuts(body: BodyStream): BodyStream {
  return {
    cancel: () => body.cancel(),
    async *[Symbol.asyncIterator]() {
      try {
        yield* body;
      } catch (error) {
        throw cut(error);
      }
    },
  };
}

function cut(error: unknown): unknown {
  return named(error, 'Unavailable', 'safe');
}
