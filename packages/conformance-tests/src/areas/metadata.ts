import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';

export const metadata: Area = defineArea({ name: 'metadata', title: 'I. Metadata', cases: [] });
