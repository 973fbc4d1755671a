import type { Classification } from '../errors/classification.ts';
import { isStaleConnection } from './agents.ts';

// Nothing was sent: no connection came about.
const notConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ENOBUFS',
]);
const lost = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ERR_STREAM_PREMATURE_CLOSE']);
const untrusted = /^(?:ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** Names an error of the connection itself, which every SDK passes on with the `code` that Node gave it. */
export function classifyConnection(error: unknown): Classification | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const { code } = error;
  if (isStaleConnection(error)) {
    return { code: 'Unavailable', retryable: 'ambiguous', staleConnection: true, providerCode: code };
  }
  if (notConnected.has(code)) return { code: 'Unavailable', retryable: 'safe', providerCode: code };
  if (lost.has(code) || code.startsWith('HPE_')) {
    return { code: 'Unavailable', retryable: 'ambiguous', providerCode: code };
  }
  if (code === 'EPROTO') {
    const hint = 'the service does not speak TLS here: use http, or secure: false';
    return { code: 'Unavailable', retryable: 'no', providerCode: code, hint };
  }
  if (untrusted.test(code)) {
    const hint = 'the TLS certificate of the service is not trusted here; see NODE_EXTRA_CA_CERTS';
    return { code: 'Unavailable', retryable: 'no', providerCode: code, hint };
  }
  return undefined;
}
