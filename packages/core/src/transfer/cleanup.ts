import type { Call } from '../call.ts';
import type { IncompleteUpload, MultipartMember } from '../driver.ts';
import { checkDuration } from '../duration.ts';
import { DriverFault } from '../errors/driver-fault.ts';

/** What `cleanup` removes. */
export interface CleanupRequest {
  /** Milliseconds, or `'1h'`, `'7d'`. */
  readonly olderThan: number | string;
  readonly key?: string;
}

/** What `cleanup` resolves to. */
export interface CleanupResult {
  /** Unfinished uploads whose parts were freed. */
  readonly removed: number;
}

/** Frees the parts of uploads that were begun long ago and never finished; younger ones may be at work. */
export async function cleanup(call: Call, { olderThan, key }: CleanupRequest): Promise<CleanupResult> {
  const age = checkDuration('olderThan', olderThan);
  if (age === undefined) throw new DriverFault('InvalidArgument', 'olderThan is missing: how old an upload must be');
  const list = requireListing(call, key);
  const before = Date.now() - age;

  // Listed to the end first: removing changes what later pages hold.
  const old: IncompleteUpload[] = [];
  let cursor: string | undefined;
  do {
    const request = { ...(key === undefined ? {} : { key }), ...(cursor === undefined ? {} : { cursor }) };
    const page = await call.request({ effect: 'read', run: (context) => list(request, context) });
    old.push(...page.uploads.filter(({ startedAt }) => startedAt.getTime() <= before));
    cursor = page.cursor;
  } while (cursor !== undefined);

  for (const upload of old) await abort(call, upload);
  return { removed: old.length };
}

async function abort(call: Call, { key, uploadId }: IncompleteUpload): Promise<void> {
  await call.request({
    effect: 'read',
    run: async (context) => call.driver.multipart?.abort({ key, uploadId }, context),
  });
}

function requireListing(call: Call, key: string | undefined): NonNullable<MultipartMember['listIncomplete']> {
  const { multipart } = call.driver;
  const claim = call.capabilities.multipart;
  if (claim === false || claim.listIncomplete === false || multipart?.listIncomplete === undefined) {
    throw new DriverFault('Unsupported', 'this service does not list unfinished uploads', {
      hint: 'resume an upload by its token and abort it, or wait until the service drops it',
    });
  }
  if (claim.listIncomplete === 'by-key' && key === undefined) {
    throw new DriverFault('Unsupported', 'this service lists unfinished uploads of one key at a time', {
      hint: 'pass the option key',
    });
  }
  return multipart.listIncomplete.bind(multipart);
}
