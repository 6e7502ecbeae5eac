import type { CheckId } from "../../../modules/findings/check-ids";
import type { Json } from "../sample-output";
import { type Breach, hipaa, onStack, pci, resourceOf } from "./mutation";

const stack = "commercial.guardrails.pci";
const rcp = "pci_resource-control";
const scp = "pci_service-control";
const ou = "ou-ab12-31000000";
const breakGlass = "arn:aws:iam::*:role/PciKeyBreakGlass";

function guardrails(name: string, check: CheckId, edit: (json: Json) => void, where = stack, within = [stack]): Breach {
  return { name, change: onStack(stack, edit), found: { [check]: where }, within };
}

/** A statement of the zone's RCP or SCP, edited so that it holds for less. */
function weakened(name: string, policy: string, sid: string, edit: (statement: Json) => void): Breach {
  return guardrails(`guardrail ${sid}: ${name}`, "guardrails-in-place", (json) => {
    const found = json.locals[`${policy}-policy`].Statement.find((statement: Json) => statement.Sid === sid);
    if (found === undefined) throw new Error(`${policy} has no statement ${sid}`);
    edit(found);
  });
}

const paths = "ForAllValues:StringNotLike";

const statements: readonly Breach[] = [
  weakened("one more path exempt", rcp, "OnlyPrincipalsOfTheZone", ({ Condition }) => {
    Condition[paths]["aws:PrincipalOrgPaths"].push("o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-32000000/*");
  }),
  weakened("the OU above exempt", rcp, "OnlyPrincipalsOfTheZone", ({ Condition }) => {
    Condition[paths]["aws:PrincipalOrgPaths"] = ["o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/*"];
  }),
  weakened("everybody exempt by a wildcard", rcp, "OnlyPrincipalsOfTheZone", ({ Condition }) => {
    Condition[paths]["aws:PrincipalOrgPaths"] = ["*"];
  }),
  weakened("one role exempt", rcp, "OnlyPrincipalsOfTheZone", ({ Condition }) => {
    Condition.ArnNotEquals = { "aws:PrincipalArn": hipaa.role };
  }),
  weakened("a tag that exempts", rcp, "OnlyPrincipalsOfTheZone", ({ Condition }) => {
    Condition.StringNotEqualsIfExists = { "aws:PrincipalTag/exempt": "true" };
  }),
  weakened("callers without an organization exempt", rcp, "OnlyPrincipalsOfTheZone", (statement) => {
    statement.Condition["ForAnyValue:StringNotLike"] = statement.Condition[paths];
    statement.Condition[paths] = undefined;
  }),
  weakened("only if it is no service for sure", rcp, "OnlyPrincipalsOfTheZone", ({ Condition }) => {
    Condition.BoolIfExists["aws:PrincipalIsAWSService"] = "true";
  }),
  weakened("one action alone", rcp, "OnlyPrincipalsOfTheZone", (statement) => {
    statement.Action = ["kms:Encrypt"];
  }),
  weakened("no decryption", rcp, "OnlyPrincipalsOfTheZone", (statement) => {
    statement.NotAction = "kms:Decrypt";
    statement.Action = undefined;
  }),
  weakened("one key alone", rcp, "OnlyPrincipalsOfTheZone", (statement) => {
    statement.Resource = `arn:aws:kms:us-east-1:${pci.account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  }),
  weakened("all keys but those of one account", rcp, "OnlyPrincipalsOfTheZone", (statement) => {
    statement.NotResource = `arn:aws:kms:*:${pci.account}:key/*`;
    statement.Resource = undefined;
  }),
  weakened("turned into an Allow", rcp, "OnlyPrincipalsOfTheZone", (statement) => {
    statement.Effect = "Allow";
  }),
  weakened("sources without an account held, all others not", rcp, "ServicesOnlyForTheZone", ({ Condition }) => {
    Condition.Null["aws:SourceAccount"] = "true";
  }),
  weakened("one more source account exempt", rcp, "ServicesOnlyForTheZone", ({ Condition }) => {
    Condition.StringNotEquals = { "aws:SourceAccount": hipaa.account };
  }),
  weakened("one more path exempt", scp, "OnlyKeysOfTheZone", ({ Condition }) => {
    Condition[paths]["aws:ResourceOrgPaths"].push("o-a1b2c3d4e5/*");
  }),
  weakened("grants left out", scp, "OnlyKeysOfTheZone", (statement) => {
    statement.Action = statement.Action.filter((action: string) => action !== "kms:CreateGrant");
  }),
  weakened("one more role exempt", scp, "OnlyBreakGlassDestroys", ({ Condition }) => {
    Condition.ArnNotLike["aws:PrincipalArn"].push("arn:aws:iam::*:role/PciKeyAdministrator");
  }),
  weakened("every role exempt whose name begins so", scp, "OnlyBreakGlassDestroys", ({ Condition }) => {
    Condition.ArnNotLike["aws:PrincipalArn"] = [`${breakGlass}*`];
  }),
  weakened("deletion left out", scp, "OnlyBreakGlassDestroys", (statement) => {
    statement.Action = ["kms:DisableKey"];
  }),
  weakened("every role exempt", scp, "OnlyDeployAndBreakGlassRewrite", ({ Condition }) => {
    Condition.ArnNotLike["aws:PrincipalArn"].push("arn:aws:iam::*:role/*");
  }),
  weakened("one Region more", scp, "KeysOnlyInTheZonesRegions", ({ Condition }) => {
    Condition.StringNotEquals["aws:RequestedRegion"].push("eu-west-1");
  }),
  weakened("every Region that begins so", scp, "ReplicasOnlyInTheZonesRegions", ({ Condition }) => {
    Condition.StringNotLike = { "kms:ReplicaRegion": ["us-*", "eu-*"] };
    Condition.StringNotEquals = undefined;
  }),
  guardrails("a guardrail's statement removed", "guardrails-in-place", (json) => {
    json.locals[`${rcp}-policy`].Statement.shift();
  }),
];

const attached: readonly Breach[] = [
  guardrails("a guardrail detached", "guardrails-in-place", (json) => {
    json.resource.aws_organizations_policy_attachment[`${rcp}_${ou}`] = undefined;
  }),
  guardrails("all guardrails removed", "guardrails-in-place", (json) => {
    json.resource = {};
  }),
  {
    name: "a zone's whole guardrail stack removed",
    change: (sample) => sample.without(stack),
    found: { "guardrails-in-place": "pci" },
    within: [stack, "pci", "commercial"],
  },
  guardrails("a guardrail on an OU below alone", "guardrails-in-place", (json) => {
    resourceOf(json, "aws_organizations_policy_attachment", `${rcp}_${ou}`).target_id = "ou-ab12-31200000";
  }),
  guardrails("a guardrail on one account alone", "guardrails-in-place", (json) => {
    resourceOf(json, "aws_organizations_policy_attachment", `${rcp}_${ou}`).target_id = pci.account;
  }),
  guardrails("a guardrail on the OU above, with another zone in it", "zone-guardrails", (json) => {
    resourceOf(json, "aws_organizations_policy_attachment", `${rcp}_${ou}`).target_id = "ou-ab12-30000000";
  }),
  guardrails("a guardrail on another zone's OU", "zone-guardrails", (json) => {
    resourceOf(json, "aws_organizations_policy_attachment", `${rcp}_${ou}`).target_id = "ou-ab12-32000000";
  }),
  guardrails("a guardrail on the root", "zone-guardrails", (json) => {
    resourceOf(json, "aws_organizations_policy_attachment", `${rcp}_${ou}`).target_id = "r-ab12";
  }),
  guardrails("a guardrail on another zone's account as well", "zone-guardrails", (json) => {
    json.resource.aws_organizations_policy_attachment.extra = {
      ...structuredClone(resourceOf(json, "aws_organizations_policy_attachment", `${scp}_${ou}`)),
      target_id: hipaa.account,
    };
  }),
  guardrails("a target in other letters", "guardrails-in-place", (json) => {
    resourceOf(json, "aws_organizations_policy_attachment", `${rcp}_${ou}`).target_id = ou.toUpperCase();
  }),
  guardrails("an RCP that becomes an SCP", "guardrails-in-place", (json) => {
    resourceOf(json, "aws_organizations_policy", rcp).type = "SERVICE_CONTROL_POLICY";
  }),
  guardrails("an RCP that becomes a tag policy", "readable", (json) => {
    resourceOf(json, "aws_organizations_policy", rcp).type = "TAG_POLICY";
  }),
  guardrails("a guardrail whose changes are ignored", "readable", (json) => {
    resourceOf(json, "aws_organizations_policy", rcp).lifecycle = { ignore_changes: ["content"] };
  }),
  guardrails("an attachment whose changes are ignored", "readable", (json) => {
    resourceOf(json, "aws_organizations_policy_attachment", `${rcp}_${ou}`).lifecycle = {
      ignore_changes: ["target_id"],
    };
  }),
  guardrails(
    "another zone's name on the stack",
    "zone-guardrails",
    (json) => {
      json["//"].orgkeys.zone = "hipaa";
    },
    stack,
    ["commercial.guardrails"],
  ),
  guardrails("a zone's name that the map does not have", "zone-guardrails", (json) => {
    json["//"].orgkeys.zone = "pcl";
  }),
  guardrails(
    "a member account instead of the management account",
    "zone-guardrails",
    (json) => {
      json["//"].orgkeys.accountId = pci.account;
      for (const aws of json.provider.aws) {
        aws.allowed_account_ids = [pci.account];
        aws.assume_role[0].role_arn = `arn:aws:iam::${pci.account}:role/OrgKeysDeploy`;
      }
    },
    "",
  ),
  guardrails(
    "a key among guardrails",
    "zone-guardrails",
    (json) => {
      json.resource.aws_kms_key = { extra: { provider: "aws.us-east-1", policy: "{}", description: "x" } };
    },
    "",
  ),
  guardrails(
    "another zone's guardrail state",
    "zone-state",
    (json) => {
      json.terraform.backend.local.path = "../../../state/100000000001-guardrails-hipaa.tfstate";
    },
    stack,
    ["commercial.guardrails"],
  ),
  guardrails("a guardrail stack in the state of the account's own stack", "zone-state", (json) => {
    json.terraform.backend.local.path = "../../../state/100000000001.tfstate";
  }),
  guardrails("a foreign deploy role for the guardrails", "zone-deploy-role", (json) => {
    json.provider.aws[0].assume_role[0].role_arn = "arn:aws:iam::100000000001:role/Admin";
  }),
];

const instances = {
  stack_set_name: "${aws_cloudformation_stack_set.extra.name}",
  provider: "aws.us-east-1",
  regions: ["us-east-1"],
};

/** Where a StackSet goes, and what it brings there. */
function rollout(name: string, more: Json, found: Breach["found"], stackSet: Json = {}): Breach {
  const where = "commercial.security.security-tooling";
  return {
    name: `a rollout ${name}`,
    change: onStack(where, (json) => {
      const { provider } = Object.values<Json>(json.resource.aws_iam_policy)[0];
      json.resource.aws_cloudformation_stack_set = {
        extra: {
          name: "extra",
          provider,
          permission_model: "SERVICE_MANAGED",
          template_body: '{"Resources":{}}',
          ...stackSet,
        },
      };
      json.resource.aws_cloudformation_stack_instances = { extra: { ...instances, provider, ...more } };
    }),
    found,
    within: ["security-tooling", where],
  };
}

function toOus(...ids: string[]): Json {
  return { deployment_targets: [{ organizational_unit_ids: ids }] };
}

const at = "aws_cloudformation_stack_set.extra";
const rollouts: readonly Breach[] = [
  rollout("to another zone's OU", toOus("ou-ab12-31000000"), { "zone-rollouts": at }),
  rollout("to an own OU and another zone's", toOus("ou-ab12-20000000", "ou-ab12-32000000"), { "zone-rollouts": at }),
  rollout("to an OU that contains another zone's", toOus("ou-ab12-30000000"), { "zone-rollouts": at }),
  rollout("to the organization's root", toOus("r-ab12"), { "zone-rollouts": at }),
  rollout("to an OU that nobody knows", toOus("ou-ab12-77777777"), { "zone-rollouts": at }),
  rollout("to an OU below another zone's", toOus("ou-ab12-31200000"), { "zone-rollouts": at }),
  rollout("to another zone's account", { accounts: [hipaa.account] }, { "zone-rollouts": at }),
  rollout(
    "to another zone's account beside an own OU",
    {
      deployment_targets: [
        { organizational_unit_ids: ["ou-ab12-20000000"], accounts: [hipaa.account], account_filter_type: "UNION" },
      ],
    },
    { "zone-rollouts": at },
  ),
  rollout(
    "to all accounts of an OU but one",
    {
      deployment_targets: [
        { organizational_unit_ids: ["ou-ab12-30000000"], accounts: [hipaa.account], account_filter_type: "DIFFERENCE" },
      ],
    },
    { "zone-rollouts": at },
  ),
  rollout(
    "to accounts that a file names",
    { deployment_targets: [{ accounts_url: "https://example.com/accounts.txt" }] },
    { readable: "accounts_url" },
  ),
  rollout(
    "to a Region outside the zone",
    { ...toOus("ou-ab12-20000000"), regions: ["ap-south-1"] },
    { "zone-regions": at },
  ),
  rollout("to whom an expression says", toOus("${local.ou}"), { readable: "organizational_unit_ids" }),
  rollout(
    "to nobody that can be read",
    { stack_set_name: "extra", ...toOus("ou-ab12-31000000") },
    { readable: "stack_set_name" },
  ),
  rollout("with a command beside it", { ...toOus("ou-ab12-20000000"), count: 2 }, { readable: "count" }),
  rollout(
    "with a template from elsewhere",
    toOus("ou-ab12-20000000"),
    { readable: "template_url" },
    {
      template_body: undefined,
      template_url: "https://example.com/template.json",
    },
  ),
];

export const guardrailBreaches: readonly Breach[] = [...statements, ...attached, ...rollouts];
