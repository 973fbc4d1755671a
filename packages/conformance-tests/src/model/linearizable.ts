/** One call of a history of one key, and when it ran. */
export interface Step {
  readonly client: number;
  readonly call:
    | { readonly kind: 'write'; readonly value: string; readonly condition: 'none' | 'absent' }
    /** Replaces what was read before; `expected` is the value of that revision. */
    | { readonly kind: 'replace'; readonly value: string; readonly expected: string }
    | { readonly kind: 'delete' }
    | { readonly kind: 'read' };
  /** What it came to: the value that was read, `undefined` for absent; for the others, whether it was applied. */
  readonly result: { readonly read: string | undefined } | { readonly applied: boolean };
  readonly began: number;
  readonly ended: number;
}

/**
 * Whether the calls can be put into one order that agrees with their times and in which each did what it said.
 * Exhaustive, with the states that were tried remembered: for short histories.
 */
export function isLinearizable(steps: readonly Step[]): boolean {
  const tried = new Set<string>();
  return search(new Set(steps.keys()), undefined);

  function search(left: ReadonlySet<number>, state: string | undefined): boolean {
    if (left.size === 0) return true;
    const name = `${[...left].join()}:${state ?? ''}`;
    if (tried.has(name)) return false;
    tried.add(name);
    const firstEnd = Math.min(...[...left].map((index) => at(index).ended));
    return [...left].some((index) => {
      const step = at(index);
      // Something else had ended before this one began: it cannot come first.
      if (step.began > firstEnd) return false;
      const next = apply(step, state);
      return next !== refuted && search(without(left, index), next);
    });
  }

  function at(index: number): Step {
    return steps[index] as Step;
  }
}

const refuted = Symbol('the step could not have had its result here');

/** The value after a step, if the step could have had its result in this state. */
function apply({ call, result }: Step, state: string | undefined): string | undefined | typeof refuted {
  if ('read' in result) return result.read === state ? state : refuted;
  if (call.kind === 'delete') return result.applied ? undefined : refuted;
  if (call.kind === 'read') return refuted;
  const holds = call.kind === 'replace' ? state === call.expected : call.condition === 'none' || state === undefined;
  if (holds !== result.applied) return refuted;
  return result.applied ? call.value : state;
}

function without(set: ReadonlySet<number>, index: number): ReadonlySet<number> {
  const rest = new Set(set);
  rest.delete(index);
  return rest;
}
