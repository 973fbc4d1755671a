/**
 * Adds up the reports that a CI run leaves in `.reports/` and prints `N passed, N failed` as its last line.
 * Fails where something failed or nothing ran. Plain JavaScript: it has to speak even where the install failed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const reports = join(import.meta.dirname, '..', '.reports');

/** A report that could not succeed fails at least once: a file that does not load has no failing test to count. */
function totals({ success, numPassedTests, numFailedTests, testResults }) {
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = numFailedTests + unloaded;
  return { passed: numPassedTests, failed: success ? failed : Math.max(1, failed) };
}

let passed = 0;
let failed = 0;
for (const name of existsSync(reports) ? readdirSync(reports) : []) {
  if (!name.endsWith('.json')) continue;
  const report = totals(JSON.parse(readFileSync(join(reports, name), 'utf8')));
  passed += report.passed;
  failed += report.failed;
}

if (passed + failed === 0) {
  console.log('No test ran, which counts as one failure.');
  failed = 1;
}
if (failed > 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed`);
