import type { CheckId } from "../../../modules/findings/check-ids";
import type { Json } from "../sample-output";
import { type Breach, type Harmless, onStack, resourceOf, statementOf } from "./mutation";

/** The folder of the organization whose keys are used in every way from other accounts. */
export const usersConfig = "test/fixtures/users";

const owner = { stack: "acme.security.keys", key: "shop_prod_us-east-1", at: "keys aws_kms_key.shop_prod_us-east-1" };
const user = { stack: "acme.workloads.shop-prod", account: "210000000001" };
const media = { stack: "acme.workloads.media-prod", account: "210000000002", key: "media_prod_us-east-1" };
const clinic = "310000000001";
const deployOf = (account: string): string => `arn:aws:iam::${account}:role/OrgKeysDeploy`;
const lookup = "shop-prod_100000000001_us-east-1";
const grant = "shop_prod_100000000001_us-east-1_shop-migration";
const autoscaling = "shop_prod_100000000001_us-east-1_autoscaling";
/** To shop-prod's role of Auto Scaling, and to its role for the migration. */
const [forAutoScaling, forMigration] = ["UsersDeployGrants", "UsersDeployGrants2"] as const;
const forSupport = "UseShopProdPermissionSetShopSupport";

function onOwner(name: string, sid: string, edit: (statement: Json) => void, found: Breach["found"]): Breach {
  return {
    name,
    change: onStack(owner.stack, (json) => edit(statementOf(json, owner.key, sid))),
    found,
    within: [owner.at],
  };
}

function onUser(name: string, edit: (json: Json) => void, found: Breach["found"]): Breach {
  return { name, change: onStack(user.stack, edit), found, within: ["shop-prod", user.stack] };
}

function onGrant(name: string, edit: (fields: Json) => void, check: CheckId = "zone-grants", id = grant): Breach {
  return onUser(name, (json) => edit(resourceOf(json, "aws_kms_grant", id)), { [check]: id });
}

function onLookup(name: string, edit: (fields: Json) => void, found: Breach["found"]): Breach {
  return onUser(name, (json) => edit(json.data.aws_kms_key[lookup]), found);
}

const byManager: Breach["found"] = { "administrators-never-use": deployOf(user.account) };
const byAccount: Breach["found"] = { "account-root-use": `statement ${forSupport}` };

/** Each loosening of what another account's deploy role, its grants and a permission set may do. */
export const userBreaches: readonly Breach[] = [
  onOwner(
    "a grant by a using account to another of its roles",
    forAutoScaling,
    ({ Condition }) => {
      Condition.StringEquals["kms:GranteePrincipal"] = [`arn:aws:iam::${user.account}:role/web`];
    },
    byManager,
  ),
  onOwner(
    "a grant by a using account to another account's role of Auto Scaling",
    forAutoScaling,
    ({ Condition }) => {
      const grantees: string[] = Condition.StringEquals["kms:GranteePrincipal"];
      grantees.push(...grantees.map((arn) => arn.replace(user.account, media.account)));
    },
    byManager,
  ),
  onOwner(
    "a grant by a using account to another zone",
    forAutoScaling,
    ({ Condition }) => {
      Condition.StringEquals["kms:GranteePrincipal"] = [`arn:aws:iam::${clinic}:role/web`];
    },
    { ...byManager, "zone-grants": owner.at },
  ),
  onOwner(
    "a grant by a using account of more operations",
    forMigration,
    ({ Condition }) => {
      Condition["ForAllValues:StringEquals"]["kms:GrantOperations"].push("Encrypt");
    },
    byManager,
  ),
  onOwner(
    "a grant by a using account of any operations",
    forAutoScaling,
    ({ Condition }) => {
      Condition["ForAllValues:StringEquals"] = undefined;
    },
    byManager,
  ),
  onOwner(
    "a grant by a using account to anybody",
    forAutoScaling,
    ({ Condition }) => {
      Condition.StringEquals = undefined;
    },
    byManager,
  ),
  onOwner(
    "any grant by a using account",
    forAutoScaling,
    (statement) => {
      statement.Condition = undefined;
    },
    byManager,
  ),
  onOwner(
    "a grant by a using account without its constraint",
    forMigration,
    ({ Condition }) => {
      Condition.StringEquals["kms:GrantConstraintType"] = undefined;
    },
    byManager,
  ),
  onOwner(
    "a grant by a using account in any encryption context",
    forMigration,
    ({ Condition }) => {
      Condition.StringEquals["kms:EncryptionContext:app"] = undefined;
    },
    byManager,
  ),
  onOwner(
    "a grant by the deploy role of another account",
    forMigration,
    ({ Principal }) => {
      Principal.AWS = [deployOf(media.account)];
    },
    { "administrators-never-use": deployOf(media.account) },
  ),
  onOwner(
    "a grant by the deploy role of another zone",
    forAutoScaling,
    ({ Principal }) => {
      Principal.AWS.push(deployOf(clinic));
    },
    { "zone-key-access": deployOf(clinic) },
  ),
  onOwner(
    "a using account's deploy role that decrypts",
    "UsersDeployDescribes",
    ({ Action }) => Action.push("kms:Decrypt"),
    byManager,
  ),
  onOwner(
    "a using account's deploy role that ends the grants of others",
    "UsersDeployListsGrants",
    ({ Action }) => Action.push("kms:RevokeGrant"),
    { "zone-managers": deployOf(user.account) },
  ),
  onOwner(
    "a using account's deploy role that does not find the key",
    "UsersDeployDescribes",
    ({ Principal }) => {
      Principal.AWS = [deployOf(media.account)];
    },
    { "key-lockout": deployOf(user.account) },
  ),
  onOwner(
    "a permission set without its bounds",
    forSupport,
    ({ Condition }) => {
      Condition.ArnLike = undefined;
    },
    byAccount,
  ),
  onOwner(
    "every permission set whose name begins alike",
    forSupport,
    ({ Condition }) => {
      Condition.ArnLike["aws:PrincipalArn"] = [
        `arn:aws:iam::${user.account}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_ShopSupport_*`,
      ];
    },
    byAccount,
  ),
  onOwner(
    "a permission set and a role that anybody can make",
    forSupport,
    ({ Condition }) => {
      Condition.ArnLike["aws:PrincipalArn"].push(
        `arn:aws:iam::${user.account}:role/AWSReservedSSO_ShopSupport_????????????????`,
      );
    },
    byAccount,
  ),
  onOwner(
    "a permission set, if there is an ARN",
    forSupport,
    ({ Condition }) => {
      Condition.ArnLikeIfExists = Condition.ArnLike;
      Condition.ArnLike = undefined;
    },
    byAccount,
  ),
  onOwner(
    "a permission set that is left out instead of meant",
    forSupport,
    ({ Condition }) => {
      Condition.ArnNotLike = Condition.ArnLike;
      Condition.ArnLike = undefined;
    },
    byAccount,
  ),
  {
    name: "a permission set that may manage the key by IAM",
    change: onStack(media.stack, (json) => {
      const { Condition } = statementOf(json, media.key, "UsersNeverManage");
      Condition.ArnLike["aws:PrincipalArn"] = [`arn:aws:iam::${media.account}:role/media-api`];
    }),
    found: { "users-never-manage": "AWSReservedSSO_MediaSupport_" },
    within: ["media-prod"],
  },
  onGrant("a using account's grant to another role", (fields) => {
    fields.grantee_principal = `arn:aws:iam::${user.account}:role/web`;
  }),
  onGrant("a using account's grant to another zone's role", (fields) => {
    fields.grantee_principal = `arn:aws:iam::${clinic}:role/web`;
  }),
  onGrant("a using account's grant of more operations", (fields) => fields.operations.push("Encrypt")),
  onGrant("a using account's grant of grants to a role", (fields) => {
    fields.operations = ["CreateGrant"];
  }),
  onGrant("a using account's grant without its constraint", (fields) => {
    fields.constraints = undefined;
  }),
  onGrant("a using account's grant that somebody else retires", (fields) => {
    fields.retiring_principal = `arn:aws:iam::${user.account}:role/web`;
  }),
  onGrant(
    "a using account's grant to its own deploy role",
    (fields) => {
      fields.grantee_principal = deployOf(user.account);
    },
    "administrators-never-use",
  ),
  onGrant(
    "a using account's grant in another Region than its key",
    (fields) => {
      fields.provider = "aws.us-west-2";
    },
    "readable",
  ),
  onGrant(
    "a using account's grant on a key by its id",
    (fields) => {
      fields.key_id = "arn:aws:kms:us-east-1:310000000001:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    },
    "readable",
    autoscaling,
  ),
  onUser(
    "a using account's grant that no map asks for",
    (json) => {
      json.resource.aws_kms_grant.extra = structuredClone(resourceOf(json, "aws_kms_grant", grant));
    },
    { "zone-grants": "aws_kms_grant.extra unmapped grant" },
  ),
  onLookup(
    "a key that is looked up in another zone",
    (fields) => {
      fields.key_id = `arn:aws:kms:us-east-1:${clinic}:alias/records-prod`;
    },
    { "zone-grants": grant, "zone-consumer-policies": "aws_iam_policy.role_shop-api" },
  ),
  onLookup(
    "a key that is looked up by an alias that no stack has",
    (fields) => {
      fields.key_id = "arn:aws:kms:us-east-1:100000000001:alias/nobody";
    },
    { "zone-grants": `${grant} unmapped key`, "consumer-policy-breadth": "alias/nobody" },
  ),
  ...(
    [
      ["by an expression", { key_id: "${var.key}" }],
      ["by an id", { key_id: "mrk-1234abcd12ab34cd56ef1234567890ab" }],
      ["by an alias of the account itself", { key_id: "alias/shop-prod" }],
      ["with grant tokens", { grant_tokens: ["x"] }],
      ["several times", { count: 2 }],
      ["in another Region", { provider: "aws.us-west-2" }],
    ] satisfies [string, Json][]
  ).map(([name, more]) =>
    onLookup(`a key that is looked up ${name}`, (fields) => Object.assign(fields, more), {
      readable: "/locals/consumer_role_shop-api-policy",
    }),
  ),
  ...(
    [
      ["another attribute", `\${data.aws_kms_key.${lookup}.id}`],
      ["another data source", "${data.aws_kms_alias.shop.target_key_arn}"],
      ["a data source that is not there", "${data.aws_kms_key.nobody.arn}"],
      ["a data source and a wildcard", `\${data.aws_kms_key.${lookup}.arn}*`],
    ] as const
  ).map(([name, resource]) =>
    onUser(
      `a consumer policy with ${name}`,
      (json) => {
        statementOf(json, "consumer_role_shop-api", "UseShopProd").Resource = [resource];
      },
      { readable: "/locals/consumer_role_shop-api-policy" },
    ),
  ),
  onUser(
    "a looked up key outside of Resource",
    (json) => {
      const { Condition } = statementOf(json, "consumer_role_shop-api", "UseShopProd");
      Condition.StringEquals["kms:EncryptionContext:app"] = [`\${data.aws_kms_key.${lookup}.arn}`];
    },
    { readable: "/locals/consumer_role_shop-api-policy" },
  ),
];

export const harmlessUsers: readonly Harmless[] = [
  {
    name: "a looked up key as a single text",
    change: onStack(user.stack, (json) => {
      const statement = statementOf(json, "consumer_role_shop-migration", "GrantedShopProd");
      [statement.Resource] = statement.Resource;
    }),
  },
  {
    name: "a permission set with ArnEquals, which knows wildcards too",
    change: onStack(owner.stack, (json) => {
      const { Condition } = statementOf(json, owner.key, forSupport);
      Condition.ArnEquals = Condition.ArnLike;
      Condition.ArnLike = undefined;
      const replica = statementOf(json, "shop_prod_us-west-2", forSupport).Condition;
      replica.ArnEquals = replica.ArnLike;
      replica.ArnLike = undefined;
    }),
  },
];
