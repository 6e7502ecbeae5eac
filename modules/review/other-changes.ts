import { isFields } from "../access/stack-reading";
import { policyChangeText } from "../continuity/stack-json/document-changes";
import type { StackDifference } from "../continuity/stack-json/stack-differences";
import type { Severity } from "../findings/finding";
import { changeIn, linesAt } from "./compared-change";
import { type ComparedChange, explained } from "./comparer";
import { resourceTypeOf } from "./key-identity";
import type { ReviewContext } from "./review-context";
import { remaining, type StackPair } from "./stack-pair";
import { stackWords } from "./stack-words";
import { becomesWords } from "./words";

/** Whatever differs in the JSON and nobody has told: unknown is never the same meaning. */
export function otherChanges(
  pair: StackPair,
  told: readonly ComparedChange[],
  context: ReviewContext,
): ComparedChange[] {
  const names = new Set(told.flatMap(({ explains }) => explains));
  return pair.differences
    .filter(({ address, argument }) => !names.has(address) && !names.has(explained(address, argument)))
    .map((difference) => otherChange(difference, pair, context));
}

function otherChange(difference: StackDifference, pair: StackPair, context: ReviewContext): ComparedChange {
  const { address, argument, beforePath, afterPath } = difference;
  const { risk, what } = meaning(difference, pair);
  const paths = [...new Set([beforePath, afterPath].filter((path) => path !== undefined))];
  return {
    ...changeIn(
      pair,
      {
        id: "other-changed",
        risk,
        ...(isResource(address) ? { address } : {}),
        detail: explained(address, argument),
        resource: isResource(address) ? address : stackWords(remaining(pair)),
        what,
        whatToDo: risk === "high" ? "read the difference: nothing here can tell what it does" : "",
        explains: [explained(address, argument)],
      },
      context,
    ),
    lines: linesAt(pair, paths),
  };
}

interface Meaning {
  readonly risk: Severity;
  readonly what: string;
}

/** Arguments that hold a policy, of whose access nothing was told. */
const policies: ReadonlySet<string> = new Set(["policy", "content"]);

function meaning(difference: StackDifference, pair: StackPair): Meaning {
  const { address, argument, before, after } = difference;
  const [part = ""] = address.split(".");
  const name = address.slice(part.length + 1);
  const how = before === undefined ? "is added" : after === undefined ? "is removed" : "is another";
  if (
    argument !== undefined &&
    policies.has(argument) &&
    isDocument(before) &&
    isDocument(after) &&
    isUnderstood(address, pair)
  ) {
    return {
      risk: "low",
      what: `has its policy written otherwise, and nobody gains or loses by it: ${policyChangeText(before, after)}`,
    };
  }
  if (argument === "depends_on") return { risk: "information", what: "is worked on in another order" };
  if (argument !== undefined) return { risk: "high", what: `is another: ${becomesWords(argument, before, after)}` };
  switch (part) {
    case "output":
      return { risk: "information", what: `output ${name} ${how}` };
    case "data":
      return { risk: "information", what: `lookup ${name} ${how}` };
    case "provider":
      return { risk: "information", what: `works in one Region ${before === undefined ? "more" : "less"}: ${name}` };
    case "terraform":
      return name.startsWith("required_")
        ? { risk: "medium", what: `asks for other versions: ${becomesWords(name, before, after)}` }
        : { risk: "high", what: `is another to Terraform: ${becomesWords(address, before, after)}` };
    case "import":
      return after === undefined
        ? { risk: "information", what: `no longer takes over ${name}, which it has by then` }
        : { risk: "medium", what: `takes over ${name}, which Terraform passes over where it has that already` };
    case "removed":
      return after === undefined
        ? { risk: "medium", what: `is no longer told to let go of ${name}: that has to have been applied` }
        : { risk: "high", what: `lets go of ${name}` };
    default:
      return { risk: "high", what: `${address} ${how}` };
  }
}

function isDocument(value: unknown): boolean {
  return isFields(value) && "document" in value;
}

/** Whether both sides have a policy there that was compared: of any other nobody knows who gains. */
function isUnderstood(address: string, { before, after }: StackPair): boolean {
  return [before, after].every((stack) =>
    [stack?.keys, stack?.identityPolicies, stack?.guardrails].some(
      (list) => list?.some((each) => each.address === address && each.policy?.understood === true) === true,
    ),
  );
}

/** The address of a resource, and not of another part of the JSON. */
function isResource(address: string): boolean {
  return resourceTypeOf(address).startsWith("aws_") && !address.startsWith("data.");
}
