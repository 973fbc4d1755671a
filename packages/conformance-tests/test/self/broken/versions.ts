import type { StorageDriver, VersionsMember } from '@storage/core/driver';
import { overDriver } from '@storage/core/driver';
import type { BrokenDriver } from './broken-driver.ts';

/** A driver some members of whose `versions` are replaced. */
function withVersions(
  change: (versions: VersionsMember, driver: StorageDriver) => Partial<VersionsMember>,
): (driver: StorageDriver) => StorageDriver {
  return (driver) => {
    const { versions } = driver;
    return versions === undefined
      ? driver
      : overDriver(driver, { versions: { ...versions, ...change(versions, driver) } });
  };
}

/** Drivers that break promises of versions. */
export const brokenVersions: readonly BrokenDriver[] = [
  {
    name: 'reads the current object for any version',
    caughtBy: '235',
    layer: (driver) =>
      overDriver(driver, { get: ({ versionId: _dropped, ...request }, context) => driver.get(request, context) }),
  },
  {
    name: 'lists the oldest version first',
    caughtBy: '239',
    layer: withVersions((versions) => ({
      list: async (request, context) => {
        const page = await versions.list({ ...request, limit: 1000 }, context);
        return { versions: page.versions.toReversed().slice(0, request.limit) };
      },
    })),
  },
  {
    name: 'erases the history with the object',
    caughtBy: '237',
    layer: (driver) =>
      overDriver(driver, {
        remove: async (request, context) => {
          const answer = await driver.remove(request, context);
          const page = await driver.versions?.list({ key: request.key, limit: 1000 }, context);
          for (const { versionId } of page?.versions ?? [])
            await driver.remove({ key: request.key, versionId }, context);
          return answer;
        },
      }),
  },
  {
    name: 'deletes the current object with any version',
    caughtBy: '238',
    layer: (driver) =>
      overDriver(driver, { remove: ({ versionId: _dropped, ...request }, context) => driver.remove(request, context) }),
  },
  {
    name: 'restores a version without its metadata',
    caughtBy: '240a',
    layer: withVersions((versions, driver) => ({
      restore: async (request, context) => {
        const answer = await versions.restore(request, context);
        const { contentType } = await driver.head({ key: request.key }, context);
        const info = await driver.setMetadata?.({ key: request.key, headers: { contentType }, metadata: {} }, context);
        const versionId = info?.versionId;
        return { ...answer, etag: info?.etag ?? answer.etag, ...(versionId === undefined ? {} : { versionId }) };
      },
    })),
  },
  {
    name: 'brings the oldest version back',
    caughtBy: '240d',
    layer: withVersions((versions) => ({
      undelete: async ({ key }, context) => {
        const page = await versions.list({ key, limit: 1000 }, context);
        const oldest = page.versions.findLast((version) => !version.isDeleteMarker);
        if (oldest === undefined) throw new TypeError('nothing to bring back');
        return versions.restore({ key, versionId: oldest.versionId }, context);
      },
    })),
  },
];
