import type { IncomingMessage } from 'node:http';
import { type Agents, createHttpSender, type HttpRequest, refusalText, type ServiceClock } from '@storage/core/driver';
import type { Address } from './address.ts';
import { toError } from './answer.ts';
import type { KeyRing } from './credentials.ts';
import { createStamps, encodeQuery, type Signer } from './sigv4.ts';

export interface DirectRequest extends Pick<HttpRequest, 'method' | 'body'> {
  /** `''`: the bucket. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Names in lower case; those that start with `x-amz-` and `content-type` are signed. */
  readonly headers: Record<string, string>;
  readonly payload: string;
}

/** Signs and sends requests. Resolves with the answer, its body unread; rejects as the SDK does. */
export interface Sender {
  readonly send: (request: DirectRequest, signal: AbortSignal) => Promise<IncomingMessage>;
}

export interface SenderParts {
  readonly address: Address;
  readonly agents: Agents;
  readonly keyRing: KeyRing;
  readonly signer: Signer;
  readonly clock: ServiceClock;
  /** Called with an answer whose connection must not be used again. */
  readonly leave: ((answer: IncomingMessage) => void) | undefined;
}

export async function createSender(parts: SenderParts): Promise<Sender> {
  const { address, agents, keyRing, signer, clock, leave } = parts;
  const exchange = await createHttpSender(address, agents);
  const stampOf = createStamps();

  return {
    async send({ method, key, query, headers, payload, body }, signal) {
      const known = keyRing.get();
      const keys = known instanceof Promise ? await known : known;
      signal.throwIfAborted();
      const time = stampOf(clock.now());
      const path = address.pathOf(key);
      const search = query === undefined ? '' : encodeQuery(query);
      headers['host'] = address.host;
      headers['x-amz-date'] = time.stamp;
      headers['x-amz-content-sha256'] = payload;
      if (keys.sessionToken !== undefined) headers['x-amz-security-token'] = keys.sessionToken;
      const signed = { method, path, query: search, headers: signable(headers), payload };
      headers['authorization'] = signer.authorization(signed, keys, time);
      const target = search === '' ? path : `${path}?${search}`;
      const answer = await exchange({ method, path: target, headers, body }, signal);
      if ((answer.statusCode ?? 0) < 300) return answer;
      if (answer.statusCode === 412) leave?.(answer);
      // Read in any case, to its end: until then its connection is not free.
      const error = toError(answer, await refusalText(answer));
      if (clock.learn(answer.headers.date)) error.$metadata.clockSkewCorrected = true;
      if (error.name === 'ExpiredToken') keyRing.drop();
      throw error;
    },
  };
}

/** The rest may be changed on the way by a proxy. */
function signable(headers: Readonly<Record<string, string>>): Record<string, string> {
  const signed: Record<string, string> = {};
  for (const name in headers) {
    if (name.startsWith('x-amz-') || name === 'host' || name === 'content-type') signed[name] = headers[name] ?? '';
  }
  return signed;
}
