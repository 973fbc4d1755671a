import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { createOnly } from './conditions-create.ts';
import { etags } from './conditions-etag.ts';
import { lostAnswers } from './conditions-lost.ts';
import { matching } from './conditions-match.ts';
import { readConditions } from './conditions-read.ts';
import { lostOnTheWire } from './conditions-wire.ts';

export const conditions: Area = defineArea({
  name: 'conditions',
  title: 'J. Conditional',
  cases: [...createOnly, ...matching, ...etags, ...readConditions, ...lostAnswers, ...lostOnTheWire].toSorted(
    (a, b) => a.number - b.number,
  ),
});
