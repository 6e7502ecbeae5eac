import { statementDetail } from "../access/statement-detail";
import type { StackDirectStack, StackStackSet, SynthesizedStack } from "../access/synthesized-stack";
import type { TemplateKey, TemplateResource } from "../access/template-instance";
import { KnownToAws } from "../access/template-values";
import { whoIsMeant } from "../access/who";
import { accountRootArn } from "../aws/arn";
import { check as administratorsNeverUse } from "./administrators-never-use";
import { check as breakGlassDestroys } from "./break-glass-destroys";
import {
  foundOnce,
  instanceKeys,
  type RolloutInstance,
  resourceAddress,
  rolloutInstances,
} from "./evidence/rollout-instances";
import { surelyAllowed } from "./evidence/statement-reach";
import { templateKeySettings } from "./evidence/template-key-settings";
import type { Check, CheckedKey, Violation } from "./frame/check";
import { check as namedPrincipals } from "./named-principals";

/**
 * Keys that a template makes live in the stack of each account: what CloudFormation does when it, or the account's place, goes is
 * theirs as well.
 */
export const check: Check = {
  id: "rollout-keys",
  kind: "hygiene",
  severity: "critical",
  requirement:
    "Every key of a rollout's template outlives its stack, rotates, has a deletion window, and a policy that every account takes and nobody is locked out of.",
  reason: "One edit of a template deletes or disables the keys of every account of an OU at once.",
  fix: "write the key as the template baseline-keys does",
  inStack: (stack, output) => {
    const instances = rolloutInstances(stack, output);
    const withKeys = new Set(instances.filter(({ instance }) => instance.keys.length > 0).map(({ source }) => source));
    return [
      ...stack.stackSets.flatMap((stackSet) => losable(stack, stackSet, withKeys.has(stackSet))),
      ...stack.directStacks.flatMap((direct) => destroyable(stack, direct)),
      ...foundOnce(
        stack,
        instances.flatMap((rollout) => [
          ...rollout.instance.keys.flatMap((key) => templateKeySettings(rollout, key)),
          ...instanceKeys(rollout).flatMap((key) => ofPolicy(rollout, key)),
          ...rollout.instance.aliases.flatMap((alias) => astray(rollout, alias)),
        ]),
      ),
    ];
  },
};

/** What the provider or CloudFormation deletes without a word of the template. */
function losable(stack: SynthesizedStack, stackSet: StackStackSet, hasKeys: boolean): Violation[] {
  const { address, autoDeployment, instances } = stackSet;
  const at = (
    of: StackStackSet | StackStackSet["instances"][number],
    detail: string,
    why: string,
    fix: string,
  ): Violation => ({
    stack,
    address: of.address,
    detail: [detail],
    why,
    fix,
    place: { document: of.document, path: of.path },
  });
  const fight = `${address} has ${instances.length} resources of instances, and each takes those of the others for its own and deletes them`;
  const none = "has no instances: it goes nowhere by any plan, and wherever somebody sends it by hand";
  return [
    ...(instances.length === 0
      ? [{ ...at(stackSet, "instances", none, "give it its instances, or delete it"), severity: "medium" as const }]
      : []),
    ...[stackSet, ...instances].flatMap((each) => (each.preventsDestroy ? [] : [noPreventDestroy(stack, each)])),
    ...(instances.length > 1
      ? [at(stackSet, "instances", fight, "keep one resource of instances for each StackSet")]
      : []),
    ...(hasKeys && autoDeployment?.enabled === true && !autoDeployment.retains
      ? [
          at(
            stackSet,
            "retain_stacks_on_account_removal",
            "lets CloudFormation delete the stack, with its aliases and all that is not retained, of an account that moves",
            "set auto_deployment.retain_stacks_on_account_removal to true",
          ),
        ]
      : []),
    ...instances
      .filter(({ retains }) => hasKeys && !retains)
      .map((each) =>
        at(each, "retain_stacks", "deletes the stacks of keys when a target goes", "set retain_stacks to true"),
      ),
  ];
}

function destroyable(stack: SynthesizedStack, direct: StackDirectStack): Violation[] {
  return direct.preventsDestroy ? [] : [noPreventDestroy(stack, direct)];
}

function noPreventDestroy(
  stack: SynthesizedStack,
  { address, document, path }: Pick<StackDirectStack, "address" | "document" | "path">,
): Violation {
  return {
    stack,
    address,
    detail: ["lifecycle.prevent_destroy"],
    why: "Terraform may destroy it, and with it what it made in every account",
    place: { document, path },
    fix: "set lifecycle.prevent_destroy to true",
    severity: "high",
  };
}

const dutiesOfKeys: readonly Check[] = [administratorsNeverUse, breakGlassDestroys, namedPrincipals];

function ofPolicy(rollout: RolloutInstance, key: CheckedKey & { readonly resource: TemplateKey }): Violation[] {
  const { entry } = key;
  // That it is missing is `rollout-templates`' finding.
  if (entry.key.policy === undefined) return [];
  return [
    ...dutiesOfKeys.flatMap((check) =>
      (check.inKey?.(key, rollout.output) ?? []).map((violation) => ({
        severity: check.severity,
        fix: check.fix,
        ...violation,
      })),
    ),
    ...mayNotExist(rollout, key),
    ...lockedOut(rollout, key),
  ];
}

/** AWS KMS refuses the policy of a new account that names a role which is not there yet, and the stack fails. */
function mayNotExist({ stack }: RolloutInstance, { entry }: CheckedKey): Violation[] {
  const statements = entry.key.policy?.statements ?? [];
  return statements.flatMap((statement) =>
    whoIsMeant(statement.principal).flatMap(({ who }): Violation[] => {
      if (who.kind !== "principal") return [];
      return [
        {
          stack,
          address: entry.key.address,
          detail: [statementDetail(statement, statements), `Principal ${who.arn}`],
          why: `names ${who.arn} as Principal, which an account of tomorrow does not have: AWS KMS refuses the policy`,
          place: statement,
          fix: "name the account's root, with a condition on aws:PrincipalArn",
        },
      ];
    }),
  );
}

function lockedOut({ stack, zone, output }: RolloutInstance, { entry }: CheckedKey): Violation[] {
  const root = accountRootArn(zone.partition, entry.accountId);
  if (surelyAllowed(root, entry, output.index, ["kms:PutKeyPolicy"]).length > 0) return [];
  return [
    {
      stack,
      address: entry.key.address,
      detail: ["lockout"],
      why: "does not surely let the account's root do PutKeyPolicy, and there is nobody else who could mend the policy",
      place: entry.key.policy,
    },
  ];
}

/** An alias of AWS's own is refused, and one that leads elsewhere gives the users of the account's key another one. */
function astray(rollout: RolloutInstance, alias: TemplateResource): Violation[] {
  const { AliasName: name, TargetKeyId: target } = alias.properties;
  const at = (detail: string, why: string): Violation => ({
    stack: rollout.stack,
    address: resourceAddress(rollout, alias),
    detail: [detail],
    why,
    place: { document: alias.document, path: alias.path },
  });
  // One that cannot be read is `rollout-templates`' finding.
  const named = typeof name !== "string" || /^alias\/(?!aws\/)[\w/:-]+$/.test(name);
  const leads =
    target instanceof KnownToAws &&
    [undefined, "Arn", "KeyId"].includes(target.attribute) &&
    rollout.instance.keys.some(({ logicalId }) => logicalId === target.logicalId);
  return [
    ...(named ? [] : [at("AliasName", `is called ${name}, which AWS KMS does not take`)]),
    ...(leads ? [] : [at("TargetKeyId", "leads to what is no key of the same template")]),
  ];
}
