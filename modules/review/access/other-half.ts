import { type AccessIndex, indexStacks } from "../../access/access-index";
import { parseRequester } from "../../access/requester";
import type { StackKey, SynthesizedStack } from "../../access/synthesized-stack";
import { whoByName } from "../../access/who";
import { type Access, whoCan } from "../../access/who-can";
import type { SideIndex } from "../side-index";

/** What is known of the half that a change does not touch. */
export type OtherHalf = "not-needed" | "there" | "missing" | "unknown";

/** Whether IAM policies of the stacks let somebody use a key of another account; there may always be others. */
export function identityHalf(
  who: string,
  actions: readonly string[],
  { key, stack, side }: { readonly key: StackKey; readonly stack: SynthesizedStack; readonly side: SideIndex },
): OtherHalf {
  const meant = whoByName(who.replace(/^account /, ""));
  if (meant.kind !== "principal" && meant.kind !== "account") return "not-needed";
  if (stack.accountId === undefined || meant.accountId === stack.accountId) return "not-needed";
  const users = side.stacksOf(meant.accountId).flatMap((name) => side.stack(name) ?? []);
  if (users.length === 0) return "unknown";
  const halves = accessOf(key, stack, users).flatMap(({ who: other, actions: others, identity }) => {
    const same = other.kind === meant.kind && JSON.stringify(other) === JSON.stringify(meant);
    return same && others.some((action) => actions.includes(action)) ? [identity] : [];
  });
  return halves.some((half) => half.kind === "not-needed" || half.known.length > 0) ? "there" : "missing";
}

/** Whether the policy or a grant of a key lets somebody in who has an IAM policy for it. */
export function keyHalf(
  holder: string,
  actions: readonly string[],
  {
    key,
    stack,
    users,
  }: { readonly key: StackKey; readonly stack: SynthesizedStack; readonly users: readonly SynthesizedStack[] },
): OtherHalf {
  const requester = parseRequester(holder);
  if (requester === undefined || requester.kind === "service") return "unknown";
  if (key.policy?.understood !== true) return "unknown";
  const lets = accessOf(key, stack, users).some(({ who, actions: others }) => {
    if (!others.some((action) => actions.includes(action) || actions.some((each) => /[*?]/.test(each)))) return false;
    switch (who.kind) {
      case "principal": {
        const named = parseRequester(who.arn);
        // Attachments know a role's name and not its path.
        return (
          named?.kind === requester.kind && named.accountId === requester.accountId && named.name === requester.name
        );
      }
      case "account":
        return who.accountId === requester.accountId;
      case "everybody":
        return true;
      default:
        return false;
    }
  });
  return lets ? "there" : "missing";
}

/** Everybody who can do anything with one key, with what is known of the accounts that use it. */
function accessOf(key: StackKey, stack: SynthesizedStack, users: readonly SynthesizedStack[]): readonly Access[] {
  const owner = { ...stack, keys: [key] };
  const others = users.filter(({ name }) => name !== stack.name).map((user) => ({ ...user, keys: [] }));
  const index: AccessIndex = indexStacks([owner, ...others]);
  return index.keys.flatMap((entry) => whoCan(index, entry).access);
}
