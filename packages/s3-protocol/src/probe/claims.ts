import type { Capabilities, MultipartCapability, SignCapability } from '@storage/core/driver';
import { awsCapabilities } from '../capabilities/aws.ts';
import { genericCapabilities } from '../capabilities/generic.ts';
import { minioCapabilities } from '../capabilities/minio.ts';
import { profiles, type S3Profile } from '../profile.ts';

/** What is claimed of a service: how it differs on the wire, and what it can do. */
export interface S3Claims {
  readonly profile: S3Profile;
  readonly capabilities: Capabilities;
}

/** Path of one claim: `ifAbsentPut`, `multipart.abort`, `profile.checksum`. */
export type ClaimName =
  | `profile.${Exclude<keyof S3Profile, 'name'>}`
  | keyof Capabilities
  | `multipart.${keyof MultipartCapability}`
  | `sign.${keyof SignCapability}`;

/** What a claim says, or an answer to it. */
export type Answer = boolean | number | string | readonly string[];

/** What the backends claim of the services they know. */
export const knownClaims: {
  readonly minio: S3Claims;
  readonly aws: S3Claims;
  readonly generic: S3Claims;
} = {
  minio: { profile: profiles.minio, capabilities: minioCapabilities },
  aws: { profile: profiles.aws, capabilities: awsCapabilities },
  generic: { profile: profiles.generic, capabilities: genericCapabilities },
};

// What a record that does not say so means.
const unsaid: Readonly<Record<string, Answer>> = { 'multipart.storesChecksum': true };

/** What a record says; of a thing that is not claimed at all, every part is `false`. */
export function claimOf({ profile, capabilities }: S3Claims, name: ClaimName): Answer {
  let value: unknown = { ...capabilities, profile };
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null) return false;
    value = (value as Record<string, unknown>)[part];
  }
  return (value as Answer | undefined) ?? unsaid[name] ?? false;
}

/** Every claim there is. */
export function claimNames({ profile, capabilities }: S3Claims): string[] {
  const { name: _name, ...fields } = profile;
  const { multipart, sign, ...others } = capabilities;
  return [
    ...namesOf(fields, 'profile.'),
    ...namesOf(others, ''),
    ...namesOf(multipart, 'multipart.'),
    ...namesOf(sign, 'sign.'),
  ];
}

function namesOf(record: object | false, prefix: string): string[] {
  return Object.keys(record === false ? {} : record).map((name) => prefix + name);
}
