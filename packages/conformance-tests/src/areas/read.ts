import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';

export const read: Area = defineArea({ name: 'read', title: 'D. Read', cases: [] });
