import type { BatchSubResponse } from '@azure/storage-blob';
import { type CallContext, type RemoveManyRequest, type RemoveOutcome, textOf } from '@storage/core/driver';
import { blobOf, type Connection } from './connection.ts';
import { half, whole } from './half-answer.ts';
import { restError } from './rest-error.ts';

/** Deletes up to 256 objects in one request, and says of each how it went. */
export async function removeMany(
  connection: Connection,
  { keys }: RemoveManyRequest,
  { signal }: CallContext,
): Promise<readonly RemoveOutcome[]> {
  const client = connection.container.getBlobBatchClient();
  const batch = client.createBatch();
  const outcomes: (RemoveOutcome | undefined)[] = [];
  const sent: number[] = [];
  for (const [index, key] of keys.entries()) {
    try {
      await batch.deleteBlob(blobOf(connection, key));
      sent.push(index);
    } catch (error) {
      outcomes[index] = { error };
    }
  }
  signal.throwIfAborted();
  if (sent.length > 0) {
    const submit = () => client.submitBatch(batch, { abortSignal: signal });
    const { subResponses } = await whole('a batch', submit, 'ambiguous');
    sent.forEach((index, place) => {
      outcomes[index] = outcomeOf(subResponses[place]);
    });
  }
  return outcomes as RemoveOutcome[];
}

function outcomeOf(answer: Partial<BatchSubResponse> | undefined): RemoveOutcome {
  if (answer?.status === undefined) return { error: half('a batch', 'ambiguous') };
  if (answer.status < 300) return { existed: true };
  if (answer.errorCode === 'BlobNotFound') return { existed: false };
  return { error: refusal(answer) };
}

/** An error like those that the SDK makes of an answer of its own. */
function refusal({ status = 0, statusMessage = '', errorCode, headers, bodyAsText }: Partial<BatchSubResponse>): Error {
  const message = textOf(bodyAsText ?? '', 'Message') ?? statusMessage;
  return restError({ statusCode: status, message, errorCode, headers: headers ?? { get: () => undefined } });
}
