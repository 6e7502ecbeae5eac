import type { CheckId } from "../../../modules/findings/check-ids";
import type { Json, Output } from "../sample-output";

/** A change of good synthesized JSON that breaches a zone or a duty. */
export interface Breach {
  readonly name: string;
  readonly change: (sample: Output) => Output;
  /** Each has to find it: part of the finding's `where`, by check. */
  readonly found: Partial<Record<CheckId, string>>;
  /** Something critical may be reported here and nowhere else: beginnings of `where`. */
  readonly within: readonly string[];
}

/** A change that breaches nothing: no check may say a word. */
export interface Harmless {
  readonly name: string;
  readonly change: (sample: Output) => Output;
}

export const pci = {
  stack: "commercial.regulated.pci.pci-key-management",
  account: "310000000001",
  consumerStack: "commercial.regulated.pci.payments-prod",
  consumerAccount: "310000000002",
  key: "payments_prod_us-east-1",
  replica: "payments_prod_us-west-2",
  alias: "payments-prod_us-east-1",
  replicaAlias: "payments-prod_us-west-2",
  path: "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-31000000/*",
} as const;

export const keyAt = `pci-key-management aws_kms_key.${pci.key}`;
export const replicaAt = `pci-key-management aws_kms_replica_key.${pci.replica}`;

export const hipaa = {
  stack: "commercial.regulated.hipaa.patient-portal-prod",
  account: "320000000002",
  key: "patient-portal_prod_us-east-1",
  role: "arn:aws:iam::320000000002:role/web",
} as const;

export const corporate = {
  stack: "commercial.workloads.prod.shop-prod",
  account: "210000000001",
  key: "shared_confidential_prod_us-east-1",
} as const;

/** An account that no map knows. */
export const stranger = "arn:aws:iam::999999999999:role/app";

/** The document in the local `KEY-policy`. */
export function policyOf(json: Json, key: string): Json {
  return json.locals[`${key}-policy`];
}

export function statementOf(json: Json, key: string, sid: string): Json {
  const found = policyOf(json, key).Statement.find((statement: Json) => statement.Sid === sid);
  if (found === undefined) throw new Error(`${key} has no statement ${sid}`);
  return found;
}

/** A resource; an edit of one that is not there would prove nothing. */
export function resourceOf(json: Json, type: string, id: string): Json {
  const found = json.resource[type]?.[id];
  if (found === undefined) throw new Error(`there is no ${type}.${id}`);
  return found;
}

/** Takes a statement out. */
export function withoutStatement(json: Json, key: string, sid: string): void {
  const policy = policyOf(json, key);
  policy.Statement.splice(policy.Statement.indexOf(statementOf(json, key, sid)), 1);
}

/** A statement like a hand would add at the end. */
export function allow(principal: Json, more: Json = {}): Json {
  return { Sid: "Extra", Effect: "Allow", Principal: principal, Action: "kms:Decrypt", Resource: "*", ...more };
}

export function withStatement(json: Json, key: string, statement: Json): void {
  policyOf(json, key).Statement.push(statement);
}

/** Edits a stack; an edit that changes nothing would prove nothing. */
export function onStack(stack: string, edit: (json: Json) => void): (sample: Output) => Output {
  return (sample) =>
    sample.edit(stack, (json) => {
      const before = JSON.stringify(json);
      edit(json);
      if (JSON.stringify(json) === before) throw new Error(`the edit of ${stack} changes nothing`);
    });
}

export function onPci(edit: (json: Json) => void): (sample: Output) => Output {
  return onStack(pci.stack, edit);
}

/** Adds a statement to the policies of PCI's payments key and of its replica. */
export function addedToBoth(statement: Json): (sample: Output) => Output {
  return onPci((json) => {
    for (const key of [pci.key, pci.replica]) withStatement(json, key, statement);
  });
}

/** Adds a statement to the policy of PCI's payments key. */
export function added(statement: Json): (sample: Output) => Output {
  return onPci((json) => withStatement(json, pci.key, statement));
}

/** Edits the arguments of PCI's payments key. */
export function onKey(edit: (key: Json) => void): (sample: Output) => Output {
  return onPci((json) => edit(resourceOf(json, "aws_kms_key", pci.key)));
}

export function onReplica(edit: (replica: Json) => void): (sample: Output) => Output {
  return onPci((json) => edit(resourceOf(json, "aws_kms_replica_key", pci.replica)));
}

/** A breach on PCI's payments key, or wherever `at` says. */
export function duty(name: string, check: CheckId, change: Breach["change"], at = keyAt): Breach {
  return { name, change, found: { [check]: at }, within: [at] };
}

/** Edits a statement of PCI's payments key. */
export function onStatement(sid: string, edit: (statement: Json) => void): Breach["change"] {
  return onPci((json) => edit(statementOf(json, pci.key, sid)));
}

/** As a Principal element. */
export const administrator = { AWS: `arn:aws:iam::${pci.account}:role/PciKeyAdministrator` } as const;
export const deployRole = { AWS: `arn:aws:iam::${pci.account}:role/OrgKeysDeploy` } as const;
export const auditRole = { AWS: `arn:aws:iam::${pci.account}:role/OrgKeysAudit` } as const;
export const breakGlass = { AWS: `arn:aws:iam::${pci.account}:role/PciKeyBreakGlass` } as const;
/** A role in the keys' account, of whom the map says nothing. */
export const somebody = { AWS: `arn:aws:iam::${pci.account}:role/somebody` } as const;

/** A breach of the stack that owns PCI's keys. */
export function inPciStack(
  name: string,
  check: CheckId,
  edit: (json: Json) => void,
  where: string = "pci-key-management",
  within = ["pci-key-management", pci.stack],
): Breach {
  return { name, change: onPci(edit), found: { [check]: where }, within };
}

/** A breach in the first provider of that stack. */
export function inProvider(name: string, check: CheckId, edit: (provider: Json) => void): Breach {
  return inPciStack(name, check, (json) => edit(json.provider.aws[0]));
}

export function harmlessChange(name: string, change: Harmless["change"]): Harmless {
  return { name, change };
}
