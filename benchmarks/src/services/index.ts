import { azure } from './azure.ts';
import { local } from './local.ts';
import { s3 } from './s3.ts';
import type { Service } from './service.ts';

export const services: readonly Service[] = [s3, azure, local];

export function serviceOf(id: string): Service {
  const found = services.find((service) => service.id === id);
  if (found === undefined) throw new Error(`there is no service ${id}`);
  return found;
}
