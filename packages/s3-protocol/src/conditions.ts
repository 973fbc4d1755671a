import { named, type WriteCondition } from '@storage/core/driver';
import { codeOf, statusOf } from './errors.ts';

/** The condition of a write as headers. */
export function fromCondition(condition: WriteCondition): { IfMatch?: string; IfNoneMatch?: string } {
  if (condition.ifAbsent === true) return { IfNoneMatch: '*' };
  return {
    ...(condition.ifMatch !== undefined && { IfMatch: condition.ifMatch }),
    ...(condition.ifNoneMatch !== undefined && { IfNoneMatch: condition.ifNoneMatch }),
  };
}

export function isConditional({ ifAbsent, ifMatch, ifNoneMatch }: WriteCondition): boolean {
  return ifAbsent === true || ifMatch !== undefined || ifNoneMatch !== undefined;
}

/** What a refusal means depends on what was asked for. */
export function refusal(error: unknown, condition: WriteCondition): unknown {
  if (statusOf(error) === 412 && condition.ifAbsent === true) return named(error, 'AlreadyExists');
  if (codeOf(error) === 'NoSuchKey' && condition.ifMatch !== undefined) return named(error, 'PreconditionFailed');
  return error;
}
