import { defineArea } from '../case.ts';
import type { Area } from '../case.ts';
import { lostAnswers } from './conditions-lost.ts';
import { readConditions } from './conditions-read.ts';
import { writeConditions } from './conditions-write.ts';

export const conditions: Area = defineArea({
  name: 'conditions',
  title: 'J. Conditional',
  cases: [...writeConditions, ...readConditions, ...lostAnswers].toSorted((a, b) => a.number - b.number),
});
