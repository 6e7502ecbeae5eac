import type { ReviewReport } from "../../modules/report/review-report";
import type { Review, ReviewChange, ReviewedAccess, ReviewPlace } from "../../modules/review/review";

const place: ReviewPlace = {
  organization: "commercial",
  account: "pci-key-management",
  accountId: "310000000001",
  partition: "aws",
  zone: "pci",
  regions: ["us-east-1", "us-west-2"],
  stack: "commercial.regulated.pci.pci-key-management",
  address: "aws_kms_key.payments_prod_us-east-1",
  resource: "alias/payments-prod",
};

const access: ReviewedAccess = {
  effect: "gains",
  who: "arn:aws:iam::310000000002:role/payments-batch",
  whom: "role/payments-batch in payments-prod",
  actions: ["kms:Decrypt", "kms:GenerateDataKey"],
  through: "grant payments-batch",
  outside: undefined,
  key: "alias/payments-prod",
  zone: "pci",
  regions: ["us-east-1", "us-west-2"],
  half: "key",
  until: "2027-01-31",
  conditions: ["only through s3"],
};

/** Somebody from another zone. */
export const outsider: ReviewChange = {
  id: "access-gained-outside",
  risk: "critical",
  place,
  detail: "UseShop",
  what: "role/shop-api in shop-prod gains Decrypt, through statement UseShop",
  whatToDo: "make sure that zone pci may be opened to account shop-prod, and that an exception says who answers for it",
  access: [
    {
      ...access,
      who: "arn:aws:iam::210000000001:role/shop-api",
      whom: "role/shop-api in shop-prod",
      actions: ["kms:Decrypt"],
      through: "statement UseShop",
      outside: "account shop-prod (210000000001) of zone corporate",
      until: undefined,
      conditions: [],
    },
  ],
  lines: [
    {
      side: "head",
      stack: "commercial.regulated.pci.pci-key-management",
      path: "/locals/payments_prod_us-east-1-policy/Statement/3",
    },
  ],
};

const replaced: ReviewChange = {
  id: "key-replaced",
  risk: "critical",
  place: {
    ...place,
    resource: "alias/ledger-prod",
    address: "aws_kms_key.ledger_prod_us-east-1",
    regions: ["us-east-1"],
  },
  detail: "",
  what: "is replaced by another key, since customer_master_key_spec is another: what it has encrypted stays under the old one",
  whatToDo: "make sure that nothing is encrypted under it any more, or keep it beside the new one",
  access: [],
  lines: [
    {
      side: "base",
      stack: "commercial.regulated.pci.pci-key-management",
      path: "/resource/aws_kms_key/ledger_prod_us-east-1",
    },
  ],
};

const granted: ReviewChange = {
  id: "grant-added",
  risk: "high",
  place,
  detail: "payments-batch",
  what: "has a grant more, payments-batch",
  whatToDo: "",
  access: [
    access,
    { ...access, who: "arn:aws:iam::310000000002:role/payments-audit", whom: "role/payments-audit in payments-prod" },
    { ...access, effect: "loses", whom: "role/payments-old in payments-prod", half: "identity", until: undefined },
  ],
  lines: [],
};

/** Three hundred keys that gain the same statement, each in an account of its own. */
export function baselineGains(count = 300): ReviewChange[] {
  return Array.from({ length: count }, (_, number) => {
    const account = `member-${String(number).padStart(4, "0")}`;
    return {
      ...outsider,
      id: "access-gained" as const,
      risk: "high" as const,
      place: {
        ...place,
        account,
        accountId: String(400_000_000_000 + number),
        zone: "corporate",
        stack: `commercial.workloads.${account}`,
        resource: `alias/baseline-${number}`,
      },
      detail: "UseAudit",
      what: `role/Auditor in ${account} gains DescribeKey on alias/baseline-${number}, through statement UseAudit`,
      whatToDo: "",
      access: [
        {
          ...access,
          who: `arn:aws:iam::${400_000_000_000 + number}:role/Auditor`,
          whom: `role/Auditor in ${account}`,
          actions: ["kms:DescribeKey"],
          key: `alias/baseline-${number}`,
          zone: "corporate",
          through: "statement UseAudit",
          until: undefined,
          conditions: [],
        },
      ],
      lines: [],
    };
  });
}

/** Principals of one key that gain the same, each by a statement of its own. */
export function manyPrincipals(count = 40): ReviewChange[] {
  return Array.from({ length: count }, (_, number) => {
    const whom = `role/reader-${number} in payments-prod`;
    return {
      ...outsider,
      id: "access-gained" as const,
      risk: "high" as const,
      detail: `UseReader${number}`,
      what: `${whom} gains Decrypt, through statement UseReader${number}`,
      whatToDo: "",
      access: [
        {
          ...access,
          who: `arn:aws:iam::310000000002:role/reader-${number}`,
          whom,
          through: `statement UseReader${number}`,
        },
      ],
      lines: [],
    };
  });
}

const tags: ReviewChange = {
  id: "tags-changed",
  risk: "low",
  place: { ...place, account: undefined, resource: "tag owner", regions: [], address: undefined },
  detail: "owner",
  what: "is another on 14 keys and 3 replicas",
  whatToDo: "",
  access: [],
  lines: [],
};

const side: Review["base"] = {
  name: "main",
  commit: "5216dae7bb3a".padEnd(40, "0"),
  stacks: 28,
  keys: 32,
  replicas: 11,
};

const empty: Review = {
  base: side,
  head: { ...side, name: "cdktf.out", commit: undefined },
  changes: [],
  sameMeaning: [],
  zones: [],
  cost: { before: 43, after: 43, unpriced: { before: 0, after: 0 } },
};

/** Nothing but other bytes. */
export const unchanged: ReviewReport = {
  review: { ...empty, sameMeaning: ["commercial.workloads.dev.shop-dev"] },
  verdict: { level: "none", line: "No change of meaning; 1 stack differs in bytes." },
  base: { from: "synthesized", isMergeBase: false, code: "same", byOwnCode: false, zones: "own" },
  head: { from: "folder", isMergeBase: false, code: undefined, byOwnCode: false, zones: "head" },
  today: undefined,
  failures: [],
  lineOf: ({ stack, path }) =>
    path === "" ? undefined : { file: `cdktf.out/stacks/${stack}/cdk.tf.json`, line: 812, column: 9 },
  link: undefined,
};

/** Some of everything. */
export const changed: ReviewReport = {
  ...unchanged,
  review: {
    ...empty,
    head: { ...empty.head, stacks: 29, keys: 33 },
    changes: [outsider, replaced, ...baselineGains(), ...manyPrincipals(), granted, tags],
    sameMeaning: ["commercial.workloads.dev.shop-dev"],
    zones: [
      { zone: "corporate", stacks: 300, changes: 300, wall: false },
      { zone: "pci", stacks: 1, changes: 43, wall: true },
    ],
    cost: { before: 43, after: 1044.5, unpriced: { before: 4, after: 5 } },
  },
  verdict: {
    level: "stop",
    line: "Stop: somebody outside zone pci gains Decrypt on 1 key; 1 key is replaced.",
  },
  base: { ...unchanged.base, code: "other", isMergeBase: true },
  today: "2026-11-22",
  failures: [{ reason: "zone", why: "what keeps a zone apart is another", of: ["zone pci"] }],
  link: "https://github.com/acme/orgkeys/blob/3f2a/cdktf.out",
};

/** Everything that is text, this text. */
export function hostileReview(text: string): ReviewReport {
  const hostilePlace: ReviewPlace = {
    organization: text,
    account: text,
    accountId: text,
    partition: "aws",
    zone: text,
    regions: [text],
    stack: text,
    address: text,
    resource: text,
  };
  const row: ReviewedAccess = {
    ...access,
    who: text,
    whom: text,
    actions: [text],
    through: text,
    outside: text,
    key: text,
    zone: text,
    regions: [text],
    until: text,
    conditions: [text],
  };
  const change: ReviewChange = {
    ...outsider,
    place: hostilePlace,
    detail: text,
    what: text,
    whatToDo: text,
    access: [row, { ...row, effect: "loses" }],
    lines: [{ side: "head", stack: text, path: `/${text}` }],
  };
  return {
    ...changed,
    review: {
      ...changed.review,
      base: { ...side, name: text },
      head: { ...side, name: text },
      changes: [change],
      sameMeaning: [text],
      zones: [{ zone: text, stacks: 1, changes: 1, wall: true }],
    },
    verdict: { level: "stop", line: text },
    failures: [{ reason: "zone", why: text, of: [text] }],
    lineOf: ({ path }) => ({ file: `cdktf.out/${path}`, line: 1, column: 1 }),
  };
}
