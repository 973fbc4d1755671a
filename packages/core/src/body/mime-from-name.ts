import { lookup } from 'mrmime';

/** The media type that the extension of a name stands for; text types are UTF-8. Undefined when it is not known. */
export function mimeFromName(name: string): string | undefined {
  const dot = name.lastIndexOf('.');
  if (dot <= name.lastIndexOf('/')) return undefined;
  const type = lookup(name.slice(dot + 1));
  if (type === undefined) return undefined;
  return /^text\/|^application\/(?:json|javascript|xml)$/.test(type) ? `${type}; charset=utf-8` : type;
}
