import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { traceCalls } from '../../src/disk/run.ts';
import { context, driverAt, putText } from '../driver.ts';
import { temporaryFolder } from '../store.ts';

const key = 'folder/key';

type Driver = ReturnType<typeof driverAt>;

async function filled(): Promise<{ readonly base: string; readonly driver: Driver }> {
  const base = join(await temporaryFolder(), 'store');
  const driver = driverAt(base);
  for (const text of ['1', '2', '3']) await putText(driver, key, text);
  await driver.remove({ key }, context());
  for (const text of ['4', '5']) await putText(driver, key, text);
  await driver.remove({ key }, context());
  return { base, driver };
}

/** All pages, each asked of the driver that `of` gives. */
async function pagesOf(limit: number, of: (page: number) => Driver): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page === 0 || cursor !== undefined; page++) {
    const request = { key, limit, ...(cursor !== undefined && { cursor }) };
    const answer = await of(page).versions.list(request, context());
    found.push(...answer.versions.map(({ versionId, isCurrent }) => `${versionId}${isCurrent ? ' current' : ''}`));
    cursor = answer.cursor;
  }
  return found;
}

afterEach(() => {
  traceCalls(undefined);
});

test.each([1, 2, 3, 4])('pages of %i come to the whole list, whoever is asked for the next one', async (limit) => {
  const { base, driver } = await filled();
  const whole = await pagesOf(1000, () => driver);
  expect(whole).toHaveLength(7);
  expect(await pagesOf(limit, () => driver)).toEqual(whole);
  const others = [driver, driverAt(base), driverAt(base)];
  expect(await pagesOf(limit, (page) => others[page % 3] ?? driver)).toEqual(whole);
});

test('the names of all versions are read once, for as many pages as there are', async () => {
  const { driver } = await filled();
  let looks = 0;
  traceCalls((call) => {
    if (call === 'readdir') looks += 1;
  });
  expect(await pagesOf(1, () => driver)).toHaveLength(7);
  expect(looks).toBe(1);
});

test('a version that is removed between two pages is not on the next one, and one that is added neither', async () => {
  const { driver } = await filled();
  const whole = await pagesOf(1000, () => driver);
  const first = await driver.versions.list({ key, limit: 2 }, context());
  await driver.remove({ key, versionId: whole[4] ?? '' }, context());
  await putText(driver, key, '6');
  const { cursor = '' } = first;
  const rest = await driver.versions.list({ key, limit: 1000, cursor }, context());
  expect(rest.versions.map(({ versionId }) => versionId)).toEqual([...whole.slice(2, 4), ...whole.slice(5)]);
  expect(rest.versions.some(({ isCurrent }) => isCurrent)).toBe(false);
});
