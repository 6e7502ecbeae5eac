import type { Json, Output } from "../sample-output";
import {
  added,
  allow,
  type Harmless,
  harmlessChange,
  onKey,
  onPci,
  onStack,
  pci,
  policyOf,
  resourceOf,
  statementOf,
  withStatement,
} from "./mutation";

/** Edits every object of a JSON value, from the inside out. */
function everywhere(value: Json, edit: (object: Json) => Json): Json {
  if (Array.isArray(value)) return value.map((inner) => everywhere(inner, edit));
  if (typeof value !== "object" || value === null) return value;
  return edit(Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, everywhere(inner, edit)])));
}

/** Edits all policies of a stack. */
function onPolicies(stack: string, edit: (object: Json) => Json): Harmless["change"] {
  return onStack(stack, (json) => {
    json.locals = everywhere(json.locals, edit);
  });
}

function onText(stack: string, change: (json: Json) => string): Harmless["change"] {
  return (sample: Output) => {
    let text = "";
    sample.edit(stack, (json) => {
      text = change(json);
    });
    return sample.withText(stack, text);
  };
}

function onAllPolicies(change: (json: Json, key: string) => void): Harmless["change"] {
  return onPci((json) => {
    for (const name of Object.keys(json.locals)) change(json, name.replace(/-policy$/, ""));
  });
}

const reversed = (object: Json): Json => Object.fromEntries(Object.entries(object).reverse());

const alone = (value: Json): Json => (Array.isArray(value) && value.length === 1 ? value[0] : value);

const listed = (value: Json): Json => (Array.isArray(value) ? value : [value]);

/** The same JSON in other words. */
export const otherWriting: readonly Harmless[] = [
  harmlessChange(
    "the file without line breaks",
    onText(pci.stack, (json) => JSON.stringify(json)),
  ),
  harmlessChange(
    "the file with tabs",
    onText(pci.stack, (json) => JSON.stringify(json, null, "\t")),
  ),
  harmlessChange(
    "the file with Windows line ends",
    onText(pci.stack, (json) => JSON.stringify(json, null, 2).replaceAll("\n", "\r\n")),
  ),
  harmlessChange(
    "the file with a line end at its end",
    onText(pci.stack, (json) => `${JSON.stringify(json, null, 2)}\n\n`),
  ),
  harmlessChange(
    "letters written as escapes",
    onText(pci.stack, (json) =>
      JSON.stringify(json, null, 2)
        .replaceAll('"Effect"', '"Eff\\u0065ct"')
        .replaceAll('"kms:Decrypt"', '"kms:Decryp\\u0074"'),
    ),
  ),
  harmlessChange(
    "the whole file the other way round",
    onText(pci.stack, (json) => JSON.stringify(everywhere(json, reversed))),
  ),
  harmlessChange("policies' members in another order", onPolicies(pci.stack, reversed)),
  harmlessChange("policies' members in another order in the account beside", onPolicies(pci.consumerStack, reversed)),
  harmlessChange(
    "policies' members in another order in an account with full root access",
    onPolicies("commercial.workloads.prod.platform-prod", reversed),
  ),
  harmlessChange(
    "policies' members in another order in the central account",
    onPolicies("commercial.security.corporate-key-management", reversed),
  ),
  harmlessChange(
    "statements in another order",
    onAllPolicies((json, key) => {
      policyOf(json, key).Statement.reverse();
    }),
  ),
  harmlessChange(
    "actions in another order",
    onPolicies(pci.stack, (object) =>
      Array.isArray(object.Action) ? { ...object, Action: [...object.Action].reverse() } : object,
    ),
  ),
  harmlessChange(
    "single texts instead of lists of one",
    onPolicies(pci.stack, (object) =>
      Object.fromEntries(
        Object.entries(object).map(([name, value]) => [name, name === "Statement" ? value : alone(value)]),
      ),
    ),
  ),
  harmlessChange(
    "single texts instead of lists of one in consumer policies",
    onPolicies(pci.consumerStack, (object) =>
      Object.fromEntries(
        Object.entries(object).map(([name, value]) => [name, name === "Statement" ? value : alone(value)]),
      ),
    ),
  ),
  harmlessChange(
    "a list of one instead of a single action",
    added(allow({ AWS: `arn:aws:iam::${pci.consumerAccount}:role/payments-api` }, { Action: ["kms:DescribeKey"] })),
  ),
  harmlessChange(
    "actions in other letters",
    onPolicies(pci.stack, (object) =>
      object.Action === undefined
        ? object
        : { ...object, Action: listed(object.Action).map((action: string) => action.toLowerCase()) },
    ),
  ),
  harmlessChange(
    "condition keys in other letters",
    onPolicies(pci.stack, (object) =>
      Object.fromEntries(
        Object.entries(object).map(([name, value]) => [
          /^(aws|kms):[A-Z]\w+$/.test(name) ? name.toLowerCase() : name,
          value,
        ]),
      ),
    ),
  ),
  harmlessChange(
    "the account's id instead of its root's ARN",
    onPolicies(pci.stack, (object) =>
      object.AWS === undefined
        ? object
        : {
            ...object,
            AWS: listed(object.AWS).map((name: string) => name.replace(/^arn:aws:iam::(\d{12}):root$/, "$1")),
          },
    ),
  ),
  harmlessChange(
    "the same principals twice",
    onPolicies(pci.stack, (object) =>
      object.AWS === undefined ? object : { ...object, AWS: [...listed(object.AWS), ...listed(object.AWS)] },
    ),
  ),
  harmlessChange(
    "the same actions twice",
    onPolicies(pci.stack, (object) =>
      object.Action === undefined
        ? object
        : { ...object, Action: [...listed(object.Action), ...listed(object.Action)] },
    ),
  ),
  harmlessChange(
    "a statement twice, word by word",
    onPci((json) =>
      withStatement(json, pci.key, structuredClone(statementOf(json, pci.key, "UsePaymentsProdPaymentsApi"))),
    ),
  ),
  harmlessChange(
    "a policy as JSON text",
    onPci((json) => {
      for (const id of Object.keys(json.resource.aws_kms_key)) {
        json.resource.aws_kms_key[id].policy = JSON.stringify(policyOf(json, id)).replaceAll("${", "$${");
      }
    }),
  ),
  harmlessChange(
    "a consumer policy as JSON text",
    onStack(pci.consumerStack, (json) => {
      const text = JSON.stringify(json.locals["consumer_role_payments-api-policy"]);
      resourceOf(json, "aws_iam_policy", "role_payments-api").policy = text;
    }),
  ),
  harmlessChange(
    "a policy in a local of another name",
    onPci((json) => {
      json.locals.renamed = json.locals[`${pci.key}-policy`];
      json.locals[`${pci.key}-policy`] = undefined;
      resourceOf(json, "aws_kms_key", pci.key).policy = "${jsonencode(local.renamed)}";
    }),
  ),
  harmlessChange(
    "blanks in an expression",
    onPci((json) => {
      resourceOf(json, "aws_kms_key", pci.key).policy = `\${ jsonencode( local.${pci.key}-policy ) }`;
      resourceOf(json, "aws_kms_alias", pci.alias).target_key_id = `\${ aws_kms_key.${pci.key}.key_id }`;
    }),
  ),
  harmlessChange(
    "an alias that refers to its key by id",
    onPci((json) => {
      resourceOf(json, "aws_kms_alias", pci.alias).target_key_id = `\${aws_kms_key.${pci.key}.id}`;
    }),
  ),
  harmlessChange(
    "an alias that refers to its key by ARN",
    onPci((json) => {
      resourceOf(json, "aws_kms_alias", pci.alias).target_key_id = `\${aws_kms_key.${pci.key}.arn}`;
    }),
  ),
  harmlessChange(
    "a policy with an Id",
    onPci((json) => {
      policyOf(json, pci.key).Id = "payments";
    }),
  ),
  harmlessChange(
    "statements with other Sids",
    onPci((json) => {
      statementOf(json, pci.key, "UsePaymentsProdPaymentsApi").Sid = "Api";
    }),
  ),
  harmlessChange(
    "protection in a list of one",
    onKey((key) => {
      key.lifecycle = [{ prevent_destroy: true }];
    }),
  ),
  harmlessChange(
    "the deploy role's block without a list",
    onPci((json) => {
      for (const aws of json.provider.aws) aws.assume_role = aws.assume_role[0];
    }),
  ),
  harmlessChange(
    "providers in another order",
    onPci((json) => {
      json.provider.aws.reverse();
    }),
  ),
  harmlessChange(
    "a grant's constraint without a list",
    onPci((json) => {
      const grant = resourceOf(json, "aws_kms_grant", `${pci.key}_payments-batch`);
      grant.constraints = grant.constraints[0];
    }),
  ),
  harmlessChange(
    "guardrails as JSON text",
    onStack("commercial.guardrails.pci", (json) => {
      const text = JSON.stringify(json.locals["pci_resource-control-policy"]);
      resourceOf(json, "aws_organizations_policy", "pci_resource-control").content = text;
    }),
  ),
  harmlessChange("guardrails' members in another order", onPolicies("commercial.guardrails.pci", reversed)),
  harmlessChange(
    "guardrails without lists of one",
    onPolicies("commercial.guardrails.pci", (object) =>
      Object.fromEntries(
        Object.entries(object).map(([name, value]) => [name, name === "Statement" ? value : alone(value)]),
      ),
    ),
  ),
];
