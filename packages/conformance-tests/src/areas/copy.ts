import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { copyConditions } from './copy-conditions.ts';
import { copyObjects } from './copy-objects.ts';
import { moves } from './move.ts';

export const copy: Area = defineArea({
  name: 'copy',
  title: 'H. Copy and move',
  cases: [...copyObjects, ...copyConditions, ...moves].toSorted((a, b) => a.number - b.number),
});
