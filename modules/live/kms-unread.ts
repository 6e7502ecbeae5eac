import { describeError, isSilence } from "./aws-error";
import type { Reading, Unread } from "./live-account";
import { unreadBy } from "./reading-of";

/** @param action `kms:ListKeys` */
export async function kmsReading<Value>(action: string, read: () => Promise<Value>): Promise<Reading<Value>> {
  try {
    return { value: await read() };
  } catch (error) {
    return kmsUnread(action, error);
  }
}

/** What to do about AWS KMS is more than about other services: a key's own policy has a say, and each Region is switched on. */
export function kmsUnread(action: string, error: unknown): Unread {
  const unread = unreadBy(error);
  const { name, text } = describeError(error);
  if (name === "AccessDeniedException") {
    const policies = ofNoKey.has(action)
      ? "a boundary or an organization's policy"
      : "the key's policy, a boundary or an organization's policy";
    return {
      ...unread,
      whatToDo: `let the audit role call ${action}, as rollout access-roles does; where it comes by that, look for ${policies} that keeps it from it (docs/rollouts.md#access-roles)`,
    };
  }
  if (unknownThere.has(name)) {
    return {
      ...unread,
      whatToDo:
        "switch the Region on in that account (aws account enable-region), or take it out of its regions in the map",
    };
  }
  if (expired.has(name)) return { ...unread, whatToDo: "run the command again: the role's session has ended" };
  if (isSilence(error)) {
    return {
      ...unread,
      whatToDo: "look whether this machine reaches AWS KMS in that Region, and run the command again",
    };
  }
  if (name === "SyntaxError" || name === "TypeError" || text.startsWith("AWS answered")) {
    return { ...unread, whatToDo: "look whether a proxy answers in place of AWS KMS, and run the command again" };
  }
  return unread;
}

/** Of a Region that is not switched on, AWS knows no session. */
const unknownThere: ReadonlySet<string> = new Set([
  "InvalidClientTokenId",
  "OptInRequired",
  "SubscriptionRequiredException",
  "UnrecognizedClientException",
]);
const expired: ReadonlySet<string> = new Set(["ExpiredToken", "ExpiredTokenException", "RequestExpired"]);
const ofNoKey: ReadonlySet<string> = new Set(["kms:DescribeCustomKeyStores", "kms:ListAliases", "kms:ListKeys"]);
