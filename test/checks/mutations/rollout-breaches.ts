import type { CheckId } from "../../../modules/findings/check-ids";
import { directStack, rolloutStack } from "../rollouts/rollout-output";
import type { Json } from "../sample-output";
import { type Breach, onStack } from "./mutation";

const roles = "pci_access-roles";
const keys = "pci_baseline-keys";
const replicas = "pci_baseline-keys_replicas";
const bus = "pci_key-events_bus";
const events = "pci_key-events";

function breach(name: string, check: CheckId, edit: (json: Json) => void, where: string): Breach {
  return {
    name: `rollout: ${name}`,
    change: onStack(rolloutStack, edit),
    found: { [check]: `${rolloutStack} ${where}` },
    within: [rolloutStack],
  };
}

/** An edit of the template of a StackSet. */
function inTemplate(name: string, check: CheckId, id: string, edit: (template: Json) => void, where = ""): Breach {
  const at = `aws_cloudformation_stack_set.${id}${where === "" ? "" : ` ${where}`}`;
  return breach(name, check, (json) => edit(json.locals[`${id}-template`]), at);
}

function onResource(
  name: string,
  check: CheckId,
  id: string,
  logicalId: string,
  edit: (resource: Json, template: Json) => void,
): Breach {
  return inTemplate(
    name,
    check,
    id,
    (template) => edit(template.Resources[logicalId], template),
    `Resources.${logicalId}`,
  );
}

const onKey = (name: string, edit: (properties: Json, resource: Json) => void): Breach =>
  onResource(`key: ${name}`, "rollout-keys", keys, "AccountDefault", (key) => edit(key.Properties, key));

/** A statement like a hand would add to the key's policy. */
const allowed = (name: string, Principal: Json, more: Json = {}): Breach =>
  onResource(`key policy: ${name}`, "rollout-access", keys, "AccountDefault", ({ Properties }) => {
    Properties.KeyPolicy.Statement.push({
      Sid: "Extra",
      Effect: "Allow",
      Principal,
      Action: "kms:Decrypt",
      Resource: "*",
      ...more,
    });
  });

const stranger = "arn:aws:iam::999999999999:root";
const hipaa = "arn:aws:iam::320000000002:root";
const ownRoot = { AWS: { "Fn::Sub": "arn:aws:iam::$${AWS::AccountId}:root" } };

const onKeys: readonly Breach[] = [
  allowed("another zone's account", { AWS: hipaa }),
  allowed("an account that nobody knows", { AWS: stranger }),
  allowed("everybody", "*"),
  allowed(
    "everybody of the organization",
    { AWS: "*" },
    { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } } },
  ),
  allowed("an AWS service that acts for anybody", { Service: "sns.amazonaws.com" }),
  onResource(
    "key policy: a stranger where a condition is false",
    "rollout-access",
    keys,
    "AccountDefault",
    ({ Properties }, template) => {
      template.Conditions = { IsHome: { "Fn::Equals": [{ Ref: "AWS::AccountId" }, "310000000002"] } };
      Properties.KeyPolicy.Statement.push({
        Effect: "Allow",
        Principal: { AWS: { "Fn::If": ["IsHome", ownRoot.AWS, stranger] } },
        Action: "kms:Decrypt",
        Resource: "*",
      });
    },
  ),
  onResource(
    "key policy: a stranger in one account alone",
    "rollout-access",
    keys,
    "AccountDefault",
    ({ Properties }, template) => {
      template.Conditions = { IsPayments: { "Fn::Equals": ["310000000002", { Ref: "AWS::AccountId" }] } };
      Properties.KeyPolicy.Statement.push({
        "Fn::If": [
          "IsPayments",
          { Effect: "Allow", Principal: { AWS: stranger }, Action: "kms:*", Resource: "*" },
          { Ref: "AWS::NoValue" },
        ],
      });
    },
  ),
  onResource(
    "key policy: a stranger in one account whose id is put together",
    "rollout-access",
    keys,
    "AccountDefault",
    ({ Properties }, template) => {
      const joined = { "Fn::Join": ["", ["310000", "000002"]] };
      template.Conditions = { IsPayments: { "Fn::Equals": [{ Ref: "AWS::AccountId" }, joined] } };
      Properties.KeyPolicy.Statement[0].Principal = { AWS: { "Fn::If": ["IsPayments", stranger, ownRoot.AWS] } };
    },
  ),
  onResource(
    "key policy: a stranger by a parameter",
    "rollout-access",
    keys,
    "AccountDefault",
    ({ Properties }, template) => {
      template.Parameters = { Partner: { Type: "String", Default: stranger } };
      Properties.KeyPolicy.Statement[0].Principal.AWS.push({ Ref: "Partner" });
    },
  ),
  onResource(
    "key policy: a stranger by parts of a text",
    "rollout-access",
    keys,
    "AccountDefault",
    ({ Properties }) => {
      Properties.KeyPolicy.Statement[0].Principal.AWS.push({
        "Fn::Join": [":", ["arn:aws:iam:", "320000000002", "root"]],
      });
    },
  ),
  onResource("key policy: replication to everywhere", "rollout-access", keys, "AccountDefault", ({ Properties }) => {
    delete Properties.KeyPolicy.Statement[3].Condition.StringEquals;
  }),
  onResource(
    "key policy: replication out of the zone's Regions",
    "rollout-access",
    keys,
    "AccountDefault",
    ({ Properties }) => {
      Properties.KeyPolicy.Statement[3].Condition.StringEquals["kms:ReplicaRegion"].push("eu-west-1");
    },
  ),
  onResource("key policy: somebody manages", "rollout-access", keys, "AccountDefault", ({ Properties }) => {
    const AWS = { "Fn::Sub": "arn:aws:iam::$${AWS::AccountId}:role/somebody" };
    Properties.KeyPolicy.Statement.push({
      Effect: "Allow",
      Principal: { AWS },
      Action: "kms:PutKeyPolicy",
      Resource: "*",
    });
  }),
  onResource(
    "replica's policy: another zone's account",
    "rollout-access",
    replicas,
    "AccountDefault",
    ({ Properties }) => {
      Properties.KeyPolicy.Statement[1].Principal.AWS.push(hipaa);
    },
  ),
  onResource("replica of somebody else's key", "rollout-access", replicas, "AccountDefault", ({ Properties }) => {
    Properties.PrimaryKeyArn = "arn:aws:kms:us-east-1:320000000002:key/mrk-1";
  }),
  onResource(
    "replica of what another account's secret says",
    "rollout-access",
    replicas,
    "AccountDefault",
    ({ Properties }) => {
      Properties.PrimaryKeyArn =
        "{{resolve:secretsmanager:arn:aws:secretsmanager:us-west-2:320000000002:secret:keys:SecretString:x}}";
    },
  ),
  onResource("pointer copied out of the zone's Regions", "rollout-access", keys, "Pointer", ({ Properties }) => {
    Properties.ReplicaRegions.push({ Region: "eu-west-1" });
  }),
];

const losingKeys: readonly Breach[] = [
  onKey("deleted with its stack", (_, key) => {
    delete key.DeletionPolicy;
  }),
  onKey("deleted when it is replaced", (_, key) => {
    key.UpdateReplacePolicy = "Delete";
  }),
  onKey("deleted when its first stack fails", (_, key) => {
    key.DeletionPolicy = "RetainExceptOnCreate";
  }),
  onKey("no rotation", (key) => {
    key.EnableKeyRotation = false;
  }),
  onKey("nothing said of rotation", (key) => {
    delete key.EnableKeyRotation;
  }),
  onKey("rotates too rarely", (key) => {
    key.RotationPeriodInDays = 2560;
  }),
  onKey("no deletion window", (key) => {
    delete key.PendingWindowInDays;
  }),
  onKey("deletion window below the floor", (key) => {
    key.PendingWindowInDays = 7;
  }),
  onKey("disabled everywhere", (key) => {
    key.Enabled = "false";
  }),
  onKey("nobody checks for a lockout", (key) => {
    key.BypassPolicyLockoutSafetyCheck = true;
  }),
  onKey("waits for material", (key) => {
    key.Origin = "EXTERNAL";
  }),
  onKey("root locked out of the policy", ({ KeyPolicy }) => {
    const [first] = KeyPolicy.Statement;
    first.Action = first.Action.filter((action: string) => action !== "kms:PutKeyPolicy");
  }),
  onKey("root kept from the policy by a Deny", ({ KeyPolicy }) => {
    KeyPolicy.Statement.push({ Effect: "Deny", Principal: ownRoot, Action: "kms:PutKeyPolicy", Resource: "*" });
  }),
  onKey("names a role that no new account has", ({ KeyPolicy }) => {
    const AWS = { "Fn::Sub": "arn:aws:iam::$${AWS::AccountId}:role/OrgKeysDeploy" };
    KeyPolicy.Statement.push({ Effect: "Allow", Principal: { AWS }, Action: "kms:DescribeKey", Resource: "*" });
  }),
  onKey("managers use it", ({ KeyPolicy }) => {
    delete KeyPolicy.Statement[1].Condition;
  }),
  onKey("anybody destroys it", ({ KeyPolicy }) => {
    KeyPolicy.Statement.splice(2, 1);
  }),
  onResource("replica deleted with its stack", "rollout-keys", replicas, "AccountDefault", (replica) => {
    replica.DeletionPolicy = "Delete";
  }),
  onResource("alias of AWS's own", "rollout-keys", keys, "AccountDefaultAlias", ({ Properties }) => {
    Properties.AliasName = "alias/aws/s3";
  }),
  onResource("alias on somebody's key", "rollout-keys", keys, "AccountDefaultAlias", ({ Properties }) => {
    Properties.TargetKeyId = "arn:aws:kms:us-east-1:320000000002:key/1";
  }),
  breach(
    "keys deleted when an account moves",
    "rollout-keys",
    (json) => {
      json.resource.aws_cloudformation_stack_set[keys].auto_deployment.retain_stacks_on_account_removal = false;
    },
    `aws_cloudformation_stack_set.${keys} retain_stacks_on_account_removal`,
  ),
  breach(
    "keys deleted when a target goes",
    "rollout-keys",
    (json) => {
      json.resource.aws_cloudformation_stack_instances[keys].retain_stacks = false;
    },
    `aws_cloudformation_stack_instances.${keys} retain_stacks`,
  ),
  breach(
    "a StackSet that Terraform destroys",
    "rollout-keys",
    (json) => {
      json.resource.aws_cloudformation_stack_set[roles].lifecycle.prevent_destroy = false;
    },
    `aws_cloudformation_stack_set.${roles} lifecycle.prevent_destroy`,
  ),
  breach(
    "instances that Terraform destroys",
    "rollout-keys",
    (json) => {
      delete json.resource.aws_cloudformation_stack_instances[keys].lifecycle;
    },
    `aws_cloudformation_stack_instances.${keys} lifecycle.prevent_destroy`,
  ),
  breach(
    "two resources of instances fight",
    "rollout-keys",
    (json) => {
      const { aws_cloudformation_stack_instances: all } = json.resource;
      all.other = all[keys];
    },
    `aws_cloudformation_stack_set.${keys} instances`,
  ),
  breach(
    "a StackSet without instances, which somebody makes later",
    "rollout-keys",
    (json) => {
      delete json.resource.aws_cloudformation_stack_instances[events];
    },
    `aws_cloudformation_stack_set.${events} instances`,
  ),
  breach(
    "what nobody has an instance of yet lets a stranger in",
    "rollout-access",
    (json) => {
      delete json.resource.aws_cloudformation_stack_instances[roles];
      const { Deploy } = json.locals[`${roles}-template`].Resources;
      Deploy.Properties.AssumeRolePolicyDocument.Statement[0].Principal.AWS.push(stranger);
    },
    `aws_cloudformation_stack_set.${roles} Resources.Deploy`,
  ),
];

const trust = (name: string, edit: (statement: Json, statements: Json[]) => void): Breach =>
  onResource(`trust: ${name}`, "rollout-access", roles, "Deploy", ({ Properties }) => {
    const { Statement: statements } = Properties.AssumeRolePolicyDocument;
    edit(statements[0], statements);
  });

const rights = (name: string, logicalId: string, statement: Json): Breach =>
  onResource(`role: ${name}`, "rollout-access", roles, logicalId, ({ Properties }) => {
    Properties.Policies[0].PolicyDocument.Statement.push({ Effect: "Allow", Resource: "*", ...statement });
  });

const onRoles: readonly Breach[] = [
  trust("a stranger", ({ Principal }) => Principal.AWS.push(stranger)),
  trust("another zone's account", ({ Principal }) => Principal.AWS.push(hipaa)),
  trust("everybody", (statement) => {
    statement.Principal = "*";
    delete statement.Condition.ArnEquals;
  }),
  trust("a service that acts for anybody", ({ Principal }) => {
    Principal.Service = "ec2.amazonaws.com";
  }),
  trust("all of the pipeline's account", ({ Condition }) => {
    delete Condition.ArnEquals;
  }),
  trust("another role of that account", ({ Condition }) => {
    Condition.ArnEquals["aws:PrincipalArn"].push("arn:aws:iam::310000000001:role/Somebody");
  }),
  trust("whoever has no role at all", ({ Condition }) => {
    Condition.ArnEqualsIfExists = Condition.ArnEquals;
    delete Condition.ArnEquals;
  }),
  trust("without the organization", ({ Condition }) => {
    delete Condition.StringEquals["aws:PrincipalOrgID"];
  }),
  trust("another organization", ({ Condition }) => {
    Condition.StringEquals["aws:PrincipalOrgID"] = "o-z9y8x7w6v5";
  }),
  trust("without the external id", ({ Condition }) => {
    delete Condition.StringEquals["sts:ExternalId"];
  }),
  trust("without the session tag", (_, statements) => {
    delete statements[1].Condition.StringEquals["aws:RequestTag/Project"];
  }),
  trust("more than assuming it", (statement) => {
    statement.Action = ["sts:AssumeRole", "sts:*"];
  }),
  trust("one more statement for a stranger", (_, statements) => {
    statements.push({ Effect: "Allow", Principal: { AWS: stranger }, Action: "sts:AssumeRole" });
  }),
  onResource("trust: a role by Principal", "rollout-access", roles, "Audit", ({ Properties }) => {
    Properties.AssumeRolePolicyDocument.Statement[0].Principal.AWS = "arn:aws:iam::310000000001:role/PciDriftReader";
  }),
  rights("the deploy role decrypts", "Deploy", { Action: "kms:Decrypt" }),
  rights("the audit role decrypts by a wildcard", "Audit", { Action: "kms:De*" }),
  rights("the audit role does everything", "Audit", { Action: "*" }),
  rights("the audit role does everything but reading", "Audit", { Action: undefined, NotAction: "kms:List*" }),
  rights("the audit role grants", "Audit", { Action: "kms:CreateGrant" }),
  rights("the audit role writes policies of keys", "Audit", { Action: "kms:PutKeyPolicy" }),
  rights("the deploy role schedules deletions", "Deploy", { Action: "kms:ScheduleKeyDeletion" }),
  onResource("role: an own role without bounds", "rollout-access", events, "Sender", ({ Properties }) => {
    Properties.Policies[0].PolicyDocument.Statement.push({
      Effect: "Allow",
      Action: "iam:PutRolePolicy",
      Resource: "*",
    });
  }),
  ...["cloudformation:*", "cloudformation:UpdateStackSet", "organizations:AttachPolicy", "organizations:*"].map(
    (Action) =>
      onResource(
        `role: an own role above all zones by ${Action}`,
        "rollout-access",
        events,
        "Sender",
        ({ Properties }) => {
          Properties.Policies[0].PolicyDocument.Statement.push({ Effect: "Allow", Action, Resource: "*" });
        },
      ),
  ),
  onResource("role: an own role assumes others", "rollout-access", events, "Sender", ({ Properties }) => {
    Properties.Policies[0].PolicyDocument.Statement.push({ Effect: "Allow", Action: "sts:Assume*", Resource: "*" });
  }),
  onResource("role: anybody's events are sent with it", "rollout-access", events, "Sender", ({ Properties }) => {
    delete Properties.AssumeRolePolicyDocument.Statement[0].Condition;
  }),
  onResource("role: no boundary", "rollout-access", roles, "Deploy", ({ Properties }) => {
    delete Properties.PermissionsBoundary;
  }),
  onResource("role: somebody else's boundary", "rollout-access", roles, "Audit", ({ Properties }) => {
    Properties.PermissionsBoundary = "arn:aws:iam::aws:policy/AdministratorAccess";
  }),
  onResource("role: a policy that nobody sees", "rollout-access", roles, "Audit", ({ Properties }) => {
    Properties.ManagedPolicyArns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"];
  }),
  onResource("boundary: no Deny of use", "rollout-access", roles, "Deploy", (_, { Resources }) => {
    const { Statement } = Resources.Boundary.Properties.PolicyDocument;
    Statement.splice(3, 1);
  }),
  onResource("boundary: use through S3", "rollout-access", roles, "Audit", (_, { Resources }) => {
    Resources.Boundary.Properties.PolicyDocument.Statement[3].Condition = {
      StringNotLike: { "kms:ViaService": "s3.*.amazonaws.com" },
    };
  }),
  onResource(
    "boundary: the deploy role lifts it",
    "rollout-access",
    roles,
    "Deploy",
    ({ Properties }, { Resources }) => {
      const { Statement } = Resources.Boundary.Properties.PolicyDocument;
      Statement.pop();
      Statement.push({ Effect: "Allow", Action: "iam:*", Resource: "*" });
      Properties.Policies[0].PolicyDocument.Statement.push({
        Effect: "Allow",
        Action: "iam:CreatePolicyVersion",
        Resource: { "Fn::Sub": "arn:aws:iam::$${AWS::AccountId}:policy/orgkeys-*" },
      });
    },
  ),
  onResource("policy: attached to somebody's role", "rollout-access", roles, "Boundary", ({ Properties }) => {
    Properties.Roles = ["Administrator"];
  }),
  onResource(
    "role: a right in the key management account alone",
    "rollout-access",
    roles,
    "Deploy",
    ({ Properties }) => {
      Properties.Policies[1]["Fn::If"][1].PolicyDocument.Statement[0].Action = ["kms:GenerateDataKey"];
    },
  ),
];

const onEvents: readonly Breach[] = [
  onResource("bus: all of the organization", "rollout-access", bus, "BusPolicy", ({ Properties }) => {
    delete Properties.Statement.Condition["ForAnyValue:StringLike"];
  }),
  onResource("bus: another zone's OU", "rollout-access", bus, "BusPolicy", ({ Properties }) => {
    Properties.Statement.Condition["ForAnyValue:StringLike"]["aws:PrincipalOrgPaths"].push(
      "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/*",
    );
  }),
  onResource("bus: rules by others", "rollout-access", bus, "BusPolicy", ({ Properties }) => {
    Properties.Statement.Action = ["events:PutEvents", "events:PutRule"];
  }),
  onResource("rule: events go to a stranger", "rollout-access", events, "Rule", ({ Properties }) => {
    Properties.Targets[0].Arn = "arn:aws:events:us-east-1:999999999999:event-bus/theirs";
  }),
  onResource("rule: events go to another Region", "rollout-access", events, "Rule", ({ Properties }) => {
    Properties.Targets[0].Arn = "arn:aws:events:eu-west-1:310000000001:event-bus/ours";
  }),
];

const notUnderstood: readonly Breach[] = [
  inTemplate("a choice by a condition that is not there", "rollout-templates", keys, ({ Resources }) => {
    const AWS = { "Fn::If": ["IsHome", ownRoot.AWS, stranger] };
    Resources.AccountDefault.Properties.KeyPolicy.Statement[0].Principal = { AWS };
  }),
  inTemplate(
    "a role of somebody's making",
    "rollout-templates",
    keys,
    ({ Resources }) => {
      Resources.Extra = { Type: "AWS::IAM::User", Properties: { UserName: "x" } };
    },
    "Resources.Extra AWS::IAM::User",
  ),
  inTemplate(
    "a nested stack",
    "rollout-templates",
    keys,
    ({ Resources }) => {
      Resources.Extra = { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "https://x" } };
    },
    "Resources.Extra AWS::CloudFormation::Stack",
  ),
  inTemplate(
    "a transform",
    "rollout-templates",
    keys,
    (template) => {
      template.Transform = "AWS::LanguageExtensions";
    },
    `/locals/${keys}-template/Transform`,
  ),
  inTemplate(
    "what is included from elsewhere",
    "rollout-templates",
    keys,
    ({ Resources }) => {
      Resources.AccountDefault.Properties.KeyPolicy.Statement.push({
        "Fn::Transform": { Name: "AWS::Include", Parameters: { Location: "s3://b/k" } },
      });
    },
    `/locals/${keys}-template/Resources/AccountDefault/Properties/KeyPolicy/Statement/4/Fn::Transform`,
  ),
  inTemplate("a value that another stack exports", "rollout-templates", keys, ({ Resources }) => {
    Resources.AccountDefault.Properties.KeyPolicy.Statement[0].Principal.AWS.push({ "Fn::ImportValue": "partner" });
  }),
  inTemplate("a principal from a secret", "rollout-templates", keys, ({ Resources }) => {
    Resources.AccountDefault.Properties.KeyPolicy.Statement[0].Principal.AWS.push("{{resolve:ssm:partner}}");
  }),
  inTemplate("a principal from the account's parameters", "rollout-templates", keys, (template) => {
    template.Parameters = { Partner: { Type: "AWS::SSM::Parameter::Value<String>", Default: "partner" } };
    template.Resources.AccountDefault.Properties.KeyPolicy.Statement[0].Principal.AWS.push({ Ref: "Partner" });
  }),
  inTemplate("a condition on a part of an account's id", "rollout-templates", keys, (template) => {
    const part = { "Fn::Sub": "9$${AWS::AccountId}" };
    template.Conditions = { IsPayments: { "Fn::Equals": [part, "9310000000002"] } };
    template.Resources.AccountDefault.Condition = "IsPayments";
  }),
  inTemplate("a condition that nobody can decide", "rollout-templates", keys, (template) => {
    template.Conditions = { Maybe: { "Fn::Equals": [{ Ref: "AWS::StackId" }, "x"] } };
    template.Resources.AccountDefault.Condition = "Maybe";
  }),
  inTemplate("a property that nobody knows", "rollout-templates", bus, ({ Resources }) => {
    Resources.Bus.Properties.Policy = { Statement: [] };
  }),
  inTemplate("no policy of its own", "rollout-templates", keys, ({ Resources }) => {
    delete Resources.AccountDefault.Properties.KeyPolicy;
  }),
  breach(
    "a template at an address",
    "readable",
    (json) => {
      const stackSet = json.resource.aws_cloudformation_stack_set[keys];
      delete stackSet.template_body;
      stackSet.template_url = "https://s3.amazonaws.com/b/k";
    },
    `aws_cloudformation_stack_set.${keys}`,
  ),
  breach(
    "an expression in the template",
    "readable",
    (json) => {
      json.locals[`${keys}-template`].Resources.AccountDefault.Properties.KeyPolicy.Statement[0].Principal.AWS.push(
        "${var.partner}",
      );
    },
    `aws_cloudformation_stack_set.${keys}`,
  ),
  breach(
    "a template whose changes are ignored",
    "readable",
    (json) => {
      json.resource.aws_cloudformation_stack_set[keys].lifecycle.ignore_changes.push("template_body");
    },
    `aws_cloudformation_stack_set.${keys}`,
  ),
  breach(
    "parameters of its own for some",
    "readable",
    (json) => {
      json.resource.aws_cloudformation_stack_instances[keys].parameter_overrides = { Partner: "x" };
    },
    `aws_cloudformation_stack_instances.${keys}`,
  ),
];

const target = (name: string, edit: (targets: Json, json: Json) => void, where: string, id = keys): Breach =>
  breach(
    `target: ${name}`,
    "zone-rollouts",
    (json) => edit(json.resource.aws_cloudformation_stack_instances[id].deployment_targets, json),
    where,
  );
const set = (id: string): string => `aws_cloudformation_stack_set.${id}`;

const targets: readonly Breach[] = [
  target("the root", ({ organizational_unit_ids: ous }) => ous.push("r-ab12"), `${set(keys)} r-ab12`),
  target(
    "another zone's OU",
    ({ organizational_unit_ids: ous }) => ous.push("ou-ab12-32000000"),
    `${set(keys)} ou-ab12-32000000`,
  ),
  target(
    "the OU above",
    ({ organizational_unit_ids: ous }) => ous.push("ou-ab12-30000000"),
    `${set(keys)} ou-ab12-30000000`,
  ),
  target("another zone's account", ({ accounts }) => accounts.push("320000000002"), `${set(bus)} 320000000002`, bus),
  target(
    "picked accounts, and whoever joins the organization",
    (_, json) => {
      json.resource.aws_cloudformation_stack_set[bus].auto_deployment.enabled = true;
    },
    `${set(bus)} r-ab12`,
    bus,
  ),
  target(
    "all but one account",
    (targets) => Object.assign(targets, { accounts: ["310000000002"], account_filter_type: "DIFFERENCE" }),
    `aws_cloudformation_stack_instances.${keys} account_filter_type`,
  ),
  target(
    "wherever a role leads",
    (_, json) => {
      delete json.resource.aws_cloudformation_stack_set[keys].permission_model;
    },
    `${set(keys)} permission_model`,
  ),
  breach(
    "target: another Region",
    "zone-regions",
    (json) => json.resource.aws_cloudformation_stack_instances[keys].regions.push("eu-west-1"),
    `${set(keys)} Region eu-west-1`,
  ),
];

const directId = "pci_access-roles_us-east-1";

const takesOver = (name: string, edit: (json: Json) => void): Breach => ({
  name: `rollout: takes over ${name}`,
  change: onStack(directStack, edit),
  found: { "keys-as-mapped": `${directStack} aws_cloudformation_stack.${directId} import` },
  within: [rolloutStack],
});

const direct: readonly Breach[] = [
  {
    name: "rollout: a stack's role trusts a stranger",
    change: onStack(directStack, (json) => {
      const [template] = Object.values<Json>(json.locals);
      template.Resources.Deploy.Properties.AssumeRolePolicyDocument.Statement[0].Principal.AWS.push(stranger);
    }),
    found: { "rollout-access": `${directStack} aws_cloudformation_stack.pci_access-roles_us-east-1 Resources.Deploy` },
    within: [directStack],
  },
  {
    name: "rollout: a stack that Terraform destroys",
    change: onStack(directStack, (json) => {
      delete json.resource.aws_cloudformation_stack["pci_access-roles_us-east-1"].lifecycle;
    }),
    found: { "rollout-keys": `${directStack} aws_cloudformation_stack.pci_access-roles_us-east-1` },
    within: [directStack],
  },
  {
    name: "rollout: a stack in another zone's account",
    change: onStack(directStack, (json) => {
      json["//"].orgkeys.zone = "hipaa";
    }),
    found: { "zone-rollouts": `${directStack} aws_cloudformation_stack.pci_access-roles_us-east-1 310000000001` },
    within: [directStack],
  },
  takesOver("another stack", (json) => {
    json.import[0].id = "orgkeys-pci-key-events";
  }),
  takesOver("a stack of another template", (json) => {
    json["//"].orgkeys.directStacks[directId].template = "key-events";
  }),
  takesOver("a stack of nobody knows which template", (json) => {
    delete json["//"].orgkeys.directStacks;
  }),
  takesOver("a stack where StackSets are", (json) => {
    json["//"].orgkeys.kind = "rollouts";
  }),
];

/** Ways to breach a zone, or to lose a key, through a template or where it goes. */
export const rolloutBreaches: readonly Breach[] = [
  ...onKeys,
  ...losingKeys,
  ...onRoles,
  ...onEvents,
  ...notUnderstood,
  ...targets,
  ...direct,
];
