import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

/** Keys of an account, as the SDK's providers give them. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What is signed of a request. */
interface Signable {
  readonly method: string;
  /** As it is sent: encoded, once. */
  readonly path: string;
  /** As it is sent: encoded, sorted by name. */
  readonly query: string;
  /** Names in lower case. All are signed; `host` and `x-amz-…` have to be among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Hash of the body in hex, or what stands for it. */
  readonly payload: string;
}

/** The time as signatures write it. */
export interface SigningTime {
  /** `20261126T010203Z` */
  readonly stamp: string;
  /** `20261126` */
  readonly day: string;
}

/** Signs requests of one region as AWS Signature Version 4 asks. https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
export interface Signer {
  /** The value of the header `authorization`. */
  authorization(request: Signable, keys: Keys, time: SigningTime): string;
}

export function createSigner({ region, service }: { readonly region: string; readonly service: string }): Signer {
  let key: KeyObject | undefined;
  let keyOf = '';

  /** Derived once a day. As a KeyObject: a Buffer would be made one at every signature, at ten times its cost. */
  function signingKey({ secretAccessKey }: Keys, day: string): KeyObject {
    const wanted = `${day}/${secretAccessKey}`;
    if (key !== undefined && keyOf === wanted) return key;
    const seed: Buffer = Buffer.from(`AWS4${secretAccessKey}`);
    const derived = [day, region, service, 'aws4_request'].reduce(
      (from, part) => createHmac('sha256', from).update(part).digest(),
      seed,
    );
    key = createSecretKey(derived);
    keyOf = wanted;
    return key;
  }

  return {
    authorization({ method, path, query, headers, payload }, keys, { stamp, day }) {
      const names = Object.keys(headers).sort();
      let lines = '';
      for (const name of names) lines += `${name}:${canonicalValue(headers[name] ?? '')}\n`;
      const signed = names.join(';');
      const canonical = `${method}\n${path}\n${query}\n${lines}\n${signed}\n${payload}`;
      const scope = `${day}/${region}/${service}/aws4_request`;
      const signature = createHmac('sha256', signingKey(keys, day))
        .update(`AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${hash('sha256', canonical)}`)
        .digest('hex');
      return `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
    },
  };
}

/** Most values have nothing to trim or fold. */
function canonicalValue(value: string): string {
  return /^\s|\s$|\s\s|[^\S ]/.test(value) ? value.trim().replace(/\s+/g, ' ') : value;
}

/** Encodes as SigV4 does: all but letters, digits and `-._~`. */
function encodeUri(text: string): string {
  if (!/[^A-Za-z0-9\-._~]/.test(text)) return text;
  return encodeURIComponent(text).replace(/[!'()*]/g, (odd) => `%${odd.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The same for a key, whose slashes stay. */
export function encodePath(key: string): string {
  if (!/[^A-Za-z0-9\-._~/]/.test(key)) return key;
  return encodeUri(key).replaceAll('%2F', '/');
}

/** The query of a request, as it is sent and signed. */
export function encodeQuery(parameters: Readonly<Record<string, string | undefined>>): string {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) pairs.push(`${encodeUri(name)}=${encodeUri(value)}`);
  }
  return pairs.sort().join('&');
}

/** A time as signatures write it. */
export function toSigningTime(time: Date): SigningTime {
  const stamp = time.toISOString().replace(/[-:]|\.000/g, '');
  return { stamp, day: stamp.slice(0, 8) };
}
