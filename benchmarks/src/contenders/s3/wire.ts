import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { S3Store } from '../../services/store.ts';
import { createWire, type Wire } from '../http.ts';

const signedNames = 'host;x-amz-content-sha256;x-amz-date';

/** S3 with own signing: three headers signed, the key of the day kept. */
export function createS3Wire(store: S3Store, { signsBody }: { signsBody: boolean }): Wire {
  const { host } = new URL(store.endpointUrl);
  const credential = (date: string): string => `${date}/${store.region}/s3/aws4_request`;
  let day = '';
  let kept: KeyObject | undefined;

  function keyOf(date: string): KeyObject {
    if (kept === undefined || date !== day) {
      const seed: Buffer = Buffer.from(`AWS4${store.secretKey}`);
      const parts = credential(date).split('/');
      kept = createSecretKey(parts.reduce((key, part) => createHmac('sha256', key).update(part).digest(), seed));
      day = date;
    }
    return kept;
  }

  return createWire(store.endpointUrl, ({ method, key, query = {}, headers, body }) => {
    const path = `/${store.bucket}${key === '' ? '' : '/'}${key}`;
    const search = Object.entries(query)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&');
    const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
    const date = time.slice(0, 8);
    const isWhole = body === undefined || body instanceof Uint8Array;
    const payload = signsBody && isWhole ? hash('sha256', body ?? '') : 'UNSIGNED-PAYLOAD';
    const canonical = `${method}\n${path}\n${search}\nhost:${host}\nx-amz-content-sha256:${payload}\nx-amz-date:${time}\n\n${signedNames}\n${payload}`;
    const toSign = `AWS4-HMAC-SHA256\n${time}\n${credential(date)}\n${hash('sha256', canonical)}`;
    const signature = createHmac('sha256', keyOf(date)).update(toSign).digest('hex');
    return {
      path: search === '' ? path : `${path}?${search}`,
      headers: {
        ...headers,
        host,
        'x-amz-date': time,
        'x-amz-content-sha256': payload,
        authorization: `AWS4-HMAC-SHA256 Credential=${store.accessKey}/${credential(date)}, SignedHeaders=${signedNames}, Signature=${signature}`,
      },
    };
  });
}
