import { pattern } from '../bodies.ts';
import type { Body } from './command.ts';

/** The bytes that a body stands for. */
export function bytesOf({ size, seed }: Body): Uint8Array {
  return pattern(size, seed);
}
