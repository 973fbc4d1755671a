/** Why a call of ours was given up, apart from the caller's own signal. */
export class TimeoutReason extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TimeoutError';
  }
}
