import { checkOneOf } from '../check.ts';

const kinds = ['default', 'none'] as const;

/** Whether checksums go along with the bytes. */
export function checkIntegrity(value: unknown): 'default' | 'none' {
  return checkOneOf('integrity', value, kinds) ?? 'default';
}
