import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { tagCases } from './tags.ts';
import { bodyUpdates } from './update.ts';
import { metadataUpdates } from './update-metadata.ts';

export const lifecycle: Area = defineArea({
  name: 'lifecycle',
  title: 'Changes in place: metadata, tags, update',
  cases: [...metadataUpdates, ...tagCases, ...bodyUpdates].toSorted((a, b) => a.number - b.number),
});
