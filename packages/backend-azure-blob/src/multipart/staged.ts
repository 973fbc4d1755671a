import type { UploadRequest } from '@storage/core/driver';
import { blobOf, type Connection } from '../connection.ts';
import { codeOf } from '../errors.ts';
import { half, whole } from '../half-answer.ts';
import { type Block, markerNumber, parseBlockId } from './block-id.ts';

/** What the service has of an upload. */
export interface Staged {
  /** Whether anything is there under the key, be it only blocks. */
  readonly keyExists: boolean;
  /** Whether the upload is open: nobody has committed or replaced the blob since it began. */
  readonly isOpen: boolean;
  /** The newest block of each part, ascending by number. */
  readonly parts: readonly Block[];
}

/** Asks for the blocks that lie under a key, and sorts out those of one upload. */
export async function findStaged(
  connection: Connection,
  { key, uploadId }: UploadRequest,
  signal: AbortSignal,
): Promise<Staged> {
  const names = await whole('a list of blocks', () => uncommittedNames(connection, key, signal));
  const newest = new Map<number, Block>();
  for (const name of names ?? []) {
    const block = parseBlockId(name);
    if (block?.uploadId !== uploadId) continue;
    const before = newest.get(block.partNumber);
    if (before === undefined || before.sentAt <= block.sentAt) newest.set(block.partNumber, block);
  }
  const isOpen = newest.delete(markerNumber);
  const parts = [...newest.values()].sort((a, b) => a.partNumber - b.partNumber);
  return { keyExists: names !== undefined, isOpen, parts };
}

async function uncommittedNames(
  connection: Connection,
  key: string,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  try {
    const { uncommittedBlocks, _response } = await blobOf(connection, key).getBlockList('uncommitted', {
      abortSignal: signal,
    });
    // Any other document would say that there are none, and that the upload was overtaken.
    if (!/<BlockList[\s/>]/.test((_response as { readonly bodyAsText?: string }).bodyAsText ?? ''))
      throw half('a list of blocks');
    return uncommittedBlocks?.map(({ name }) => name) ?? [];
  } catch (error) {
    if (codeOf(error) === 'BlobNotFound') return undefined;
    throw error;
  }
}
