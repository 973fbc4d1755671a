import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { connectionFaults } from './faults-connection.ts';
import { retries } from './faults-retry.ts';

export const faults: Area = defineArea({
  name: 'faults',
  title: 'M. Faults',
  cases: [...connectionFaults, ...retries].toSorted((a, b) => a.number - b.number),
});
