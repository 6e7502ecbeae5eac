import { describe, expect, test } from "@jest/globals";
import type { Continuity } from "../../modules/continuity/compare-outputs";
import { refusalText } from "../../modules/continuity/refusal";
import { leaveOutAccounts } from "../../modules/rollouts/leave-out-accounts";
import type { PlannedStackSet, RolloutPlans } from "../../modules/rollouts/rollout-plan";
import type { TemplateDocument } from "../../modules/rollouts/template";
import type { Json } from "../checks/sample-output";
import {
  accountOf,
  corporateRollouts,
  editDirect,
  editStackSet,
  editZone,
  keysDocument,
  replicasDocument,
  templateOf,
  withRollouts,
} from "../stacks/rollout-plans";
import { planOf } from "../stacks/small-organization";
import { compare, editedSources, type Texts, textsOf, smallPlan as whole } from "./compare-small";

/** Without the stacks that none of this is about. */
const smallPlan = { ...whole, accounts: [], guardrails: [] };

const plans = corporateRollouts(smallPlan.map);
const keys = "corporate_baseline-keys";
const roles = "corporate_access-roles_prod";
const at = `corporate aws_cloudformation_stack_set.${keys}`;
const rollouts = "acme.rollouts.corporate";
const before = textsFor(plans);

function textsFor(edited: RolloutPlans): Texts {
  return textsOf(withRollouts(smallPlan, edited));
}
function compared(after: RolloutPlans, was: Texts = before, keepOthers = false): Continuity {
  const loaded = withRollouts(smallPlan, after);
  return compare(was, loaded, textsOf(loaded), keepOthers);
}
const refused = (after: RolloutPlans, was?: Texts) =>
  compared(after, was).refusals.map(({ id, where }) => `${id} ${where}`);
const told = (after: RolloutPlans, was?: Texts) => {
  const { refusals, findings } = compared(after, was);
  expect(refusals).toEqual([]);
  return findings.map(({ severity, id, where, why }) => `${severity} ${id} ${where}: ${why}`);
};
const onStackSet = (id: string, change: Partial<PlannedStackSet>) => editStackSet(plans, id, change);
/** The StackSet of keys with its template edited. */
function onTemplate(
  change: (document: Json) => void,
  id = keys,
  original: TemplateDocument = keysDocument,
): RolloutPlans {
  const document: Json = structuredClone(original);
  change(document);
  return onStackSet(id, { template: templateOf(document) });
}
/** The stack's JSON, edited as a hand would. */
function edited(change: (json: Json) => void, texts: Texts = before): Texts {
  const json: Json = JSON.parse(texts.get(rollouts) ?? "");
  change(json);
  return new Map([...texts, [rollouts, JSON.stringify(json)]]);
}

test("the same rollouts lose nothing, and new ones neither", () => {
  expect(compared(plans)).toEqual({ refusals: [], findings: [] });
  expect(compared(plans, textsFor({ zones: [], direct: [] }))).toEqual({ refusals: [], findings: [] });
});

test("one more account, OU or Region is nothing to tell", () => {
  const more = { reaches: smallPlan.map.accounts.filter(({ zone }) => zone === "corporate") };
  expect(told(onStackSet(keys, more))).toEqual([]);
  expect(
    told(
      onStackSet(keys, {
        targets: { ous: ["ou-ab12-10000000", "ou-ab12-20000000", "ou-ab12-40000000"], filter: "NONE", accounts: [] },
      }),
    ),
  ).toEqual([]);
  expect(told(onStackSet(keys, { regions: ["us-east-1", "us-west-2"] }))).toEqual([]);
});

describe("a key of a template", () => {
  const key = "AccountDefaultKey";
  const alias = "AccountDefaultAlias";

  test.each<[name: string, change: (document: Json) => void, refusals: string[]]>([
    [
      "that vanishes with its alias",
      ({ Resources }) => {
        delete Resources[key];
        delete Resources[alias];
        Resources.Topic = { Type: "AWS::SNS::Topic" };
      },
      [`template-key-vanishes ${at} ${alias}`, `template-key-vanishes ${at} ${key}`],
    ],
    [
      "that gets another logical id",
      ({ Resources }) => {
        Resources.Renamed = Resources[key];
        delete Resources[key];
      },
      [`template-key-vanishes ${at} ${key}`],
    ],
    [
      "that becomes something else",
      ({ Resources }) => Object.assign(Resources[key], { Type: "AWS::SNS::Topic" }),
      [`template-key-vanishes ${at} ${key}`],
    ],
    [
      "that becomes a replica",
      ({ Resources }) => Object.assign(Resources[key], { Type: "AWS::KMS::ReplicaKey" }),
      [`template-key-replaced ${at} ${key}`],
    ],
    ...Object.entries({ KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY", Origin: "EXTERNAL", MultiRegion: false }).map(
      ([property, value]): [string, (document: Json) => void, string[]] => [
        `of another ${property}`,
        ({ Resources }) => Object.assign(Resources[key].Properties, { [property]: value }),
        [`template-key-replaced ${at} ${key}`],
      ],
    ),
    [
      "with its alias under another name",
      ({ Resources }) => Object.assign(Resources[alias].Properties, { AliasName: "alias/other" }),
      [`template-key-replaced ${at} ${alias}`],
    ],
    [
      "with its alias on another key",
      ({ Resources }) => {
        Resources.Other = Resources[key];
        Resources[alias].Properties.TargetKeyId = { Ref: "Other" };
      },
      [`template-key-replaced ${at} ${alias}`],
    ],
    [
      "without DeletionPolicy",
      ({ Resources }) => delete Resources[key].DeletionPolicy,
      [`template-key-unretained ${at} ${key}`],
    ],
    [
      "with another UpdateReplacePolicy",
      ({ Resources }) => Object.assign(Resources[key], { UpdateReplacePolicy: "Delete" }),
      [`template-key-unretained ${at} ${key}`],
    ],
    [
      "under a condition",
      (document) => {
        document.Conditions = { Home: { "Fn::Equals": [{ Ref: "AWS::Region" }, "us-east-1"] } };
        document.Resources[key].Condition = "Home";
      },
      [`template-key-vanishes ${at} ${key}`],
    ],
  ])("%s is refused", (_name, change, refusals) => {
    expect(refused(onTemplate(change)).sort()).toEqual(refusals);
  });

  test.each<[name: string, change: (document: Json) => void]>([
    [
      "what CloudFormation takes when nothing is said",
      ({ Resources }) =>
        Object.assign(Resources[key].Properties, {
          KeySpec: "SYMMETRIC_DEFAULT",
          KeyUsage: "ENCRYPT_DECRYPT",
          Origin: "AWS_KMS",
        }),
    ],
    [
      "another policy, rotation or description",
      ({ Resources }) =>
        Object.assign(Resources[key].Properties, { Description: "x", RotationPeriodInDays: 180, KeyPolicy: {} }),
    ],
    [
      "RetainExceptOnCreate",
      ({ Resources }) => Object.assign(Resources[key], { DeletionPolicy: "RetainExceptOnCreate" }),
    ],
    ["a key beside it", ({ Resources }) => Object.assign(Resources, { Other: Resources[key] })],
  ])("with %s is the same", (_name, change) => {
    expect(told(onTemplate(change))).toEqual([]);
  });

  test("that replicates another primary is refused", () => {
    const replicas = `${keys}_replicas`;
    const after = onTemplate(
      ({ Resources }) =>
        Object.assign(Resources.AccountDefaultReplica.Properties, { PrimaryKeyArn: "{{resolve:ssm:x}}" }),
      replicas,
      replicasDocument,
    );
    expect(refused(after)).toEqual([`template-key-replaced ${at}_replicas AccountDefaultReplica`]);
  });

  test("is the same under the condition it had, with accounts left out and without", () => {
    const isHome = { "Fn::Equals": [{ Ref: "AWS::Region" }, "us-east-1"] };
    const leftOut = { "Fn::Not": [{ "Fn::Equals": [{ Ref: "AWS::AccountId" }, "220000000002"] }] };
    const conditional = (conditions: Json, name: string) =>
      onTemplate((document) => {
        document.Conditions = conditions;
        for (const resource of Object.values<Json>(document.Resources)) resource.Condition = name;
      });
    const home = textsFor(conditional({ Home: isHome }, "Home"));
    const both = { "Fn::And": [{ Condition: "OrgkeysIncluded" }, { Condition: "Home" }] };
    expect(told(conditional({ Home: isHome, OrgkeysIncluded: leftOut, Both: both }, "Both"), home)).toEqual([]);
    expect(told(conditional({ OrgkeysIncluded: leftOut }, "OrgkeysIncluded"))).toEqual([]);
    expect(refused(conditional({ Home: leftOut }, "Home"), home)).toHaveLength(2);
  });

  test("says what would become of it, and what to write instead", () => {
    const [vanished] = compared(
      onTemplate(({ Resources }) => {
        Resources.Renamed = Resources[key];
        delete Resources[key];
      }),
    ).refusals;
    expect(vanished && refusalText(vanished)).toEqual([
      `critical  template-key-vanishes  ${at} ${key}`,
      "    the key would be left behind in each account, in no template and no check: the template has it as Renamed, which CloudFormation takes for another one",
      "    was in the map at rollouts.yaml corporate.templates.baseline-keys",
      "    -> put back the data class that asks for it, as it was, in data-classes.yaml; a data class under a new name is another one; a new key goes beside it (docs/continuity.md#rollouts)",
    ]);
  });

  test("with fewer days between its deletion and its end is told", () => {
    const shorter = onTemplate(({ Resources }) => Object.assign(Resources[key].Properties, { PendingWindowInDays: 7 }));
    expect(told(shorter)).toEqual([
      `medium deletion-window-shortened ${at} ${key}: would have 7 instead of 30 days between its deletion and its end`,
    ]);
  });

  test("of a direct stack is held in the same way", () => {
    const after = editDirect(plans, ({ stacks }) => ({
      stacks: stacks.map((each) => ({ ...each, template: templateOf({ Resources: {} }) })),
    }));
    const stack = "corporate aws_cloudformation_stack.corporate_baseline-keys_us-east-1";
    expect(refused(after).sort()).toEqual([
      `template-key-vanishes ${stack} ${alias}`,
      `template-key-vanishes ${stack} ${key}`,
    ]);
  });
});

describe("a StackSet", () => {
  const without = (id: string) =>
    editZone(plans, ({ stackSets }) => ({ stackSets: stackSets.filter((each) => each.id !== id) }));

  test("that vanishes is refused, with the way out", () => {
    const { refusals } = compared(without(roles));
    expect(refusals.map(({ id, where }) => `${id} ${where}`)).toEqual([
      `rollout-vanishes corporate aws_cloudformation_stack_set.${roles}`,
    ]);
    expect(refusals[0]).toMatchObject({
      why: "StackSet orgkeys-corporate-access-roles-prod would be deleted with its instances, and what they made in each account with them",
      lines: [`terraform state rm aws_cloudformation_stack_instances.${roles} aws_cloudformation_stack_set.${roles}`],
    });
  });

  test("that goes from one id to another is refused, and says where it would be", () => {
    const moved = editZone(plans, ({ stackSets }) => ({
      stackSets: stackSets.map((each) => (each.id === roles ? { ...each, id: "corporate_access-roles_late" } : each)),
    }));
    expect(compared(moved).refusals.map(({ why }) => why)).toEqual([
      "StackSet orgkeys-corporate-access-roles-prod would be deleted with its instances, and what they made in each account with them, to be made anew as aws_cloudformation_stack_set.corporate_access-roles_late",
    ]);
  });

  test("whose zone has no rollouts any more is refused, and so is a direct stack", () => {
    const left = "would be left behind in AWS, in no plan and no check";
    expect(compared({ zones: [], direct: [] }).refusals.map(({ id, where, why }) => [id, where, why])).toEqual([
      [
        "rollout-vanishes",
        "corporate stack acme.rollouts.corporate",
        expect.stringContaining(`orgkeys-corporate-baseline-keys-replicas ${left}; accounts that join`),
      ],
      [
        "rollout-vanishes",
        "corporate stack acme.rollouts.corporate.management",
        expect.stringMatching(new RegExp(`${left}$`)),
      ],
    ]);
  });

  test("that loses its instances alone is refused", () => {
    const after = edited((json) => delete json.resource.aws_cloudformation_stack_instances[roles]);
    expect(compare(before, withRollouts(smallPlan, plans), after).refusals.map(({ id }) => id)).toEqual([
      "rollout-replaced",
    ]);
  });

  test.each<[name: string, change: (json: Json) => void]>([
    ["name", (json) => Object.assign(json.resource.aws_cloudformation_stack_set[keys], { name: "other" })],
    [
      "account_filter_type",
      (json) =>
        Object.assign(json.resource.aws_cloudformation_stack_instances[keys].deployment_targets, {
          account_filter_type: "INTERSECTION",
        }),
    ],
    [
      "call_as",
      (json) => Object.assign(json.resource.aws_cloudformation_stack_set[keys], { call_as: "DELEGATED_ADMIN" }),
    ],
    [
      "Region",
      (json) => {
        json.provider.aws.push({ ...json.provider.aws[0], alias: "us-west-2", region: "us-west-2" });
        json.resource.aws_cloudformation_stack_set[keys].provider = "aws.us-west-2";
      },
    ],
  ])("of another %s is another one, and refused", (name, change) => {
    const { refusals } = compare(before, withRollouts(smallPlan, plans), edited(change));
    expect(refusals.map(({ id, where }) => `${id} ${where}`)).toEqual([`rollout-replaced ${at}`]);
    expect(refusals[0]?.why).toContain(`: ${name} `);
  });

  test("that another account would keep is refused, also when other zones stay as they are", () => {
    const administrator = accountOf(smallPlan.map, "keys");
    const after = editZone(plans, () => ({ administrator, callAs: "DELEGATED_ADMIN" }));
    for (const keepOthers of [false, true]) {
      expect(compared(after, before, keepOthers).refusals).toMatchObject([
        {
          id: "administrator-changed",
          why: expect.stringContaining(
            "account management (000000000001) keeps the zone's StackSets, and account keys (100000000001) would",
          ),
        },
      ]);
    }
  });

  test("that would no longer retain its keys is refused; one without keys may", () => {
    expect(refused(onStackSet(keys, { retain: false }))).toEqual([`retention-ends ${at}`]);
    const automatic = edited((json) => {
      const { auto_deployment } = json.resource.aws_cloudformation_stack_set[keys];
      auto_deployment.retain_stacks_on_account_removal = false;
    });
    const { refusals } = compare(before, withRollouts(smallPlan, plans), automatic);
    expect(refusals.map(({ id, where }) => `${id} ${where}`)).toEqual([`retention-ends ${at}`]);
    const retained = textsFor(onStackSet(roles, { retain: true }));
    expect(told(plans, retained)).toEqual([]);
  });

  test.each<[name: string, change: Partial<PlannedStackSet>, kinds: string | undefined]>([
    [
      "OUs and Regions",
      { regions: ["us-west-2"], targets: { ous: ["ou-ab12-10000000"], filter: "NONE", accounts: [] } },
      "OUs and Regions",
    ],
    ["OUs", { targets: { ous: ["ou-ab12-10000000"], filter: "NONE", accounts: [] } }, undefined],
    ["Regions", { regions: ["us-west-2"] }, undefined],
    ["the order of Regions", { regions: ["us-west-2", "us-east-1"] }, undefined],
  ])("whose %s change in one step", (_name, change, kinds) => {
    const { refusals } = compared(onStackSet(keys, change));
    expect(refusals.map(({ id }) => id)).toEqual(kinds === undefined ? [] : ["targets-at-once"]);
    if (kinds !== undefined) expect(refusals[0]?.why).toMatch(new RegExp(`^${kinds} would change in one step`));
  });

  test("whose accounts change with its Regions is refused as well", () => {
    const alone = (accounts: string[], regions: string[]) =>
      onStackSet(keys, {
        autoDeployment: false,
        regions,
        targets: { ous: ["r-ab12"], filter: "INTERSECTION", accounts },
      });
    const was = textsFor(alone(["210000000001"], ["us-east-1"]));
    expect(refused(alone(["210000000001", "220000000001"], ["us-west-2"]), was)).toEqual([`targets-at-once ${at}`]);
    expect(refused(alone(["210000000001", "220000000001"], ["us-east-1"]), was)).toEqual([]);
  });

  test.each<[name: string, change: (json: Json) => void, reason: string]>([
    [
      "template in YAML",
      (json) => Object.assign(json.resource.aws_cloudformation_stack_set[keys], { template_body: "Resources: {}" }),
      "its template has no Resources",
    ],
    [
      "template elsewhere",
      (json) =>
        Object.assign(json.resource.aws_cloudformation_stack_set[keys], {
          template_body: undefined,
          template_url: "https://x",
        }),
      "its template has no Resources",
    ],
    [
      "template with a transform",
      (json) => Object.assign(json.locals[`${keys}-template`], { Transform: "AWS::LanguageExtensions" }),
      "has a Transform",
    ],
    [
      "resource without a type",
      (json) => Object.assign(json.locals[`${keys}-template`].Resources, { Odd: {} }),
      "resource Odd of its template has no Type",
    ],
    [
      "instances twice",
      (json) =>
        Object.assign(json.resource.aws_cloudformation_stack_instances, {
          more: json.resource.aws_cloudformation_stack_instances[keys],
        }),
      "has its instances twice",
    ],
    [
      "instances of no StackSet",
      (json) => Object.assign(json.resource.aws_cloudformation_stack_instances[keys], { stack_set_name: "x" }),
      "names no StackSet of the stack",
    ],
    [
      "no Regions",
      (json) => Object.assign(json.resource.aws_cloudformation_stack_instances[keys], { regions: [] }),
      "are no lists of texts",
    ],
    [
      "StackSets in a list",
      (json) =>
        Object.assign(json.resource, { aws_cloudformation_stack_set: [json.resource.aws_cloudformation_stack_set] }),
      "aws_cloudformation_stack_set is no object",
    ],
  ])("that nobody can read is refused: %s", (_name, change, reason) => {
    const { refusals } = compared(plans, edited(change));
    expect(refusals.map(({ id, why }) => [id, why])).toContainEqual([
      "previous-unreadable",
      expect.stringContaining(reason),
    ]);
  });

  test("is left alone when only others are selected", () => {
    const others = new Map([...before].filter(([name]) => name !== rollouts));
    expect(compare(before, withRollouts(smallPlan, plans), others, true).refusals).toEqual([]);
  });
});

describe("who loses a rollout is told", () => {
  const only = (...names: string[]) => names.map((name) => accountOf(smallPlan.map, name));
  const security = { ous: ["ou-ab12-10000000"], filter: "NONE", accounts: [] } as const;

  test("with what stays and belongs to the account", () => {
    expect(told(onStackSet(keys, { targets: security, reaches: only("keys") }))).toEqual([
      `high rollout-shrinks ${at}: would no longer go to OU ou-ab12-20000000, account shop-prod (210000000001), account shop-test (220000000001): its stacks stay there, in no StackSet any more, and belong to each account alone, as do their keys AccountDefaultKey`,
    ]);
  });

  test("with what is deleted", () => {
    expect(told(onStackSet(roles, { targets: security, reaches: only("keys") }))).toEqual([
      `high rollout-shrinks corporate aws_cloudformation_stack_set.${roles}: would no longer go to OU ou-ab12-21000000, account shop-prod (210000000001): what it made there is deleted (DeployRole)`,
    ]);
  });

  test("with a Region, without an account", () => {
    const was = textsFor(onStackSet(keys, { regions: ["us-east-1", "us-west-2"] }));
    expect(told(plans, was)).toEqual([
      expect.stringContaining(`${at}: would no longer go to Region us-west-2: its stacks stay`),
    ]);
  });

  test("but nothing of an account that is suspended", () => {
    const accounts = smallPlan.map.accounts.map((each) =>
      each.name === "shop-test" ? { ...each, status: "suspended" as const } : each,
    );
    const after = withRollouts(smallPlan, onStackSet(keys, { reaches: only("keys", "shop-prod") }));
    const loaded = { ...after, map: { ...after.map, accounts } };
    expect(compare(before, loaded).findings).toEqual([]);
  });

  test("with an account that the template leaves out", () => {
    const leavingOut = (...accountIds: string[]) => {
      const { document } = leaveOutAccounts(templateOf(keysDocument), accountIds);
      return onStackSet(keys, { template: templateOf(document), reaches: only("keys", "shop-prod") });
    };
    const another = textsFor(
      onStackSet(keys, { template: leaveOutAccounts(templateOf(keysDocument), ["220000000009"]) }),
    );
    const left = [
      `high rollout-excludes ${at} shop-test: account shop-test (220000000001) would be left out: AccountDefaultAlias is deleted there, and AccountDefaultKey stays and belongs to the account alone`,
    ];
    expect(told(leavingOut("220000000001"))).toEqual(left);
    expect(told(leavingOut("220000000001", "220000000009"), another)).toEqual(left);
    const many = Array.from({ length: 110 }, (_, index) => `3${String(index).padStart(11, "0")}`);
    expect(told(leavingOut(...many, "220000000001"))).toEqual(left);
  });

  test("with an account that the template leaves out no longer, where it makes aliases that stay", () => {
    const retained: Json = structuredClone(keysDocument);
    Object.assign(retained.Resources.AccountDefaultAlias, { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
    const all = only("keys", "shop-prod", "shop-test");
    const leftOut = (document: TemplateDocument, reaches = only("keys", "shop-prod")) =>
      onStackSet(keys, { template: leaveOutAccounts(templateOf(document), ["220000000001", "220000000009"]), reaches });
    const letIn = (document: TemplateDocument) =>
      onStackSet(keys, { template: leaveOutAccounts(templateOf(document), ["220000000009"]), reaches: all });
    expect(compared(letIn(retained), textsFor(leftOut(retained)))).toEqual({
      refusals: [],
      findings: [
        {
          id: "rollout-lets-in",
          severity: "medium",
          where: `${at} shop-test`,
          why: "account shop-test (220000000001) would no longer be left out: where it has kept keys from before, their aliases are there (alias/default-account-default), and its instance fails on them",
          whatToDo:
            "look for them in each Region (aws kms list-aliases); where there are any, put shop-test back into excludeAccounts of corporate.baseline-keys, or have an administrator of those keys delete the aliases first: the account then gets new keys beside those that it has, whose data stays under them (docs/rollouts.md#leaving-accounts-out)",
        },
      ],
    });
    expect(told(letIn(keysDocument), textsFor(leftOut(keysDocument)))).toEqual([]);
    expect(told(leftOut(retained), textsFor(letIn(retained)))).toEqual([
      `high rollout-excludes ${at} shop-test: account shop-test (220000000001) would be left out, and AccountDefaultAlias, AccountDefaultKey stay and belong to the account alone`,
    ]);
  });

  test("with an account that goes to another StackSet of its rollout, and keeps its keys", () => {
    const [original] = plans.zones[0]?.stackSets.filter(({ id }) => id === keys) ?? [];
    if (original === undefined) throw new Error("there is no StackSet of keys");
    const late: PlannedStackSet = {
      ...original,
      id: `${keys}_late`,
      name: `${original.name}-late`,
      reaches: only("shop-test"),
    };
    const after = editZone(onStackSet(keys, { reaches: only("keys", "shop-prod") }), ({ stackSets }) => ({
      stackSets: [...stackSets, late],
    }));
    const { findings, refusals } = compared(after);
    expect(refusals).toEqual([]);
    expect(findings).toEqual([
      {
        id: "account-changes-stack-set",
        severity: "high",
        where: `${at} shop-test`,
        why: "account shop-test (220000000001) would go from StackSet orgkeys-corporate-baseline-keys to orgkeys-corporate-baseline-keys-late: its stack StackSet-orgkeys-corporate-baseline-keys-… stays and belongs to the account alone, with its keys AccountDefaultKey, no StackSet can take it over, and the instance of orgkeys-corporate-baseline-keys-late fails on names that are there (alias/default-account-default)",
        whatToDo:
          "put shop-test into excludeAccounts of corporate.baseline-keys: what it has goes on as it is, and belongs to the account (docs/continuity.md#rollouts)",
      },
    ]);
  });

  test("with an account that goes from one OU of a StackSet to another, although no StackSet changes", () => {
    const path = "organizations/acme.yaml";
    const moved = planOf(
      editedSources(
        [path, 'accounts: {shop-prod: "210000000001"}', "accounts: {}"],
        [
          path,
          'accounts: {keys: "100000000001"}',
          'environment: prod\n    accounts: {keys: "100000000001", shop-prod: "210000000001"}',
        ],
      ),
    );
    const output = (loaded: typeof whole, edit = (rollouts: RolloutPlans) => rollouts) => {
      const rolledOut = withRollouts(loaded, edit(corporateRollouts(loaded.map)));
      return [rolledOut, textsOf(rolledOut)] as const;
    };
    const [, was] = output(whole);
    const [loaded, is] = output(moved);
    expect(is.get(rollouts)).toBe(was.get(rollouts));
    const told = compare(was, loaded, is).findings.filter(({ id }) => id === "account-changes-target");
    expect(told.map(({ severity, where, why, whatToDo }) => [severity, where, why, whatToDo])).toEqual([
      [
        "high",
        "corporate aws_cloudformation_stack_set.corporate_access-roles_prod shop-prod",
        "account shop-prod (210000000001) goes from OU ou-ab12-21000000 to OU ou-ab12-10000000, which StackSet orgkeys-corporate-access-roles-prod both goes to: for CloudFormation it leaves and joins. Expect that what it made there is deleted before it is made anew, and a role that is made anew is not the one that key policies name",
        expect.stringContaining("have an administrator of its keys put their policies again"),
      ],
      [
        "high",
        `${at} shop-prod`,
        "account shop-prod (210000000001) goes from OU ou-ab12-20000000 to OU ou-ab12-10000000, which StackSet orgkeys-corporate-baseline-keys both goes to: for CloudFormation it leaves and joins. Expect that its stack StackSet-orgkeys-corporate-baseline-keys-… stays and belongs to the account alone, and the new instance fails on names that are there (alias/default-account-default)",
        expect.stringContaining("put shop-prod into excludeAccounts of corporate.baseline-keys before it moves"),
      ],
      [
        "high",
        `${at}_replicas shop-prod`,
        expect.stringContaining("which StackSet orgkeys-corporate-baseline-keys-replicas both goes to"),
        expect.stringContaining("put shop-prod into excludeAccounts of corporate.baseline-keys before it moves"),
      ],
    ]);
    const named = (of: RolloutPlans): RolloutPlans =>
      editStackSet(of, keys, {
        targets: { ous: ["ou-ab12-10000000", "ou-ab12-20000000"], filter: "INTERSECTION", accounts: ["210000000001"] },
      });
    const [, wasNamed] = output(whole, named);
    const [loadedNamed, isNamed] = output(moved, named);
    expect(compare(wasNamed, loadedNamed, isNamed).findings.filter(({ where }) => where === `${at} shop-prod`)).toEqual(
      [],
    );
  });

  test("with an account that another template reaches now, which takes nothing over", () => {
    const after = editStackSet(onStackSet(keys, { reaches: only("keys", "shop-prod") }), roles, {
      reaches: only("keys", "shop-prod", "shop-test"),
    });
    expect(told(after)).toEqual([
      expect.stringContaining(`rollout-shrinks ${at}: would no longer go to account shop-test`),
    ]);
  });

  test("with an account that goes from wave to wave, and has nothing in between", () => {
    const test = "corporate_access-roles_test";
    const after = editStackSet(onStackSet(test, { reaches: [] }), roles, {
      reaches: only("keys", "shop-prod", "shop-test"),
    });
    expect(told(after)).toEqual([
      `high account-changes-stack-set corporate aws_cloudformation_stack_set.${test} shop-test: account shop-test (220000000001) would go from StackSet orgkeys-corporate-access-roles-test to orgkeys-corporate-access-roles-prod: what the one made is deleted there before the other makes it anew, and a role that is made anew is not the one that key policies name`,
    ]);
  });
});
