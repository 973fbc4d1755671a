/** How a service that speaks S3 differs on the wire from the others. What it can do is said by its capabilities. */
export interface S3Profile {
  readonly name: 'minio' | 'aws' | 'generic';
  /** Checksum that goes with every body and is stored with the whole object; `false`: none. */
  readonly checksum: 'crc32' | false;
  /** Whether a part that is copied gets the checksum of its upload; where not, an object of such parts has none. */
  readonly checksumsCopiedParts: boolean;
  /** What enforces the condition of a copy: the request that copies, or the one that completes an upload of copied parts. */
  readonly conditionalCopy: 'copy' | 'complete';
  /** Whether a connection on which a condition was refused (412) is closed by the server, which does not say so. */
  readonly closesAfterRefusal: boolean;
  /** Whether access is denied to a write that races with a delete in the same folder. */
  readonly deniesRacedWrites: boolean;
  /** Whether settings of a bucket that is not there are taken, and forgotten. */
  readonly forgetsSettings: boolean;
}

/** What is known of each service. */
export const profiles: {
  readonly minio: S3Profile;
  readonly aws: S3Profile;
  readonly generic: S3Profile;
} = {
  minio: {
    name: 'minio',
    checksum: 'crc32',
    checksumsCopiedParts: false,
    // CopyObject ignores the header.
    conditionalCopy: 'complete',
    closesAfterRefusal: true,
    deniesRacedWrites: true,
    forgetsSettings: true,
  },
  aws: {
    name: 'aws',
    checksum: 'crc32',
    checksumsCopiedParts: true,
    conditionalCopy: 'copy',
    closesAfterRefusal: false,
    deniesRacedWrites: false,
    forgetsSettings: false,
  },
  generic: {
    name: 'generic',
    // Many services do not know the trailer in which the checksum of a stream is sent.
    checksum: false,
    checksumsCopiedParts: false,
    conditionalCopy: 'complete',
    // They cost little where it is not so.
    closesAfterRefusal: true,
    deniesRacedWrites: true,
    forgetsSettings: true,
  },
};
