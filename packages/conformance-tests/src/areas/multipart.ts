import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { endCases } from './multipart-end.ts';
import { partCases } from './multipart-parts.ts';
import { sessionCases } from './multipart-session.ts';

export const multipart: Area = defineArea({
  name: 'multipart',
  title: 'K. Uploads in parts',
  cases: [...partCases, ...endCases, ...sessionCases].toSorted((a, b) => a.number - b.number),
});
