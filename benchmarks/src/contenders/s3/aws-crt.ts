import { auth, http, io } from 'aws-crt';
import type { S3Store } from '../../services/store.ts';
import type { Contender } from '../contender.ts';

const windowBytes = 16 * 1024 * 1024;

/** Reads over Amazon's native http client and signer. It tells no status of answers without a body: it cannot write. */
export async function openAwsCrt(store: S3Store): Promise<Contender> {
  const { hostname, port, host } = new URL(store.endpointUrl);
  const sockets = new io.SocketOptions(io.SocketType.STREAM, io.SocketDomain.IPV4, 3000);
  const bootstrap = new io.ClientBootstrap();
  const manager = new http.HttpClientConnectionManager(bootstrap, hostname, Number(port), 64, windowBytes, sockets);
  const provider = auth.AwsCredentialsProvider.newStatic(store.accessKey, store.secretKey);
  // What waits for it does not keep the process alive.
  const alive = setInterval(() => undefined, 60_000);

  async function read(key: string, seen: (chunk: Uint8Array) => void): Promise<void> {
    const request = new http.HttpRequest('GET', `/${store.bucket}/${key}`, new http.HttpHeaders([['host', host]]));
    const signed = await auth.aws_sign_request(request, {
      algorithm: auth.AwsSigningAlgorithm.SigV4,
      signature_type: auth.AwsSignatureType.HttpRequestViaHeaders,
      provider,
      region: store.region,
      service: 's3',
      date: new Date(),
      signed_body_value: auth.AwsSignedBodyValue.UnsignedPayload,
      signed_body_header: auth.AwsSignedBodyHeaderType.XAmzContentSha256,
      use_double_uri_encode: false,
      should_normalize_uri_path: false,
    });
    const connection = await manager.acquire();
    try {
      const stream = connection.request(signed);
      await new Promise<void>((resolve, reject) => {
        stream.on('response', () => undefined);
        stream.on('data', (chunk) => seen(new Uint8Array(chunk)));
        stream.on('end', () => resolve());
        stream.on('error', reject);
        stream.activate();
      });
      if (stream.status_code() !== 200) throw new Error(`GET ${key}: ${stream.status_code()}`);
    } finally {
      manager.release(connection);
    }
  }

  const no = (): never => {
    throw new Error('aws-crt only reads');
  };
  return {
    save: no,
    exists: no,
    delete: no,
    async retrieve(key) {
      const chunks: Uint8Array[] = [];
      await read(key, (chunk) => chunks.push(chunk));
      return Buffer.concat(chunks);
    },
    drain: read,
    async close() {
      clearInterval(alive);
      manager.close();
    },
  };
}
