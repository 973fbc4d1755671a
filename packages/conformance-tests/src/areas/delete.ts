import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';

export const deletion: Area = defineArea({ name: 'delete', title: 'G. Delete', cases: [] });
