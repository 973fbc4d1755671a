import { type Capabilities, defineCapabilities } from '../capabilities.ts';
import type { CopyRequest, ListRequest, ListResponse, StorageDriver } from '../driver.ts';
import { isDriverFault } from '../errors/driver-fault.ts';
import { quoteKey } from '../errors/message.ts';
import { StorageError } from '../errors/storage-error.ts';
import { checkKey } from '../keys.ts';
import { utf8Length } from '../text.ts';
import { type KeyMap, prefixMap } from './key-map.ts';
import { type Layer, present } from './layer.ts';
import { mapMultipart, mapTags, mapTiers, mapVersions } from './prefixed-members.ts';

/**
 * A view of the keys under a prefix: inside they are named without it, and nothing outside exists. `native()` stays
 * the client of the whole bucket. Throws `InvalidArgument` unless the prefix is a portable key followed by `/`.
 *
 * @example
 * const tenant = backend.with(prefixed('tenants/7/'));
 * await tenant.save('logo.png', bytes); // stored as tenants/7/logo.png
 */
export function prefixed(prefix: string): Layer {
  checkPrefix(prefix);
  const map = prefixMap(prefix);
  return (driver) => mapDriver(driver, map, narrow(driver.capabilities, prefix));
}

function mapDriver(driver: StorageDriver, map: KeyMap, capabilities: Capabilities): StorageDriver {
  const { into, outOf } = map;
  const { multipart, versions, tiers, tags } = driver;
  const copy = driver.copy?.bind(driver);
  const move = driver.move?.bind(driver);
  const removeMany = driver.removeMany?.bind(driver);
  const exists = driver.exists?.bind(driver);
  const setMetadata = driver.setMetadata?.bind(driver);
  const sign = driver.sign?.bind(driver);
  const signForm = driver.signForm?.bind(driver);

  return present<StorageDriver>({
    driverApi: driver.driverApi,
    type: driver.type,
    capabilities,
    secrets: driver.secrets,

    open: (context) => driver.open(context),
    check: (context) => driver.check(context),
    close: () => driver.close(),
    classify: (error) => driver.classify(error),
    createBucket: driver.createBucket?.bind(driver),
    state: driver.state?.bind(driver),
    native: driver.native?.bind(driver),

    exists: exists && ((request, context) => exists(into(request), context)),
    head: async (request, context) => outOf(await driver.head(into(request), context)),
    put: (request, context) => driver.put(into(request), context),
    remove: (request, context) => driver.remove(into(request), context),
    async get(request, context) {
      const response = await driver.get(into(request), context);
      return { ...response, info: outOf(response.info) };
    },
    listPage: async (request, context) => pageOutOf(await driver.listPage(listInto(request, map), context), map),

    copy: copy && ((request, context) => copy(copyInto(request, map), context)),
    move: move && ((request, context) => move(copyInto(request, map), context)),
    removeMany: removeMany && (({ keys }, context) => removeMany({ keys: keys.map(map.inner) }, context)),
    setMetadata: setMetadata && (async (request, context) => outOf(await setMetadata(into(request), context))),
    sign: sign && ((request, context) => sign(into(request), context)),
    signForm: signForm && ((request, context) => signForm(into(request), context)),

    multipart: multipart && mapMultipart(multipart, map),
    versions: versions && mapVersions(versions, map),
    tiers: tiers && mapTiers(tiers, map),
    tags: tags && mapTags(tags, map),
  });
}

function listInto(request: ListRequest, { inner }: KeyMap): ListRequest {
  const { prefix, startAfter } = request;
  return {
    ...request,
    prefix: inner(prefix),
    ...(startAfter === undefined ? {} : { startAfter: inner(startAfter) }),
  };
}

function pageOutOf(page: ListResponse, { holds, outOf, outer }: KeyMap): ListResponse {
  const entries = page.entries.filter((entry) => holds(entry.key)).map(outOf);
  return { ...page, entries, prefixes: page.prefixes.map(outer) };
}

function copyInto(request: CopyRequest, { into }: KeyMap): CopyRequest {
  const { source, sourceInfo } = request;
  return {
    ...into(request),
    source: into(source),
    ...(sourceInfo === undefined ? {} : { sourceInfo: into(sourceInfo) }),
  };
}

/** The prefix takes its bytes from what is left for keys. */
function narrow(capabilities: Capabilities, prefix: string): Capabilities {
  const maxKeyBytes = capabilities.maxKeyBytes - utf8Length(prefix);
  if (maxKeyBytes < 1) throw invalidPrefix(prefix, 'it leaves no room for keys on this backend');
  return defineCapabilities({ ...capabilities, maxKeyBytes });
}

function checkPrefix(prefix: unknown): void {
  if (typeof prefix !== 'string') throw invalidPrefix(String(prefix), 'it must be a string');
  if (!prefix.endsWith('/'))
    throw invalidPrefix(prefix, 'it must end with "/", so that two views never overlap by chance');
  try {
    checkKey(prefix.slice(0, -1), 'write', { keyGrammar: 'portable', maxKeyBytes: 1024 });
  } catch (error) {
    if (!isDriverFault(error)) throw error;
    throw invalidPrefix(prefix, `without its last "/" it must be a key: ${error.message}`);
  }
}

function invalidPrefix(prefix: string, why: string): StorageError {
  return new StorageError(`prefixed(${quoteKey(prefix)}): ${why}`, { code: 'InvalidArgument', operation: 'prefixed' });
}
