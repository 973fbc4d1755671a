import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import {
  type Agents,
  createHttpSender,
  type ErrorCode,
  type HttpRequest,
  type HttpSender,
  named,
  refusalText,
  type ServiceClock,
} from '@storage/core/driver';
import { hasExpired } from '../credentials.ts';
import type { S3DriverOptions } from '../options.ts';
import type { BucketRegion } from '../region.ts';
import { type Address, addressOf } from './address.ts';
import { toError } from './answer.ts';
import type { KeyRing } from './credentials.ts';
import { createSigner, encodeQuery, type Keys, type Signer, type SigningTime } from './sigv4.ts';

/** The `payload` of a request that has no body. */
export const noBody: string = hash('sha256', '');

export interface DirectRequest extends Pick<HttpRequest, 'method' | 'body'> {
  /** `''`: the bucket. */
  readonly key: string;
  readonly query: Readonly<Record<string, string>> | undefined;
  /** Names in lower case; those that start with `x-amz-` and `content-type` are signed. */
  readonly headers: Record<string, string>;
  readonly payload: string;
}

/** Signs and sends requests. Resolves with the answer, its body unread; rejects as the SDK does. */
export interface Sender {
  readonly isTls: boolean;
  readonly send: (request: DirectRequest, signal: AbortSignal) => Promise<IncomingMessage>;
}

export interface SenderParts {
  readonly options: S3DriverOptions;
  readonly agents: Agents;
  readonly region: BucketRegion;
  readonly keyRing: KeyRing;
  readonly clock: ServiceClock<SigningTime>;
  /** Called with an answer whose connection must not be used again. */
  readonly leave: ((answer: IncomingMessage) => void) | undefined;
}

/** Where requests of one region go. */
interface Place {
  readonly region: string;
  readonly address: Address;
  readonly signer: Signer;
  readonly exchange: HttpSender;
}

export async function createSender({ options, agents, region, keyRing, clock, leave }: SenderParts): Promise<Sender> {
  let place = await placeOf(region.get());

  async function placeOf(name: string): Promise<Place> {
    const address = addressOf(options, name);
    const signer = createSigner({ region: name, service: 's3' });
    return { region: name, address, signer, exchange: createHttpSender(address, agents) };
  }

  /** Sends a request once; after a refusal that taught something, once more. */
  async function attempt(request: DirectRequest, signal: AbortSignal, isFirst: boolean): Promise<IncomingMessage> {
    const known = keyRing.get();
    const keys = known instanceof Promise ? await known : known;
    if (place.region !== region.get()) place = await placeOf(region.get());
    signal.throwIfAborted();
    const { address, signer, exchange, region: asked } = place;
    const time = clock.now();
    const { method, headers, payload, body } = request;
    const path = address.pathOf(request.key);
    const query = request.query === undefined ? '' : encodeQuery(request.query);
    headers['host'] = address.host;
    headers['x-amz-date'] = time.written.stamp;
    headers['x-amz-content-sha256'] = payload;
    if (keys.sessionToken !== undefined) headers['x-amz-security-token'] = keys.sessionToken;
    const signed = { method, path, query, headers: signable(headers), payload };
    headers['authorization'] = signer.authorization(signed, keys, time.written);
    const target = query === '' ? path : `${path}?${query}`;
    const answer = await exchange({ method, path: target, headers, body }, signal);
    if ((answer.statusCode ?? 0) < 300) return answer;
    if (answer.statusCode === 412) leave?.(answer);
    // Read in any case, to its end: until then its connection is not free.
    const error = toError(answer, await refusalText(answer));
    if (clock.learn(answer.headers.date, time)) error.$metadata.clockSkewCorrected = true;
    const mended = isFirst ? await mend(error, keys, asked) : undefined;
    if (mended === undefined) throw error;
    // What has been read of a stream is gone; whoever made it can make it again.
    if (body !== undefined && !(body instanceof Uint8Array)) throw named(error, mended, 'safe');
    return attempt(request, signal, false);
  }

  /** What was wrong, if the request would now be signed otherwise. */
  async function mend(error: unknown, keys: Keys, asked: string): Promise<ErrorCode | undefined> {
    if (region.learn(error, asked)) return 'InvalidConfig';
    return hasExpired(error) && (await keyRing.replace(keys)) ? 'Unauthenticated' : undefined;
  }

  return { isTls: place.address.isTls, send: (request, signal) => attempt(request, signal, true) };
}

/** The rest may be changed on the way by a proxy. */
function signable(headers: Readonly<Record<string, string>>): Record<string, string> {
  const signed: Record<string, string> = {};
  for (const name in headers) {
    if (name.startsWith('x-amz-') || name === 'host' || name === 'content-type') signed[name] = headers[name] ?? '';
  }
  return signed;
}
