import type { Service } from '../services/service.ts';
import type { ContenderInfo } from './contender.ts';

export function contenderOf(service: Service, id: string): ContenderInfo {
  const found = service.contenders.find((contender) => contender.id === id);
  if (found === undefined) throw new Error(`${service.id} has no contender ${id}`);
  return found;
}
