import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';

export const keys: Area = defineArea({ name: 'keys', title: 'B. Keys', cases: [] });
