import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { abortErrors } from './errors-abort.ts';
import { refusals } from './errors-refusal.ts';
import { errorShapes } from './errors-shape.ts';

export const errors: Area = defineArea({
  name: 'errors',
  title: 'N. Errors',
  cases: [...errorShapes, ...abortErrors, ...refusals].toSorted((a, b) => a.number - b.number),
});
