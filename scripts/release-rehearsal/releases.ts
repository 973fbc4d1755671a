import { publishedPackages } from '../workspace.ts';

/** One release: which changesets it begins with, and what must come of it. */
export interface Release {
  readonly step: string;
  /** `changeset pre …`, before the versions are made. */
  readonly pre?: readonly ['enter', string] | readonly ['exit'];
  /** Kind of change by package. */
  readonly changes: Readonly<Record<string, 'patch' | 'minor' | 'major'>>;
  /** Names of the packages that must be published, and no others. */
  readonly publishes: readonly string[];
  /** The tag that then leads to them. */
  readonly tag: string;
  /** Part of the rehearsal in CI. */
  readonly short?: true;
}

const all = publishedPackages().map(({ manifest }) => manifest);
const names = all.map(({ name }) => name);

const core = '@storage/core';
const azure = '@storage/backend-azure-blob';
const s3Protocol = '@storage/s3-protocol';

/** Packages that name another one in a range that its next release leaves: those that pin it. */
const pinning = all.filter(({ dependencies }) => dependencies?.[s3Protocol] === 'workspace:*').map(({ name }) => name);

/** The releases of a rehearsal, in order: each begins where the one before ended. `docs/releasing.md` explains them. */
export const releases: readonly Release[] = [
  { step: 'first release', changes: {}, publishes: names, tag: 'latest', short: true },
  { step: `patch in ${azure}`, changes: { [azure]: 'patch' }, publishes: [azure], tag: 'latest', short: true },
  { step: `minor in ${core}`, changes: { [core]: 'minor' }, publishes: [core], tag: 'latest' },
  {
    step: `patch in ${s3Protocol}`,
    changes: { [s3Protocol]: 'patch' },
    publishes: [s3Protocol, ...pinning],
    tag: 'latest',
  },
  // A range such as ^1.1.0 takes no 1.2.0-next.0, so whoever depends on core follows.
  {
    step: `prerelease of ${core}`,
    pre: ['enter', 'next'],
    changes: { [core]: 'minor' },
    publishes: names,
    tag: 'next',
  },
  { step: 'end of the prerelease', pre: ['exit'], changes: {}, publishes: names, tag: 'latest' },
];
