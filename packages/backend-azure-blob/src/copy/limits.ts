/** Sizes of server-side copies, in bytes. */
export interface CopyLimits {
  /** Largest object that is copied in one request. */
  readonly oneRequest: number;
  /** Block of a copy in blocks; larger where there would be too many. */
  readonly block: number;
}

const mebibyte = 1024 * 1024;

/** What Copy Blob From URL takes, and what the service copies well within its own time limit. */
export const copyLimits: CopyLimits = { oneRequest: 256 * mebibyte, block: 64 * mebibyte };
