import { type Capabilities, defineCapabilities } from '@storage/core/driver';
import { awsCapabilities } from './aws.ts';

/** What can be relied on where another service answers: no condition of a delete or of a copy, no storage classes. */
export const genericCapabilities: typeof awsCapabilities = defineCapabilities({
  ...awsCapabilities,
  keyGrammar: 'portable',
  // Services that keep objects as files show only one of the two.
  keyCanBePrefixOfKey: 'hidden',
  ifAbsentCopy: false,
  ifMatchCopy: false,
  ifMatchDelete: false,
  mustExistDelete: false,
  multipart: { ...awsCapabilities.multipart, listIncomplete: 'by-key' },
  sign: { ...awsCapabilities.sign, bindsChecksum: false },
  tiers: false,
  archiveTiers: false,
  storedChecksum: false,
} satisfies Capabilities);
