import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { metadataNames } from './metadata-names.ts';
import { metadataUpdates } from './metadata-update.ts';
import { metadataValues } from './metadata-values.ts';

export const metadata: Area = defineArea({
  name: 'metadata',
  title: 'I. Metadata',
  cases: [...metadataNames, ...metadataValues, ...metadataUpdates].toSorted((a, b) => a.number - b.number),
});
