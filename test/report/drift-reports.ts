import type { Coverage } from "../../modules/drift/coverage";
import type { DriftFinding } from "../../modules/drift/drift-finding";
import type { AccountDrift, DriftReport } from "../../modules/drift/drift-report";
import type { IgnoreRule } from "../../modules/findings/ignore-rule";

const coverage = (keys: number, total: number): Coverage => ({
  keys: { managed: keys, total },
  aliases: { managed: keys, total },
  grants: { managed: 1, total: 2 },
  serviceGrants: 3,
});

const payments: AccountDrift = {
  account: "payments-prod",
  accountId: "310000000002",
  organization: "acme",
  zone: "pci",
  stacks: ["acme.regulated.pci.payments-prod"],
  regions: ["us-east-1", "us-west-2"],
  status: "read",
  unread: [],
  coverage: coverage(5, 6),
};
const shop: AccountDrift = {
  ...payments,
  account: "shop-prod",
  accountId: "210000000001",
  zone: "corporate",
  stacks: ["acme.workloads.prod.shop-prod"],
  status: "partly",
  unread: [
    {
      what: "grants of key 1234abcd-12ab-34cd-56ef-1234567890ab",
      region: "us-east-1",
      unread: "AccessDeniedException: not authorized to perform kms:ListGrants",
      whatToDo: "let the audit role list grants: apply the rollout access-roles",
    },
  ],
  coverage: coverage(3, 3),
};
const denied: AccountDrift = {
  ...shop,
  account: "billing-prod",
  accountId: "210000000002",
  stacks: [],
  status: "unread",
  unread: [
    {
      what: "the account",
      region: undefined,
      unread: "AccessDenied: cannot assume OrgKeysAudit",
      whatToDo: "let this role assume OrgKeysAudit",
    },
  ],
  coverage: { ...coverage(0, 0), grants: { managed: 0, total: 0 }, serviceGrants: 0 },
};
const suspended: AccountDrift = {
  ...denied,
  account: "old-prod",
  accountId: "900000000001",
  status: "inactive",
  unread: [],
};

export const pendingDeletion: DriftFinding = {
  id: "key-pending-deletion",
  severity: "critical",
  where: "payments-prod us-east-1 alias/payments-prod",
  why: "waits for its deletion, and can be gone in 5 days, on 2026-06-06; reviewed is a key in use",
  whatToDo: "cancel the deletion and enable the key, today",
  place: {
    account: "payments-prod",
    accountId: "310000000002",
    partition: "aws",
    zone: "pci",
    region: "us-east-1",
    stack: "acme.regulated.pci.payments-prod",
    address: "aws_kms_key.payments_prod_us-east-1",
    resource: "alias/payments-prod",
  },
  detail: [],
  access: [],
  commands: [
    "aws kms cancel-key-deletion --region us-east-1 --key-id mrk-1234abcd12ab34cd56ef1234567890ab",
    "aws kms enable-key --region us-east-1 --key-id mrk-1234abcd12ab34cd56ef1234567890ab",
  ],
  fingerprint: "11111111111111111111111111111111",
  terraform: undefined,
};

export const widened: DriftFinding = {
  ...pendingDeletion,
  id: "policy-widened",
  where: "payments-prod us-east-1 alias/payments-prod statement Extra",
  why: "has a statement Extra that nobody reviewed",
  whatToDo: "put the reviewed policy back",
  detail: ["statement Extra"],
  access: [
    {
      effect: "gains",
      who: "arn:aws:iam::310000000002:role/payments-batch",
      actions: ["kms:Decrypt"],
      through: "statement Extra",
      outside: undefined,
    },
    {
      effect: "gains",
      who: "arn:aws:iam::210000000001:role/reports",
      actions: ["kms:Decrypt", "kms:DescribeKey"],
      through: "statement Extra",
      outside: "account shop-prod of zone corporate",
    },
    {
      effect: "loses",
      who: "arn:aws:iam::310000000002:role/payments-api",
      actions: ["kms:Encrypt"],
      through: "statement UsePaymentsApi, which is gone",
      outside: undefined,
    },
  ],
  commands: ["orgkeys apply acme.regulated.pci.payments-prod"],
  fingerprint: "22222222222222222222222222222222",
  terraform: "aws_kms_key.payments_prod_us-east-1: policy has changed",
};

export const unmanaged: DriftFinding = {
  ...pendingDeletion,
  id: "key-unmanaged",
  severity: "medium",
  where: "shop-prod us-east-1 1234abcd-12ab-34cd-56ef-1234567890ab",
  why: "is in no reviewed JSON",
  whatToDo: "take it over: in lifecycle.yaml\nby-hand: {account: shop-prod, …}\n  adopt: {keyId: 1234abcd}",
  place: {
    ...pendingDeletion.place,
    account: "shop-prod",
    accountId: "210000000001",
    zone: "corporate",
    stack: undefined,
    address: undefined,
    resource: "1234abcd-12ab-34cd-56ef-1234567890ab",
  },
  commands: [],
  fingerprint: "33333333333333333333333333333333",
};

const retagged: DriftFinding = {
  ...unmanaged,
  id: "tags-changed",
  severity: "low",
  where: "shop-prod us-east-1 alias/shop-prod tag Owner",
  why: "tag Owner is shop, and shop-team was reviewed",
  whatToDo: "apply the stack",
  place: {
    ...unmanaged.place,
    stack: "acme.workloads.prod.shop-prod",
    address: "aws_kms_key.shop_prod_us-east-1",
    resource: "alias/shop-prod",
  },
  detail: ["tag Owner"],
  fingerprint: "44444444444444444444444444444444",
};

export const rule: IgnoreRule = {
  name: "owner-tags",
  drift: "tags-changed",
  accounts: undefined,
  zones: ["corporate"],
  resource: undefined,
  critical: false,
  owner: "shop-team",
  reason: "the tag is renamed by hand this quarter",
  expires: "2026-07-01",
  source: "drift.yaml owner-tags",
};

/** Something of everything. */
export const drifted: DriftReport = {
  output: "cdktf.out",
  today: "2026-06-01",
  startedAt: "2026-06-01T02:00:00Z",
  engine: "terraform",
  accounts: [denied, shop, payments, suspended],
  findings: [pendingDeletion, widened, unmanaged],
  known: [],
  ignored: [{ finding: retagged, rule }],
  idleRules: [
    { ...rule, name: "old-aliases", drift: "alias-unmanaged", expires: "2026-05-31", source: "drift.yaml old-aliases" },
    { ...rule, name: "spare-keys", drift: "key-unmanaged", zones: ["pci"], source: "drift.yaml spare-keys" },
  ],
  left: { belowSeverity: 0, known: 0, gone: 0 },
  calls: 96,
};

export const undrifted: DriftReport = {
  ...drifted,
  engine: "aws",
  accounts: [{ ...shop, status: "read", unread: [] }, payments],
  findings: [],
  ignored: [],
  idleRules: [],
};

/** With --since and --severity. */
export const narrowedDrift: DriftReport = {
  ...drifted,
  accounts: [payments],
  findings: [widened],
  known: [pendingDeletion],
  ignored: [],
  idleRules: [],
  left: { belowSeverity: 2, known: 1, gone: 3 },
};

/** A text wherever AWS or the map has one. */
export function hostileDrift(text: string): DriftReport {
  const place = {
    ...widened.place,
    account: text,
    zone: text,
    region: text,
    stack: text,
    address: text,
    resource: text,
  };
  const finding: DriftFinding = {
    ...widened,
    where: text,
    why: text,
    whatToDo: text,
    place,
    detail: [text],
    access: [{ effect: "gains", who: text, actions: [text], through: text, outside: text }],
    commands: [text],
    terraform: text,
  };
  const hostileRule = { ...rule, name: text, owner: text, reason: text, source: text };
  const account: AccountDrift = {
    ...shop,
    account: text,
    zone: text,
    stacks: [text],
    regions: [text],
    unread: [{ what: text, region: text, unread: text, whatToDo: text }],
  };
  return {
    ...drifted,
    output: text,
    accounts: [account],
    findings: [finding],
    known: [finding],
    ignored: [{ finding, rule: hostileRule }],
    idleRules: [hostileRule],
  };
}

/** Many of everything, with long names. */
export function floodedDrift(count = 10_000): DriftReport {
  const name = "x".repeat(300);
  const many = <Item>(make: (number: number) => Item): Item[] =>
    Array.from({ length: count }, (_, number) => make(number));
  const ofAccount = (number: number) => `${name}-${number}`;
  return {
    ...drifted,
    accounts: many((number) => ({
      ...shop,
      account: ofAccount(number),
      accountId: String(number),
      zone: ofAccount(number),
      unread: shop.unread.map((part) => ({ ...part, unread: `${part.unread} ${number}` })),
    })),
    findings: many((number) => ({
      ...widened,
      where: `${name} ${number}`,
      place: { ...widened.place, account: ofAccount(number), accountId: String(number), zone: ofAccount(number) },
      access: widened.access.flatMap((change) => Array.from({ length: 100 }, () => change)),
      commands: [`aws kms put-key-policy --policy '${name}${name}'`],
    })),
    ignored: many((number) => ({ finding: { ...retagged, where: ofAccount(number) }, rule })),
    idleRules: many((number) => ({ ...rule, name: ofAccount(number) })),
  };
}
