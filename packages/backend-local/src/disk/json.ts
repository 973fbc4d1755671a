/** The value of a JSON text that was read from disk; undefined when it is none, and the caller says what it expected. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
