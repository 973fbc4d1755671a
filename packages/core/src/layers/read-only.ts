import { type Capabilities, defineCapabilities, type SignCapability } from '../capabilities.ts';
import type { StorageDriver } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { forward, type Layer, present, type Total } from './layer.ts';

/**
 * A view that reads everything and changes nothing. Members that write are gone with their capabilities, and so is
 * `native()`; what every driver has to have, and the writing half of versions and tags, rejects `Unsupported`.
 *
 * @example
 * const view = backend.with(readOnly());
 * await view.save('a.txt', 'hello'); // rejects Unsupported
 */
export function readOnly(): Layer {
  return (driver) => present<StorageDriver>(readable(driver));
}

function readable(driver: StorageDriver): Total<StorageDriver> {
  const { driverApi, type, secrets, open, check, exists, head, get, listPage, close, classify, state, sign } =
    forward(driver);
  const { versions, tags } = driver;
  const capabilities = withoutWrites(driver.capabilities);
  return {
    driverApi,
    type,
    capabilities,
    secrets,
    open,
    check,
    exists,
    head,
    get,
    listPage,
    close,
    classify,
    state,
    sign: capabilities.sign === false ? undefined : sign,
    versions: versions && { list: versions.list.bind(versions), restore: refuse },
    tags: tags && { get: tags.get.bind(tags), set: refuse },

    put: refuse,
    remove: refuse,
    createBucket: undefined,
    native: undefined,
    multipart: undefined,
    copy: undefined,
    move: undefined,
    removeMany: undefined,
    setMetadata: undefined,
    signForm: undefined,
    tiers: undefined,
  };
}

async function refuse(): Promise<never> {
  throw new DriverFault('Unsupported', 'this view is read-only');
}

function withoutWrites(capabilities: Capabilities): Capabilities {
  return defineCapabilities({
    ...capabilities,
    ifAbsentPut: false,
    ifMatchPut: false,
    ifNoneMatchPut: false,
    ifAbsentCopy: false,
    ifMatchCopy: false,
    sourceIfMatchCopy: false,
    ifMatchDelete: false,
    mustExistDelete: false,
    ifMatchMetadata: false,
    multipart: false,
    batchDelete: false,
    copy: false,
    atomicMove: false,
    setMetadata: false,
    sign: capabilities.sign && readsOf(capabilities.sign),
    undelete: false,
    tiers: false,
    archiveTiers: false,
  });
}

function readsOf(sign: SignCapability): SignCapability | false {
  const methods = sign.methods.filter((method) => method === 'GET' || method === 'HEAD');
  if (methods.length === 0) return false;
  return {
    ...sign,
    methods,
    bindsContentType: false,
    bindsContentLength: false,
    bindsChecksum: false,
    bindsIfAbsent: false,
    uploadForm: false,
  };
}
