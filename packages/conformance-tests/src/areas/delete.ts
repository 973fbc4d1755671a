import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { deleteMany } from './delete-many.ts';
import { deleteOne } from './delete-one.ts';

export const deletion: Area = defineArea({
  name: 'delete',
  title: 'G. Delete',
  cases: [...deleteOne, ...deleteMany].toSorted((a, b) => a.number - b.number),
});
