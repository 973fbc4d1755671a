import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';

export const write: Area = defineArea({ name: 'write', title: 'C. Write', cases: [] });
