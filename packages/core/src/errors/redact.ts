import { secretPatterns, secretTrigger } from './secret-patterns.ts';

const blank = '[redacted]';

/** Shorter values are no secrets, and blanking them would garble every text. */
const minSecretLength = 4;

/** What `encodeURIComponent` refuses. */
const loneSurrogate = /\p{Cs}/gu;

type Span = readonly [start: number, end: number];

/**
 * Blanks the secrets in a text: the values given, also as they look in a URL or in JSON, and everything that is a
 * secret by its form (signatures, SAS tokens, Authorization headers, account keys, passwords in URLs and JSON).
 *
 * @example
 * redact('GET https://a.blob.core.windows.net/c/b?sp=r&sig=aGVsbG8%3D'); // …?sp=r&sig=[redacted]
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const spans = [...spansOfValues(text, secrets), ...spansOfPatterns(text)];
  return spans.length === 0 ? text : blankOut(text, spans);
}

function spansOfValues(text: string, secrets: readonly string[]): Span[] {
  const spans: Span[] = [];
  for (const secret of secrets) {
    if (secret.length < minSecretLength) continue;
    for (const form of formsOf(secret)) {
      for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) spans.push([at, at + form.length]);
    }
  }
  return spans;
}

/** A secret as it may be spelled in a message: verbatim, in a URL, in JSON. */
function formsOf(secret: string): Set<string> {
  const json = JSON.stringify(secret).slice(1, -1);
  const uri = encodeURIComponent(secret.replace(loneSurrogate, '\uFFFD'));
  return new Set([secret, json, uri, encodeURIComponent(uri)]);
}

function spansOfPatterns(text: string): Span[] {
  if (!secretTrigger.test(text)) return [];
  const spans: Span[] = [];
  for (const pattern of secretPatterns) {
    for (const match of text.matchAll(pattern)) {
      const span = match.indices?.groups?.['value'];
      if (span !== undefined) spans.push(withoutQuotes(text, span));
    }
  }
  return spans;
}

/** Quotes around a value stay, so that JSON stays JSON. */
function withoutQuotes(text: string, [start, end]: Span): Span {
  const value = text.slice(start, end);
  const opening = /^\\*["'`]/.exec(value)?.[0] ?? '';
  const quote = opening.at(-1);
  const isClosed = opening.length === 1 && value.length > 1 && value.endsWith(quote ?? '');
  return [start + opening.length, isClosed ? end - 1 : end];
}

/** Spans may overlap: what any of them covers is blanked once. */
function blankOut(text: string, spans: readonly Span[]): string {
  let result = '';
  let done = 0;
  for (const [start, end] of mergedSpans(spans)) {
    result += `${text.slice(done, start)}${blank}`;
    done = end;
  }
  return result + text.slice(done);
}

function mergedSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const [start, end] of spans.filter(([from, to]) => to > from).sort(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], end)];
    else merged.push([start, end]);
  }
  return merged;
}
