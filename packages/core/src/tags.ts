import { describe } from './check.ts';
import { DriverFault } from './errors/driver-fault.ts';
import { quoteKey } from './errors/message.ts';
import { isRecord } from './record.ts';

// What S3 and Azure both take: Azure has no other letters, S3 keeps names that begin with `aws:` to itself.
const maxTags = 10;
const tagName = /^(?!aws:)[A-Za-z0-9 +\-./:=_]{1,128}$/i;
const tagValue = /^[A-Za-z0-9 +\-./:=_]{0,256}$/;

/**
 * Tags as every service that has them takes them: at most 10, names up to 128 and values up to 256 characters of
 * `A–Z a–z 0–9`, space and `+ - . / : = _`.
 */
export function checkTags(tags: unknown): Record<string, string> {
  if (!isRecord(tags)) throw invalid(`tags must be an object of strings, not ${describe(tags)}`);
  const entries = Object.entries(tags);
  if (entries.length > maxTags) throw invalid(`there are ${entries.length} tags, the limit is ${maxTags}`);
  return Object.fromEntries(entries.map(checkTag));
}

function checkTag([name, value]: [string, unknown]): [string, string] {
  if (!tagName.test(name)) {
    throw invalid(
      `the tag name ${quoteKey(name)} must be 1 to 128 letters, digits, spaces or + - . / : = _, and not begin with "aws:"`,
    );
  }
  if (typeof value === 'string' && tagValue.test(value)) return [name, value];
  throw invalid(
    `the tag ${quoteKey(name)} must be a string of at most 256 letters, digits, spaces or + - . / : = _, not ${describe(value)}`,
  );
}

function invalid(message: string): DriverFault {
  return new DriverFault('InvalidArgument', message);
}
