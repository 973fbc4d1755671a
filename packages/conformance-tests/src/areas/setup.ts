import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';

export const setup: Area = defineArea({ name: 'setup', title: 'A. Setup, lifecycle, identity', cases: [] });
