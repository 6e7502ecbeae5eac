import type { SynthesizedStack } from "../access/synthesized-stack";
import type { Check } from "./frame/check";

/**
 * What the other checks never see. A key whose policy is missing is here as well: AWS gives it a policy of its own making,
 * which lets the whole account use the key.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export const check: Check = {
  id: "readable",
  kind: "proof",
  severity: "critical",
  requirement: "Every part of a stack that can give access is written so that it can be read exactly.",
  reason: "Nothing can be proven about what nobody understands, and a breach would hide there first.",
  fix: "write it as synthesis does, or take it out",
  inStack: (stack) =>
    [...reasonsByPath(stack)].map(([path, reasons]) => ({
      stack,
      address: addressOf(path, stack),
      detail: path === "" ? ["file"] : [path],
      why: [...reasons].join("; "),
      place: { document: stack.name, path },
    })),
};

/** One finding a place: what is inside of a policy's text has just one. */
function reasonsByPath({ unreadable }: SynthesizedStack): ReadonlyMap<string, ReadonlySet<string>> {
  const byPath = new Map<string, Set<string>>();
  for (const { path, why } of unreadable) byPath.set(path, (byPath.get(path) ?? new Set()).add(why));
  return byPath;
}

/** The resource that a pointer leads into, or whose policy it leads into. */
function addressOf(path: string, stack: SynthesizedStack): string | undefined {
  const [, part, type, id] = path.split("/");
  if (part === "resource") return id === undefined ? undefined : `${type}.${unescapePointer(id)}`;
  const documents = [
    ...[...stack.keys, ...stack.identityPolicies, ...stack.guardrails].map(({ address, policy }) => ({
      address,
      policy,
    })),
    ...[...stack.stackSets, ...stack.directStacks].map(({ address, template }) => ({ address, policy: template })),
  ];
  return documents.find(({ policy }) => policy !== undefined && `${path}/`.startsWith(`${policy.path}/`))?.address;
}

function unescapePointer(segment: string): string {
  return segment.replaceAll("~1", "/").replaceAll("~0", "~");
}
