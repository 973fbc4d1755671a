import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { listContent } from './list-content.ts';
import { listMeanwhile } from './list-meanwhile.ts';
import { listOrder } from './list-order.ts';
import { listPages } from './list-pages.ts';
import { listPosition } from './list-position.ts';

export const list: Area = defineArea({
  name: 'list',
  title: 'F. List',
  cases: [...listContent, ...listMeanwhile, ...listPages, ...listPosition, ...listOrder].toSorted(
    (a, b) => a.number - b.number,
  ),
});
