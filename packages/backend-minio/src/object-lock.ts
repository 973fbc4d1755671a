import { DriverFault } from '@storage/core/driver';
import type { S3Bucket } from '@storage/s3-protocol';

/** How long a version cannot be deleted, and who may shorten that: some (`GOVERNANCE`) or nobody (`COMPLIANCE`). */
export interface Retention {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  readonly until: Date;
}

/** The version that a lock is on. */
export interface Locked {
  readonly key: string;
  /** @default the current one */
  readonly versionId?: string | undefined;
}

/** Throws `InvalidArgument`. */
export function checkRetention(retention: unknown): Retention {
  const { mode, until } = (typeof retention === 'object' && retention !== null ? retention : {}) as Partial<Retention>;
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') {
    throw new DriverFault('InvalidArgument', 'mode must be GOVERNANCE or COMPLIANCE');
  }
  if (!(until instanceof Date) || !(until.getTime() > Date.now())) {
    throw new DriverFault('InvalidArgument', 'until must be a Date that is still to come');
  }
  return { mode, until };
}

export async function setRetention(
  { sdk, client, Bucket, abortSignal }: S3Bucket,
  { key, versionId }: Locked,
  { mode, until }: Retention,
  bypassGovernance: boolean,
): Promise<void> {
  const command = new sdk.PutObjectRetentionCommand({
    Bucket,
    Key: key,
    VersionId: versionId,
    Retention: { Mode: mode, RetainUntilDate: until },
    BypassGovernanceRetention: bypassGovernance || undefined,
  });
  await client.send(command, { abortSignal });
}

export async function getRetention(
  { sdk, client, Bucket, abortSignal }: S3Bucket,
  { key, versionId }: Locked,
): Promise<Retention | undefined> {
  const command = new sdk.GetObjectRetentionCommand({ Bucket, Key: key, VersionId: versionId });
  const { Retention: found } = await client.send(command, { abortSignal }).catch(noneWhereNoLock);
  if (found?.Mode === undefined || found.RetainUntilDate === undefined) return undefined;
  return { mode: found.Mode, until: found.RetainUntilDate };
}

export async function setLegalHold(
  { sdk, client, Bucket, abortSignal }: S3Bucket,
  { key, versionId }: Locked,
  isHeld: boolean,
): Promise<void> {
  const command = new sdk.PutObjectLegalHoldCommand({
    Bucket,
    Key: key,
    VersionId: versionId,
    LegalHold: { Status: isHeld ? 'ON' : 'OFF' },
  });
  await client.send(command, { abortSignal });
}

export async function getLegalHold(
  { sdk, client, Bucket, abortSignal }: S3Bucket,
  { key, versionId }: Locked,
): Promise<boolean> {
  const command = new sdk.GetObjectLegalHoldCommand({ Bucket, Key: key, VersionId: versionId });
  const { LegalHold } = await client.send(command, { abortSignal }).catch(noneWhereNoLock);
  return LegalHold?.Status === 'ON';
}

function noneWhereNoLock(error: unknown): { Retention?: undefined; LegalHold?: undefined } {
  if (error instanceof Error && error.name === 'NoSuchObjectLockConfiguration') return {};
  throw error;
}
