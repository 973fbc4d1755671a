const mark: unique symbol = Symbol.for('@storage/options-from-text') as never;

/**
 * Marks options whose values are texts from a URL: each is read by the field that it is for, so that `true` is a flag
 * in one place and a password in another. The mark survives a spread.
 */
export function fromText(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.assign({}, options, { [mark]: true });
}

/** Whether options are marked as texts. */
export function isFromText(options: unknown): options is Readonly<Record<string, unknown>> {
  return typeof options === 'object' && options !== null && mark in options;
}
