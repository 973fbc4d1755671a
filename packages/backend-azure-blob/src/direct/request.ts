import type { IncomingMessage } from 'node:http';
import {
  type Agents,
  createHttpSender,
  createServiceClock,
  type HttpRequest,
  named,
  refusalText,
} from '@storage/core/driver';
import type { AzureBlobDriverOptions } from '../connection.ts';
import { heldKey } from '../held-key.ts';
import type { ChangeableRequest, RequestChange } from '../request-change.ts';
import type { VersionsGuard } from '../versions-guard.ts';
import { type Address, addressOf, encodeKey } from './address.ts';
import { toError } from './answer.ts';
import { createAuthorization } from './authorization.ts';

/** The version of the service's interface that the SDK speaks. */
const apiVersion = '2026-10-06';

export interface DirectRequest extends Pick<HttpRequest, 'method' | 'body'> {
  /** `undefined`: the container. */
  readonly key: string | undefined;
  /** Names in lower case. */
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case, but for metadata. */
  readonly headers: Record<string, string>;
}

/** Authorizes and sends requests. Resolves with the answer, its body unread; rejects as the SDK does. */
export type DirectSend = (request: DirectRequest, signal: AbortSignal) => Promise<IncomingMessage>;

/** What is done to each request, as the policies of the SDK would do it. */
export interface Watch {
  readonly changes: readonly RequestChange[];
  readonly guard: VersionsGuard | undefined;
}

/** Senders over the same connections, clock and token. */
export async function createDirectSender(
  options: AzureBlobDriverOptions,
  agents: Agents,
): Promise<(watch: Watch) => DirectSend> {
  const { endpointUrl, secondaryEndpoint = endpointUrl, containerName, credentials } = options;
  const primary = addressOf(endpointUrl, containerName);
  const secondary = addressOf(secondaryEndpoint, containerName);
  const toPrimary = createHttpSender(primary, agents);
  const toSecondary = secondaryEndpoint === endpointUrl ? toPrimary : createHttpSender(secondary, agents);
  const authorization = createAuthorization(credentials);
  const clock = createServiceClock((time) => time.toUTCString());

  return (watch) =>
    async ({ method, key, query, headers, body }, signal) => {
      const isRead = method === 'GET' || method === 'HEAD';
      const address = isRead ? secondary : primary;
      const path = key === undefined ? address.root : `${address.root}/${encodeKey(heldKey(key))}`;
      const search = searchOf(query, authorization.query);
      headers['x-ms-version'] = apiVersion;
      const time = clock.now();
      headers['x-ms-date'] = time.written;
      headers['host'] = address.host;
      const seen = changed(watch, method, address, `${path}${search}`, headers);
      const header = authorization.headerFor({ method, path, query, headers });
      const authorized = header instanceof Promise ? await header : header;
      if (authorized !== undefined) headers['authorization'] = authorized;
      signal.throwIfAborted();

      const send = isRead ? toSecondary : toPrimary;
      const answer = await send({ method, path: `${path}${search}`, headers, body }, signal);
      if ((answer.statusCode ?? 0) < 300) {
        if (seen !== undefined) learn(watch, seen, answer);
        return answer;
      }
      // Read in any case, to its end: until then its connection is not free.
      const error = toError(answer, await refusalText(answer));
      const { statusCode, headers: said } = answer;
      const isCorrected = statusCode === 403 && clock.learn(said.date, time);
      const isChallenged = statusCode === 401 && authorization.refused(said['www-authenticate'], authorized);
      throw isCorrected || isChallenged ? named(error, 'Unauthenticated', 'safe') : error;
    };
}

/** The request as the changes left it; undefined where nobody watches. */
function changed(
  { changes, guard }: Watch,
  method: HttpRequest['method'],
  { origin }: Address,
  target: string,
  headers: Record<string, string>,
): ChangeableRequest | undefined {
  if (guard === undefined && changes.length === 0) return undefined;
  const request: ChangeableRequest = {
    method,
    url: `${origin}${target}`,
    headers: {
      get: (name) => headers[name],
      contains: (name) => headers[name] !== undefined,
      set: (name, value) => {
        headers[name] = String(value);
      },
    },
  };
  guard?.check(request);
  for (const change of changes) change(request);
  return request;
}

function learn({ guard }: Watch, request: ChangeableRequest, answer: IncomingMessage): void {
  try {
    guard?.learn(request, answer.headers['x-ms-version-id'] as string | undefined);
  } catch (error) {
    answer.destroy();
    throw error;
  }
}

function searchOf(query: Readonly<Record<string, string>>, signature: string): string {
  let search = '';
  for (const name in query) search += `${search === '' ? '?' : '&'}${name}=${encodeURIComponent(query[name] ?? '')}`;
  if (signature === '') return search;
  return search === '' ? `?${signature}` : `${search}&${signature}`;
}
