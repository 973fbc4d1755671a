import { statusOf } from '../errors.ts';

/** What a condition or a limit is refused with. A denial or a failure of the service says nothing of either. */
const refusals = new Set([304, 400, 404, 405, 409, 411, 412, 413, 416, 501]);

/** Status with which a request was refused; `undefined`: it was done. Rejects with any other failure. */
export async function refusalOf(request: Promise<unknown>): Promise<number | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    const status = statusOf(error);
    if (status === undefined || !refusals.has(status)) throw error;
    return status;
  }
}

export async function isDone(request: Promise<unknown>): Promise<boolean> {
  return (await refusalOf(request)) === undefined;
}

/** Largest number from `low`, which is accepted, to `high` that is accepted too. */
export async function largest(
  low: number,
  high: number,
  accepts: (value: number) => Promise<boolean>,
): Promise<number> {
  let known = low;
  let limit = high + 1;
  while (limit - known > 1) {
    const middle = Math.floor((known + limit) / 2);
    if (await accepts(middle)) known = middle;
    else limit = middle;
  }
  return known;
}
