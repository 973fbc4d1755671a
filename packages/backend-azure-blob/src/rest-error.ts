/** What the driver reads of an error of the SDK. */
export interface RestErrorParts {
  readonly statusCode: number;
  readonly message: string;
  readonly errorCode: string | undefined;
  readonly headers: { get(name: string): string | undefined };
  /** Why the service does not believe who is asking, in prose. */
  readonly authenticationErrorDetail?: string | undefined;
}

/** An error as the SDK makes it of a refusal, for an answer that it has not read itself. */
export function restError(parts: RestErrorParts): Error {
  const { statusCode, message, errorCode, headers, authenticationErrorDetail } = parts;
  const details = { errorCode, message, authenticationErrorDetail };
  return Object.assign(new Error(message), { name: 'RestError', statusCode, details, response: { headers } });
}
