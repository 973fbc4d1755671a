import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';

export const conditions: Area = defineArea({ name: 'conditions', title: 'J. Conditional', cases: [] });
