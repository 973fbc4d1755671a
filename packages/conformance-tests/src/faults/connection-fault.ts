/** What goes wrong on the connection between a client and its server. */
export type ConnectionFault =
  /** The connection is reset as soon as the request's headers are here; the server never sees it. */
  | { readonly kind: 'reset-before' }
  /** The connection is reset after so many bytes of the request's body; the server sees the upload break off. */
  | { readonly kind: 'reset-upload'; readonly afterBytes: number }
  /** No more of the request's body is taken after so many bytes, and nothing is answered. */
  | { readonly kind: 'stall-upload'; readonly afterBytes: number }
  /** The connection is reset when the whole request has been passed on, without waiting for its answer. */
  | { readonly kind: 'reset-after' }
  /** The connection is reset when the server has answered: what was asked for is done, and nobody learns of it. */
  | { readonly kind: 'lose-answer' }
  /** The connection is reset after the headers and at most so many bytes of the answer's body. */
  | { readonly kind: 'reset-answer'; readonly afterBytes: number }
  /** The connection ends, in order, after the headers and so many bytes of the answer's body: less than announced. */
  | { readonly kind: 'end-answer'; readonly afterBytes: number }
  /** The answer has so many bytes of its body, and announces no more. */
  | { readonly kind: 'shorten-answer'; readonly afterBytes: number }
  /** Nothing more comes after the headers and so many bytes of the answer's body. */
  | { readonly kind: 'stall-answer'; readonly afterBytes: number }
  /** One bit of the first byte of the answer's body is flipped. */
  | { readonly kind: 'corrupt-answer' }
  /** The request is taken, and nothing is ever answered; the server never sees it. */
  | { readonly kind: 'silent' }
  /** The answer comes so much later. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** An answer that the server did not give. With `applied` the server gets the request first, and its answer is dropped. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly applied?: boolean;
    }
  /**
   * The answer to a ranged read comes as 200 with the whole object, with a `Content-Range` one byte late, or with the
   * whole object under the `Content-Range` that was asked for. Bytes outside of the range are zeros.
   */
  | { readonly kind: 'wrong-range'; readonly answer: 'whole' | 'shifted' | 'mislabelled' }
  /** Something else happens before the request is passed on. */
  | { readonly kind: 'before'; readonly run: () => Promise<unknown> };

/** Which requests a fault hits. Of several rules the first that matches and is not used up fires. */
export interface ProxyRule {
  /** @default every method */
  readonly method?: string | readonly string[];
  /** What the decoded path ends with, or matches. @default every path */
  readonly path?: string | RegExp;
  /** The name of a parameter, or what the query string matches. @default with and without a query */
  readonly query?: string | RegExp;
  readonly when?: (request: ProxiedRequest) => boolean;
  /** Matching requests that pass unharmed first. @default 0 */
  readonly skip?: number;
  /** Requests that are hit. @default 1 */
  readonly times?: number;
  /** `skip` and `times` count for each method and path on their own. @default false */
  readonly each?: boolean;
  readonly fault: ConnectionFault;
}

/** A request as it came to the proxy. */
export interface ProxiedRequest {
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  /** As it was sent, without the question mark. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What hit it. */
  fault?: ConnectionFault['kind'];
  /** What was answered, if anything was. */
  status?: number;
}
