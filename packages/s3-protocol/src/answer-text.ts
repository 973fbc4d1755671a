import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ListObjectVersionsCommand } from '@aws-sdk/client-s3';

/** Keeps the text of a command's answer, for what the SDK does not tell; call the result when the answer is here. */
export function keepText(command: ListObjectVersionsCommand): () => string {
  let text = '';
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { body?: unknown };
      if (response.body instanceof Readable) {
        const bytes = await buffer(response.body);
        text = bytes.toString('utf8');
        response.body = Readable.from([bytes]);
      }
      return result;
    },
    // Next to the handler: the deserializer takes the body.
    { step: 'deserialize', priority: 'low', name: 'keepText' },
  );
  return () => text;
}
