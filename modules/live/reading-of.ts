import { describeError, isSilence, messageOf } from "./aws-error";
import type { Reading, Unread } from "./live-account";

/** Whatever is thrown on the way to an answer makes it an answer that nobody has. */
export async function readingOf<Value>(read: () => Promise<Value>): Promise<Reading<Value>> {
  try {
    return { value: await read() };
  } catch (error) {
    return unreadBy(error);
  }
}

/** @returns undefined for what AWS has no more: it was listed, and has been deleted since */
export async function readingUnlessGone<Value>(
  isGone: (error: unknown) => boolean,
  read: () => Promise<Value>,
): Promise<Reading<Value> | undefined> {
  try {
    return { value: await read() };
  } catch (error) {
    return isGone(error) ? undefined : unreadBy(error);
  }
}

export function unreadBy(error: unknown): Unread {
  const { name, text } = describeError(error);
  return { unread: messageOf(error), whatToDo: isSilence(error) ? whenSilent : whatToDoAbout(name, text) };
}

/** @throws Error for what AWS leaves out of an answer */
export function known<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`AWS answered with ${what}`);
  return value;
}

/** IAM and CloudFormation leave out the last word of these names, and some services have one of their own. */
const refusals: ReadonlySet<string> = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "AuthorizationError",
  "UnauthorizedOperation",
]);
const tooMany = /^(Throttl|TooManyRequests|RequestLimitExceeded|LimitExceeded|SlowDown)/;

const whenSilent = "look whether this machine reaches AWS there, and run the command again";

function whatToDoAbout(name: string, text: string): string {
  if (refusals.has(name)) {
    return "let the audit role do so, as rollout access-roles does; where it comes by that, look for a boundary or an organization's policy that denies it (docs/rollouts.md#access-roles)";
  }
  if (/delegated admin/i.test(text)) {
    return "register the account as a delegated administrator of StackSets again (docs/rollouts.md)";
  }
  if (tooMany.test(name)) return "run the command again later, or with a smaller --calls";
  return "mend what it says, and run the command again";
}
