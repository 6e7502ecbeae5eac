import type { StackAlias, SynthesizedStack } from "../access/synthesized-stack";
import { kmsLimits } from "../aws/kms-limits";
import type { Check, Violation } from "./frame/check";

/**
 * An alias is found by its name within one account and Region. The same name in other accounts is wanted: it leads each
 * account's applications to that account's own key, and across accounts a name alone leads nowhere.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/alias-about.html
 */
export const check: Check = {
  id: "alias-names",
  kind: "hygiene",
  severity: "high",
  requirement: "Every alias has a name that AWS takes, and no other alias of its account and Region has the same.",
  reason: "AWS refuses the second alias of a name in the middle of an apply, or the two stacks move it to and fro.",
  fix: "give the alias another name, in its workload or its data class",
  inStack: (stack) =>
    stack.aliases.flatMap((alias) => {
      const why = flaw(alias.name);
      return why === undefined ? [] : [violation(stack, alias, [alias.name], why)];
    }),
  inOutput: ({ index }) => {
    const holders = new Map<string, readonly [SynthesizedStack, StackAlias]>();
    return index.stacks.flatMap((stack) =>
      stack.aliases.flatMap((alias) => {
        const place = `${stack.accountId ?? stack.name} ${alias.region} ${alias.name}`;
        const holder = holders.get(place);
        if (holder === undefined) {
          holders.set(place, [stack, alias]);
          return [];
        }
        const [otherStack, other] = holder;
        const where = otherStack === stack ? other.address : `${other.address} of stack ${otherStack.name}`;
        return [
          violation(
            stack,
            alias,
            [alias.name, alias.region],
            `${where} has the same name in the same account and Region`,
          ),
        ];
      }),
    );
  },
};

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
function flaw(name: string): string | undefined {
  if (!name.startsWith("alias/")) return `its name ${name} does not begin with alias/`;
  if (name.startsWith("alias/aws/")) return `its name ${name} begins with alias/aws/, which AWS keeps for its own keys`;
  if (name.length > kmsLimits.aliasLength) {
    return `its name has ${name.length} characters, and AWS takes at most ${kmsLimits.aliasLength}: ${name}`;
  }
  if (/^alias\/[a-zA-Z0-9:/_-]+$/.test(name)) return undefined;
  return `its name ${name} has to have letters, digits and : / _ - after alias/, and nothing else`;
}

function violation(stack: SynthesizedStack, alias: StackAlias, detail: readonly string[], why: string): Violation {
  const place = { document: alias.document, path: `${alias.path}/name` };
  return { stack, address: alias.address, detail, why, place };
}
