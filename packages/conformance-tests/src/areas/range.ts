import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { rangeBounds } from './range-bounds.ts';
import { manyRanges } from './range-many.ts';
import { rangesOnTheWire } from './range-wire.ts';

export const range: Area = defineArea({
  name: 'range',
  title: 'E. Range',
  cases: [...rangeBounds, ...manyRanges, ...rangesOnTheWire].toSorted((a, b) => a.number - b.number),
});
