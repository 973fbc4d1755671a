import { type Capabilities, defineCapabilities } from '../../src/capabilities.ts';
import type { StorageDriver } from '../../src/driver.ts';
import { memoryCapabilities } from '../../src/memory/capabilities.ts';

/** What a stub was asked: the member's path and its arguments. */
export type Asked = readonly [member: string, ...args: readonly unknown[]];

/** Capabilities that claim every member that a driver can have. */
export const everything: Capabilities = defineCapabilities({
  ...memoryCapabilities,
  sign: {
    methods: ['GET', 'HEAD', 'PUT', 'DELETE'],
    maxExpiresIn: 60,
    bindsContentType: true,
    bindsContentLength: true,
    bindsChecksum: true,
    bindsIfAbsent: true,
    responseHeaders: true,
    uploadForm: true,
  },
});

const nested = {
  multipart: ['create', 'putPart', 'complete', 'abort', 'listParts', 'listIncomplete'],
  versions: ['list', 'restore', 'undelete'],
  tiers: ['set', 'restore'],
  tags: ['get', 'set'],
} as const;

const flat = [
  'open',
  'check',
  'exists',
  'head',
  'get',
  'put',
  'remove',
  'listPage',
  'close',
  'createBucket',
  'state',
  'native',
  'copy',
  'move',
  'removeMany',
  'setMetadata',
  'sign',
  'signForm',
] as const;

/** A driver with every member; each notes what it was asked, insists on its `this`, and resolves with `answer`. */
export function stub(
  asked: Asked[],
  answer: unknown,
  capabilities: Capabilities = everything,
): Required<StorageDriver> {
  function membersOf(names: readonly string[], path = ''): Record<string, unknown> {
    const members: Record<string, unknown> = {};
    for (const name of names) {
      members[name] = async function (this: unknown, ...args: unknown[]) {
        if (this !== members) throw new TypeError(`${path}${name} lost its this`);
        asked.push([`${path}${name}`, ...args]);
        return Promise.resolve(answer);
      };
    }
    return members;
  }
  const driver = membersOf(flat);
  for (const [name, names] of Object.entries(nested)) driver[name] = membersOf(names, `${name}.`);
  const classify = (): unknown => ({ code: 'Conflict', retryable: 'safe' });
  Object.assign(driver, { driverApi: 1, type: 'stub', capabilities, secrets: ['s3cret'], classify });
  return driver as unknown as Required<StorageDriver>;
}

/** Paths of all members, `versions.undelete` and the like. */
export const memberPaths: readonly string[] = [
  ...flat,
  ...Object.entries(nested).flatMap(([name, names]) => names.map((member) => `${name}.${member}`)),
];

/** The member at a path, bound to what it belongs to; undefined when it is not there. */
export function memberAt(driver: StorageDriver, path: string): ((...args: unknown[]) => Promise<unknown>) | undefined {
  const [first = '', second] = path.split('.');
  const outer = driver as unknown as Record<string, unknown>;
  const owner = second === undefined ? outer : (outer[first] as Record<string, unknown> | undefined);
  const member = owner?.[second ?? first] as ((...args: unknown[]) => Promise<unknown>) | undefined;
  return member?.bind(owner);
}
