import type { MultipartMember, TagsMember, TiersMember, VersionsMember } from '../driver.ts';
import type { KeyMap } from './key-map.ts';
import { present } from './layer.ts';

export function mapMultipart(member: MultipartMember, { into, outOf, holds, inner }: KeyMap): MultipartMember {
  const listIncomplete = member.listIncomplete?.bind(member);
  return present<MultipartMember>({
    create: (request, context) => member.create(into(request), context),
    putPart: (request, context) => member.putPart(into(request), context),
    complete: (request, context) => member.complete(into(request), context),
    abort: (request, context) => member.abort(into(request), context),
    listParts: (request, context) => member.listParts(into(request), context),
    listIncomplete:
      listIncomplete &&
      (async (request, context) => {
        const { key } = request;
        const below = key === undefined ? request : { ...request, key: inner(key) };
        const page = await listIncomplete(below, context);
        return { ...page, uploads: page.uploads.filter((upload) => holds(upload.key)).map(outOf) };
      }),
  });
}

export function mapVersions(member: VersionsMember, { into, outOf }: KeyMap): VersionsMember {
  const undelete = member.undelete?.bind(member);
  return present<VersionsMember>({
    async list(request, context) {
      const page = await member.list(into(request), context);
      return { ...page, versions: page.versions.map(outOf) };
    },
    restore: (request, context) => member.restore(into(request), context),
    undelete: undelete && ((request, context) => undelete(into(request), context)),
  });
}

export function mapTiers(member: TiersMember, { into, outOf }: KeyMap): TiersMember {
  const restore = member.restore?.bind(member);
  return present<TiersMember>({
    set: async (request, context) => outOf(await member.set(into(request), context)),
    restore: restore && (async (request, context) => outOf(await restore(into(request), context))),
  });
}

export function mapTags(member: TagsMember, { into }: KeyMap): TagsMember {
  return present<TagsMember>({
    get: (request, context) => member.get(into(request), context),
    set: (request, context) => member.set(into(request), context),
  });
}
