/** One way to install the library: a backend, and how a user makes one. */
export interface Trial {
  /** Folders below `packages/` whose tarballs are installed, core first. */
  readonly folders: readonly string[];
  /** Package and class that the user imports. */
  readonly from: string;
  readonly Backend: string;
  /** The constructor's argument, as source text. */
  readonly options: string;
  /** An option of `save` that this backend does not claim, so that it must not compile. */
  readonly notClaimed: string;
  /** What such an install must not bring. */
  readonly without: RegExp;
}

/** A backend that talks to a server needs one more thing: `options` that read the server's address from the environment. */
export const trials: readonly Trial[] = [
  {
    folders: ['core', 'backend-local'],
    from: '@storage/backend-local',
    Backend: 'LocalBackend',
    options: `{ basePath: './storage' }`,
    notClaimed: `tier: 'hot'`,
    without: /^(?:@aws-sdk|@smithy|@azure)\//,
  },
];
