import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';

export const list: Area = defineArea({ name: 'list', title: 'F. List', cases: [] });
