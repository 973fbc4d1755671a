import type { LifecycleRule, Transition } from '@aws-sdk/client-s3';
import { checkLifecycleRules, type LifecycleDialect } from '@storage/s3-protocol';

/**
 * A rule of a bucket's lifecycle, in the words of S3. MinIO has no `AbortIncompleteMultipartUpload`: what unfinished
 * uploads leave expires by a setting of the server.
 * See https://min.io/docs/minio/linux/administration/object-management/object-lifecycle-management.html
 */
export type MinioLifecycleRule = Omit<LifecycleRule, 'AbortIncompleteMultipartUpload'>;

const dialect: LifecycleDialect = {
  drops: {
    AbortIncompleteMultipartUpload: 'which MinIO drops: set stale_uploads_expiry of the server, or call cleanup()',
  },
  faultOf: ({ Transitions, NoncurrentVersionTransitions }) =>
    faultOfTransitions('Transitions', Transitions) ??
    faultOfTransitions('NoncurrentVersionTransitions', NoncurrentVersionTransitions),
};

/** Refuses rules that MinIO would refuse with less to go on, or drop without a word. Throws `InvalidArgument`. */
export function checkMinioRules(rules: unknown): readonly MinioLifecycleRule[] {
  return checkLifecycleRules(rules, dialect);
}

function faultOfTransitions(name: string, transitions: readonly Transition[] | undefined): string | undefined {
  if (transitions === undefined) return undefined;
  if (!Array.isArray(transitions) || transitions.length !== 1) return `needs exactly one of ${name}: MinIO keeps one`;
  const [{ StorageClass } = {} as Transition] = transitions as readonly Transition[];
  const tier: unknown = StorageClass;
  if (typeof tier === 'string' && /^[A-Z0-9_-]+$/.test(tier)) return undefined;
  return `needs the name of a remote tier of the server as ${name}[0].StorageClass: see mc ilm tier add`;
}
