import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { endCases } from './multipart-end.ts';
import { fileCases } from './multipart-files.ts';
import { partCases } from './multipart-parts.ts';
import { sessionCases } from './multipart-session.ts';

export const multipart: Area = defineArea({
  name: 'multipart',
  title: 'K. Uploads in parts, files on disk',
  cases: [...partCases, ...endCases, ...sessionCases, ...fileCases].toSorted((a, b) => a.number - b.number),
});
