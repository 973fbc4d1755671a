import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { readBodies } from './read-body.ts';
import { readFaults } from './read-faults.ts';
import { readInfo } from './read-info.ts';
import { openReads } from './read-open.ts';
import { readsOnTheWire } from './read-wire.ts';

export const read: Area = defineArea({
  name: 'read',
  title: 'D. Read',
  cases: [...readBodies, ...readInfo, ...openReads, ...readFaults, ...readsOnTheWire].toSorted(
    (a, b) => a.number - b.number,
  ),
});
