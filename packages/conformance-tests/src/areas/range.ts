import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';

export const range: Area = defineArea({ name: 'range', title: 'E. Range', cases: [] });
