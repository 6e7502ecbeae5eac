import { kmsActions } from "../../aws/kms-actions";
import {
  bindsToOrganization,
  conditionsOf,
  isEverybody,
  mappingsOf,
  mayAllow,
  policiesOf,
  statementsOf,
  textsOf,
} from "./policy-statements";
import type { LintedTemplate, RuleFlaw, TemplateRule } from "./template-rule";
import {
  alternatives,
  isMapping,
  listed,
  type Mapping,
  mappingsIn,
  overlap,
  type PlacedValue,
  resourcesOf,
  valuesIn,
} from "./template-values";

const iam = "https://docs.aws.amazon.com/IAM/latest/UserGuide";

/** Policies of AWS's own that allow the use of every key whose policy leaves it to IAM. */
const sweepingPolicies = /:iam::aws:policy\/(AdministratorAccess|PowerUserAccess)$/;

export const policyRules: readonly TemplateRule[] = [
  {
    id: "policies-readable",
    rule: "a policy is written out: no JSON as text, and effects, actions and principals as plain values",
    because: "what cannot be read here cannot be judged, neither by a rule nor by a reviewer",
    source: `${iam}/reference_policies_elements.html`,
    flaws: (template) => [...policiesAsText(template), ...unreadableStatements(template)],
  },
  {
    id: "no-everybody",
    rule: "no statement allows everybody (*) without a condition that names the organization or accounts",
    because: "it opens the account to all of AWS",
    source: `${iam}/reference_policies_elements_principal.html`,
    flaws: (template) =>
      [...statementsOf(template), ...bareStatements(template)]
        .filter((statement) => mayAllow(statement))
        .filter(({ value }) => "NotPrincipal" in value || isEverybody(value.Principal, template))
        .filter(({ value }) => !bindsToOrganization(value, template))
        .map(({ path }) => ({
          path,
          message: "allows everybody",
          fix: "name principals, or add StringEquals aws:PrincipalAccount or ForAnyValue:StringLike aws:PrincipalOrgPaths of the zone",
        })),
  },
  {
    id: "no-use-of-every-key",
    rule: "no IAM policy allows a use of every KMS key, of any account, nor grants on them without a condition, nor is AdministratorAccess or PowerUserAccess attached; permissions boundaries may, since they give nothing",
    because: "it reaches all keys whose policies leave use to IAM, also those of tomorrow",
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html",
    flaws: (template) => [...usesOfEveryKey(template), ...sweepingAttachments(template)],
  },
  {
    id: "no-users",
    rule: "no IAM users, groups or access keys",
    because: "their credentials last until somebody remembers them, in every account at once",
    source: `${iam}/best-practices.html`,
    flaws: ({ document }) =>
      resourcesOf(document)
        .filter(({ resource: { Type } }) => /^AWS::IAM::(AccessKey|Group|User)/.test(Type))
        .map(({ path, resource: { Type } }) => ({
          path: [...path, "Type"],
          message: `is of type ${Type}`,
          fix: "use roles, which are assumed for a while",
        })),
  },
];

function policiesAsText({ document }: LintedTemplate): RuleFlaw[] {
  return [...valuesIn(document.Resources, ["Resources"])]
    .filter(({ value }) => typeof value === "string" && /["']?(Statement|Effect)["']\s*:/.test(value))
    .map(({ path }) => ({ path, message: "is a policy as text", fix: "write it out as a mapping" }));
}

function unreadableStatements(template: LintedTemplate): RuleFlaw[] {
  return policiesOf(template).flatMap(({ statements }) =>
    statements.flatMap(({ path, value }): RuleFlaw[] => {
      const why = isMapping(value) ? unreadable(value) : "is no statement that can be read";
      const fix = "write Effect, Action and Principal as plain values; Fn::If between such is fine";
      return why === undefined ? [] : [{ path, message: why, fix }];
    }),
  );
}

function unreadable(statement: Mapping): string | undefined {
  const effects = alternatives({ path: [], value: statement.Effect }).map(({ value }) => value);
  if (effects.length === 0 || !effects.every((effect) => effect === "Allow" || effect === "Deny")) {
    return "has no Effect that can be read: Allow or Deny";
  }
  const actions = listed({ path: [], value: statement.Action ?? statement.NotAction });
  if ("Action" in statement === "NotAction" in statement) return "has not exactly one of Action and NotAction";
  if (!actions.every(({ value }) => typeof value === "string")) return "has actions that cannot be read";
  const principals = alternatives({ path: [], value: statement.Principal ?? "*" });
  if (!principals.every(({ value }) => value === "*" || isPrincipal(value)))
    return "has principals that cannot be read";
  const conditions = alternatives({ path: [], value: statement.Condition ?? {} });
  return conditions.every(({ value }) => isMapping(value)) ? undefined : "has conditions that cannot be read";
}

function isPrincipal(value: unknown): boolean {
  return isMapping(value) && Object.keys(value).every((kind) => ["AWS", "Service", "Federated"].includes(kind));
}

/** `Principal` as a property of the resource itself, as AWS::Lambda::Permission has it. */
function bareStatements({ document }: LintedTemplate): { path: RuleFlaw["path"]; value: Mapping }[] {
  return resourcesOf(document)
    .filter(({ properties }) => "Principal" in properties)
    .map(({ path, properties }) => ({ path: [...path, "Properties"], value: properties }));
}

function usesOfEveryKey(template: LintedTemplate): RuleFlaw[] {
  const boundaries = boundariesOf(template);
  return policiesOf(template).flatMap(({ path: policy, statements }) => {
    if (boundaries.includes(String(policy[1]))) return [];
    const identity = mappingsOf(statements).filter(
      ({ value }) => !("Principal" in value) && !("NotPrincipal" in value),
    );
    return identity
      .filter((statement) => mayAllow(statement) && reachesEveryKey(statement.value, template))
      .flatMap(({ path, value }) => {
        // A grant to oneself is use; to whom else and for what, only a condition can say.
        const using = [...kmsActions.cryptographic, ...(isBound(value) ? [] : kmsActions.delegating)];
        const used = using.filter((action) => allows(value, action, template) && !isDenied(action, identity, template));
        if (used.length === 0) return [];
        const message = `allows ${used.length === 1 ? used[0] : `${used[0]} and others`} on every key`;
        return [{ path, message, fix: "name the keys, or leave their use to key policies" }];
      });
  });
}

/** Managed policies that this template has for nothing but boundaries. */
function boundariesOf({ document }: LintedTemplate): string[] {
  const uses = [...mappingsIn(document.Resources, ["Resources"])].flatMap(({ path, value }) =>
    typeof value.Ref === "string" ? [{ name: value.Ref, asBoundary: path.includes("PermissionsBoundary") }] : [],
  );
  return resourcesOf(document)
    .filter(({ resource }) => resource.Type === "AWS::IAM::ManagedPolicy")
    .filter(({ properties }) => !["Groups", "Roles", "Users"].some((attached) => attached in properties))
    .map(({ name }) => name)
    .filter((name) => {
      const own = uses.filter((use) => use.name === name);
      return own.length > 0 && own.every(({ asBoundary }) => asBoundary);
    });
}

/** Whether the same policy denies an action on everything, always. */
function isDenied(action: string, statements: readonly PlacedValue<Mapping>[], template: LintedTemplate): boolean {
  return statements.some(({ path, value }) => {
    const always = value.Effect === "Deny" && value.Condition === undefined && !path.includes("Fn::If");
    const everywhere = textsOf(value.Resource, template).includes("*");
    return always && everywhere && textsOf(value.Action, template).some((pattern) => covers(pattern, action));
  });
}

/** Whether there is a condition, whatever an account makes of it. */
function isBound(statement: Mapping): boolean {
  return conditionsOf(statement).every((condition) => isMapping(condition) && Object.keys(condition).length > 0);
}

function allows(statement: Mapping, action: string, template: LintedTemplate): boolean {
  if ("NotAction" in statement) return !textsOf(statement.NotAction, template).some((each) => covers(each, action));
  return textsOf(statement.Action, template).some((pattern) => covers(pattern, action));
}

function covers(pattern: string, action: string): boolean {
  return overlap(pattern, action);
}

/** A key's ARN without an account, or anything that stands for one. */
function reachesEveryKey(statement: Mapping, template: LintedTemplate): boolean {
  if (!("Resource" in statement)) return true;
  return textsOf(statement.Resource, template).some((resource) => {
    if (!resource.startsWith("arn:")) return resource.includes("*") && overlap(resource, "arn:aws:kms:r:1:key/k");
    const [, , service = "*", , account = "*"] = resource.split(/:(?![^${]*\})/);
    return overlap(service, "kms") && account.includes("*");
  });
}

function sweepingAttachments(template: LintedTemplate): RuleFlaw[] {
  return resourcesOf(template.document).flatMap(({ path, properties }) =>
    textsOf(properties.ManagedPolicyArns, template)
      .filter((arn) => sweepingPolicies.test(arn))
      .map((arn) => ({
        path: [...path, "Properties", "ManagedPolicyArns"],
        message: `attaches ${arn.replace(/^.*\//, "")}, which uses every key`,
        fix: "attach a policy with what the role needs",
      })),
  );
}
