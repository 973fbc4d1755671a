/** Uses a store with the rights of somebody else, and tells what each call came to. */
import { attributesOf, codeOf, context, driverAt, getText, putText } from '../driver.ts';

const [basePath = '', uid = '0'] = process.argv.slice(2);
process.setgid?.(Number(uid));
process.setuid?.(Number(uid));

const driver = driverAt(basePath);
const head = async (key: string) => {
  const { metadata, checksum } = await driver.head({ key }, context());
  return { metadata, crc32: checksum?.value };
};
const outcomes = {
  open: await codeOf(driver, driver.open(context())),
  check: await codeOf(driver, driver.check(context())),
  read: await getText(driver, 'theirs').catch((error: unknown) => driver.classify(error).code),
  listed: await driver.listPage({ prefix: '', limit: 10 }, context()).then(
    (page) => page.entries.map(({ key }) => key),
    (error: unknown) => driver.classify(error).code,
  ),
  setMetadata: await codeOf(driver, driver.setMetadata({ key: 'theirs', ...attributesOf({ by: 'me' }) }, context())),
  head: await head('theirs').catch((error: unknown) => driver.classify(error).code),
  overwrite: await codeOf(driver, putText(driver, 'theirs', 'mine')),
  remove: await codeOf(driver, driver.remove({ key: 'theirs' }, context())),
  exists: await driver.exists({ key: 'theirs' }, context()),
};
await driver.close();
console.log(JSON.stringify(outcomes));
