/** Names whose value is a secret wherever they stand: in a query, a header, JSON, XML or a connection string. */
const secretNames = [
  'sig',
  'signature(?:_?provided)?',
  'x-(?:amz|goog)-(?:signature|credential|security-token)',
  'x-amz-(?:copy-source-)?server-side-encryption-customer-key',
  'x-ms-(?:source-)?encryption-key',
  'sse_?customer_?key',
  'credential',
  'account_?key',
  'shared_?access_?(?:signature|key)',
  'secret(?:_?access)?(?:_?key)?',
  'client_?secret',
  'url_?key',
  'pass(?:word|wd|phrase)',
  '(?:session|security|access|refresh|id)_?token',
].join('|');

const quoted = String.raw`"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|\x60(?:\\.|[^\x60\\])*\x60?`;
// JSON inside JSON: the quote itself is escaped, and ends at the next one.
const escapedQuoted = String.raw`\\+["'][^"'\\]*`;
const bare = String.raw`[^\s,;&"'<>()}\\]+`;
// Not the end of a longer word, unless that is the `%3F` or `%26` of a URL inside a URL.
const wordStart = '(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2}))';

/**
 * What is blanked in any text. The secret is the group `value`; the name before it stays, so that a reader sees what
 * stood there.
 */
export const secretPatterns: readonly RegExp[] = [
  new RegExp(
    String.raw`${wordStart}(?:${secretNames})(?:\\*["'\x60])?(?:\s*[:=]\s*|>|%3D)(?<value>${quoted}|${escapedQuoted}|${bare})`,
    'dgi',
  ),
  // An Authorization header is a secret to its end, whatever its scheme.
  new RegExp(
    String.raw`${wordStart}authorization(?:\\*["'\x60])?\s*[:=]\s*(?<value>${quoted}|${escapedQuoted}|[^\r\n"'<>]+)`,
    'dgi',
  ),
  /\bBearer\s+(?<value>[\w.~+/=-]{8,})/dgi,
  /\bSharedKey(?:Lite)?\s+(?<value>[^\s"'<>]+)/dgi,
  // A JSON web token, wherever it comes from.
  /\b(?<value>eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*)/dg,
  // User and password of a URL.
  /:\/\/(?<value>[^\s/?#"'<>]+)@/dg,
];

/** No secret pattern can match a text in which this finds nothing. */
export const secretTrigger: RegExp =
  /sig|secret|key|token|credential|pass(?:word|wd|phrase)|authorization|bearer|eyJ|:\/\//i;
