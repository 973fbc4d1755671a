export { LocalBackend } from './backend.ts';
export { type LocalCapabilities, localCapabilities } from './capabilities.ts';
export type { LocalOptions, VersionsOptions } from './config.ts';
export type { Swept } from './lock/sweep.ts';
export type { RequestHandler } from './sign/request-handler.ts';
export type { ServeOptions, UrlServer } from './sign/serve-urls.ts';
