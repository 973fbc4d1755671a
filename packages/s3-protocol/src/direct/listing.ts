import { readXml } from '@storage/core/driver';
import type { S3ListedObject, S3Listing } from '../verbs.ts';

/** The answer to ListObjectsV2, in the words of the SDK. Of an empty body, and of another document, an empty answer. */
export function readListing(xml: string): S3Listing {
  if (xml === '') return {};
  const Contents: S3ListedObject[] = [];
  const CommonPrefixes: { Prefix: string }[] = [];
  let object: Mutable<S3ListedObject> = {};
  let prefix: string | undefined;
  let root = '';
  let NextContinuationToken: string | undefined;
  let IsTruncated: boolean | undefined;

  readXml(xml, (name, depth, text) => {
    if (depth === 3) {
      if (name === 'Prefix') prefix = text;
      else setField(object, name, text);
    } else if (depth === 2) {
      if (name === 'Contents') {
        Contents.push(object);
        object = {};
      } else if (name === 'CommonPrefixes') {
        CommonPrefixes.push({ Prefix: prefix ?? '' });
        object = {};
      } else if (name === 'NextContinuationToken') NextContinuationToken = text;
      else if (name === 'IsTruncated') IsTruncated = text === 'true';
    } else if (depth === 1) root = name;
  });
  if (root !== 'ListBucketResult') return {};
  return { Contents, CommonPrefixes, NextContinuationToken, IsTruncated };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function setField(object: Mutable<S3ListedObject>, name: string, text: string): void {
  switch (name) {
    case 'Key':
      object.Key = text;
      break;
    case 'Size':
      object.Size = Number(text);
      break;
    case 'ETag':
      object.ETag = text;
      break;
    case 'LastModified':
      object.LastModified = new Date(text);
      break;
    case 'StorageClass':
      object.StorageClass = text;
      break;
    default:
  }
}
