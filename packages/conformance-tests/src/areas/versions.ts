import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { versionLists } from './versions-list.ts';
import { versionReads } from './versions-read.ts';
import { versionRestores } from './versions-restore.ts';

export const versions: Area = defineArea({
  name: 'versions',
  title: 'O. Versions',
  cases: [...versionReads, ...versionLists, ...versionRestores].toSorted((a, b) => a.number - b.number),
});
