/**
 * `node:http`, loaded when it is asked for. An `import` of it reads all that it exports, and one of that is `WebSocket`:
 * Node then loads everything that it has for the web, which takes ten times as long as `node:http` itself.
 */
export function nodeHttp(): typeof import('node:http') {
  return process.getBuiltinModule('node:http');
}

/** `node:https`, likewise: backends that need no TLS do without it. */
export function nodeHttps(): typeof import('node:https') {
  return process.getBuiltinModule('node:https');
}
