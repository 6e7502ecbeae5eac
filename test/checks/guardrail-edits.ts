import { check } from "../../modules/checks/guardrails-in-place";
import { type Json, type Output, outputOf } from "./sample-output";

/** The sample's guardrails of zone pci, and the ways in which a hand changes them. */
export const sample = outputOf("config");
export const stack = "commercial.guardrails.pci";
export const rcp = "pci_resource-control";
export const scp = "pci_service-control";
export const ou = "OU Regulated/PCI (ou-ab12-31000000)";
export const path = "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-31000000/*";
export const regulated = "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/*";
export const shop = "account shop-prod (210000000001) of zone corporate";
export const everyAction = "every action of AWS KMS";
export const outsiders = "anybody outside zone pci";
export const otherAccounts = "any account outside zone pci";

export type Change = (json: Json) => void;

export const statementOf = (json: Json, sid: string): Json =>
  Object.values<Json>(json.locals)
    .flatMap((policy) => policy.Statement)
    .find((statement) => statement.Sid === sid);

export const edit =
  (sid: string, change: Json): Change =>
  (json) => {
    Object.assign(statementOf(json, sid), change);
  };

/** Conditions beside those that are there; undefined takes one out. */
export const condition =
  (sid: string, conditions: Json): Change =>
  (json) => {
    const statement = statementOf(json, sid);
    statement.Condition = JSON.parse(JSON.stringify({ ...statement.Condition, ...conditions }));
  };

export const remove =
  (sid: string): Change =>
  (json) => {
    for (const policy of Object.values<Json>(json.locals)) {
      policy.Statement = policy.Statement.filter((statement: Json) => statement.Sid !== sid);
    }
  };

export const add =
  (policy: string, ...statements: Json[]): Change =>
  (json) => {
    json.locals[`${policy}-policy`].Statement.push(...statements);
  };

export const detach =
  (...policies: string[]): Change =>
  (json) => {
    for (const [id, { policy_id: policy }] of Object.entries<Json>(json.resource.aws_organizations_policy_attachment)) {
      if (policies.some((name) => policy.includes(name))) delete json.resource.aws_organizations_policy_attachment[id];
    }
  };

export const all =
  (...changes: Change[]): Change =>
  (json) => {
    for (const change of changes) change(json);
  };

/** Findings without the name of the pci guardrail stack. */
export const found = (output: Output): readonly (readonly [string, string])[] =>
  output.check([check]).map(({ where, why }) => [where.replace(`${stack} `, ""), why]);

export const inRcp = (detail: string): string => `aws_organizations_policy.${rcp} ${detail}`;
export const inScp = (detail: string): string => `aws_organizations_policy.${scp} ${detail}`;

export const deny = (statement: Json): Json => ({ Sid: "ByHand", Effect: "Deny", Resource: "*", ...statement });
