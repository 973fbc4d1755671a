/** Does what a scenario says, and kills itself right before the call to the file system that it is told. */
import { writeSync } from 'node:fs';
import { traceCalls } from '../../src/disk/run.ts';
import { context, driverAt } from '../driver.ts';
import { scenarios } from './scenarios.ts';

const [basePath = '', name = '', settings = '{}', stopAt = 'Infinity'] = process.argv.slice(2);
const driver = driverAt(basePath, JSON.parse(settings) as object);
const calls: string[] = [];

await driver.open(context());
if (scenarios[name]?.isFirst !== true) await driver.check(context());
traceCalls((call) => {
  if (calls.length === Number(stopAt)) {
    writeSync(1, call);
    process.kill(process.pid, 'SIGKILL');
  }
  calls.push(call);
});
await scenarios[name]?.act(driver);
traceCalls(undefined);
await driver.close();
console.log(JSON.stringify(calls));
