import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { connectionFaults } from './faults-connection.ts';
import { retries } from './faults-retry.ts';
import { wireAnswers } from './faults-wire-answers.ts';
import { wireConnections } from './faults-wire-connection.ts';

export const faults: Area = defineArea({
  name: 'faults',
  title: 'M. Faults',
  cases: [...connectionFaults, ...wireConnections, ...retries, ...wireAnswers].toSorted((a, b) => a.number - b.number),
});
