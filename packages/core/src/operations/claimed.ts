/** The answer of a member that the driver claims to have: `claimed(driver.copy?.(…), 'copy')`. A missing one is its defect. */
export function claimed<T>(answer: T | undefined, member: string): T {
  if (answer === undefined) throw new TypeError(`the driver claims a capability but has no member ${member}`);
  return answer;
}
