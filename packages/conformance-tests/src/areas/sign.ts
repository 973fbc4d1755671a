import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { signatureBounds } from './sign-bounds.ts';
import { signedReads } from './sign-read.ts';
import { signedUploads } from './sign-upload.ts';

export const sign: Area = defineArea({
  name: 'sign',
  title: 'L. Signed requests',
  cases: [...signedReads, ...signatureBounds, ...signedUploads].toSorted((a, b) => a.number - b.number),
});
