import type { OptionsRule } from '@storage/core/driver';
import type { AwsS3Settings } from './config.ts';
import { serviceOf } from './service.ts';

type Name = keyof AwsS3Settings;
type Rule = OptionsRule<AwsS3Settings>;

/** What the options say together. */
export const rules: readonly Rule[] = [
  together('accessKey', 'secretKey'),
  together('secretKey', 'accessKey'),
  together('sessionToken', 'accessKey'),
  apart('credentials', 'accessKey'),
  apart('credentials', 'profile'),
  apart('accessKey', 'profile'),
  {
    of: ['kmsKeyId', 'sse'],
    check: ({ kmsKeyId, sse }) =>
      kmsKeyId === undefined || sse?.startsWith('aws:kms') === true
        ? undefined
        : `kmsKeyId needs sse: 'aws:kms' or 'aws:kms:dsse'`,
  },
  {
    of: ['bucketKeyEnabled', 'sse'],
    check: ({ bucketKeyEnabled, sse }) =>
      bucketKeyEnabled === undefined || sse === 'aws:kms' ? undefined : `bucketKeyEnabled needs sse: 'aws:kms'`,
  },
  {
    of: ['storageClass', 'service', 'endpointUrl'],
    check: (settings) =>
      settings.storageClass === undefined || serviceOf(settings) === 'aws'
        ? undefined
        : `storageClass needs AWS, and endpointUrl is another service; set service: 'aws' if it has storage classes`,
  },
  ...(['accelerate', 'dualStack', 'fips'] as const).map((name): Rule => {
    const check: Rule['check'] = (settings) =>
      settings[name] === true && settings.endpointUrl !== undefined
        ? `${name} chooses an address, and endpointUrl is one: leave out one of them`
        : undefined;
    return { of: [name, 'endpointUrl'], check };
  }),
  {
    of: ['accelerate', 'fips'],
    check: ({ accelerate, fips }) =>
      accelerate === true && fips === true ? 'accelerate and fips cannot be used together' : undefined,
  },
  {
    of: ['accelerate', 'pathStyle'],
    check: ({ accelerate, pathStyle }) =>
      accelerate === true && pathStyle === true ? 'accelerate cannot be used with pathStyle' : undefined,
  },
  {
    of: ['accelerate', 'bucketName'],
    check: ({ accelerate, bucketName }) =>
      accelerate === true && bucketName.includes('.') ? 'accelerate needs a bucketName without "."' : undefined,
  },
  ...(['accelerate', 'pathStyle', 'createBucket'] as const).map((name): Rule => {
    const check: Rule['check'] = (settings) =>
      settings[name] === true && settings.bucketName.startsWith('arn:')
        ? `${name} cannot be used where bucketName is the ARN of an access point`
        : undefined;
    return { of: [name, 'bucketName'], check };
  }),
];

function together(name: Name, other: Name): Rule {
  const check: Rule['check'] = (settings) =>
    settings[name] !== undefined && settings[other] === undefined ? `${name} needs ${other}` : undefined;
  return { of: [name, other], check };
}

function apart(name: Name, other: Name): Rule {
  const check: Rule['check'] = (settings) =>
    settings[name] !== undefined && settings[other] !== undefined
      ? `${name} and ${other} both say who asks: leave out one of them`
      : undefined;
  return { of: [name, other], check };
}
