import assert from 'node:assert/strict';
import type { Capabilities, SignMethod, SignRequestOptions, StorageBackend } from '@storage/core';
import type { SignedRequest } from '@storage/core/driver';
import { expectRefused } from '../assertions.ts';
import type { CaseContext, Claim, ConformanceCase } from '../case.ts';

type SignClaims = Exclude<Capabilities['sign'], false>;

/** The instance whose signed URLs can be fetched. */
export async function served(context: CaseContext): Promise<StorageBackend> {
  return context.harness.makeServed === undefined ? context.backend : context.makeExtra('makeServed');
}

/** A case of signed requests; where they are not claimed, or not with this option, it shows the refusal. */
export function signCase(item: {
  readonly number: number;
  readonly letter?: string;
  readonly title: string;
  readonly claims?: readonly Claim[];
  readonly needs?: keyof SignClaims;
  /** What the refusal asks for. */
  readonly option?: SignRequestOptions;
  readonly timeoutMs?: number;
  readonly run: (context: CaseContext, backend: StorageBackend) => Promise<void>;
}): ConformanceCase {
  const { needs, option = {}, claims = [], run, ...rest } = item;
  const own: readonly Claim[] = needs === undefined ? ['sign'] : ['sign', `sign.${needs}`];
  return {
    ...rest,
    claims: [...own, ...claims],
    needs: ({ sign }) => sign !== false && (needs === undefined || sign[needs] !== false),
    run: async (context) => run(context, await served(context)),
    refused: async (context) => {
      await context.backend.save(context.key(), 'text');
      await expectRefused(context, context.key(), (backend) => backend.signRequest(context.key(), option));
      if (context.capabilities.sign === false) {
        await expectRefused(context, context.key(), (backend) => backend.getUrl(context.key()));
      }
    },
  };
}

export function methodsOf({ capabilities }: StorageBackend): readonly SignMethod[] {
  return capabilities.sign === false ? [] : capabilities.sign.methods;
}

/** Sends a signed request as it was signed, with changes. */
export function send(
  request: SignedRequest,
  changes: {
    readonly method?: string;
    readonly url?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Uint8Array;
  } = {},
): Promise<Response> {
  const { body } = changes;
  const ask = (): Promise<Response> =>
    fetch(changes.url ?? request.url, {
      method: changes.method ?? request.method,
      headers: changes.headers ?? request.headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> }),
    });
  // A server may close a connection on which it refused a request; the next one on it then gets no answer at all.
  return ask().catch((error: unknown) => (isClosedConnection(error) ? ask() : Promise.reject(error as Error)));
}

function isClosedConnection(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && (cause.code === 'UND_ERR_SOCKET' || cause.code === 'ECONNRESET');
}

/** Asserts that the server lets nobody in with this request. */
export async function refusedByServer(response: Promise<Response>, what: string): Promise<void> {
  const answer = await response;
  await answer.arrayBuffer();
  assert.ok(answer.status >= 400 && answer.status < 500, `${what} is refused, not answered with ${answer.status}`);
}

export async function expectSuccess(response: Promise<Response>, what: string): Promise<Uint8Array> {
  const answer = await response;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  assert.ok(answer.ok, `${what}: ${answer.status} ${new TextDecoder().decode(bytes.subarray(0, 300))}`);
  return bytes;
}

/** A case of signed uploads, which a backend may not sign. */
export function uploadCase(item: Parameters<typeof signCase>[0]): ConformanceCase {
  const own = signCase({ ...item, claims: [...(item.claims ?? []), 'sign.methods'] });
  const { needs } = item;
  return {
    ...own,
    needs: ({ sign }) =>
      sign !== false && sign.methods.includes('PUT') && (needs === undefined || sign[needs] !== false),
    refused: async (context) => {
      await context.backend.save(context.key(), 'text');
      const option = { method: 'PUT', ...item.option } as const;
      await expectRefused(context, context.key(), (backend) => backend.signRequest(context.key(), option));
    },
  };
}
