import type { IncomingMessage } from 'node:http';
import type { PutObjectCommand, S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import type { Agents } from '@storage/core/driver';

/** Signs the bytes of a stream that is known in advance; the SDK would leave them unsigned. */
export function signWith(command: PutObjectCommand | UploadPartCommand, sha256: string): void {
  // One union of commands has no common `add`.
  (command as PutObjectCommand).middlewareStack.add(
    (next) => (args) => {
      headersOf(args.request)['x-amz-content-sha256'] = sha256;
      return next(args);
    },
    { step: 'build', name: 'signWith' },
  );
}

/** Asks for stored checksums by header: asked for by the command's own option, the SDK would verify them itself. */
export function askForChecksums(client: S3Client): void {
  client.middlewareStack.add(
    (next, context) => (args) => {
      const reads = context.commandName === 'GetObjectCommand' || context.commandName === 'HeadObjectCommand';
      if (reads) headersOf(args.request)['x-amz-checksum-mode'] = 'ENABLED';
      return next(args);
    },
    { step: 'build', name: 'askForChecksums' },
  );
}

/** Sockets that are not to be used again, once they are in the set. */
export function refusedConnections(agent: Agents['http']): WeakSet<object> {
  const refused = new WeakSet<object>();
  const keep = agent.keepSocketAlive.bind(agent);
  // Node closes a socket that its agent does not want to keep.
  agent.keepSocketAlive = (socket) => !refused.has(socket) && keep(socket);
  return refused;
}

/** The next request on such a connection would fail, and if it is a conditional write nobody knew whether it landed. */
export function leaveRefusedConnections(client: S3Client, refused: WeakSet<object>): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { statusCode, body } = result.response as { statusCode?: number; body?: Partial<IncomingMessage> };
      if (statusCode === 412 && body?.socket !== undefined) refused.add(body.socket);
      return result;
    },
    // Next to the handler: the deserializer makes an error of the answer.
    { step: 'deserialize', priority: 'low', name: 'leaveRefusedConnections' },
  );
}

function headersOf(request: unknown): Record<string, string> {
  return (request as { headers: Record<string, string> }).headers;
}
