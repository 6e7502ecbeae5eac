import type { CheckOutcome, ReportedCheck } from "../../modules/report/check-outcome";
import type { LocatedException, LocatedFinding } from "../../modules/report/locate-findings";

/** Checks as reports see them; the texts are not those of the real ones, so that goldens change only with the reports. */
const access: ReportedCheck = {
  id: "zone-key-access",
  kind: "proof",
  severity: "critical",
  requirement: "No statement lets anybody outside the zone in.",
  reason: "One principal from elsewhere ends the zone.",
  fix: "take the principal out of the statement",
};
const state: ReportedCheck = {
  id: "zone-state",
  kind: "proof",
  severity: "high",
  requirement: "The state of a zone is in its own bucket.",
  reason: "State holds what keys protect.",
  fix: "give the zone a bucket of its own",
};
const rotation: ReportedCheck = {
  id: "rotation",
  kind: "hygiene",
  severity: "medium",
  requirement: "Keys rotate: no `kms:*` | none.",
  reason: "Old material is known to more people.",
  fix: "set rotationDays",
};

export const foreignRole: LocatedFinding = {
  id: "zone-key-access",
  severity: "critical",
  where: "payments-prod aws_kms_key.payments_us-east-1 statement Extra arn:aws:iam::210000000001:role/web",
  why: "lets account shop-prod (210000000001) of zone corporate do Decrypt with a key of zone pci",
  whatToDo: access.fix,
  output: {
    file: "cdktf.out/stacks/acme.pci.payments-prod/cdk.tf.json",
    line: 120,
    column: 9,
    stack: "acme.pci.payments-prod",
    pointer: "/locals/payments_us-east-1-policy/Statement/4",
  },
  map: [{ file: "config/workloads/payments.yaml", line: 7, column: 5, path: "payments.environments.prod" }],
};

const mapAlone: LocatedFinding = {
  id: "zone-state",
  severity: "high",
  where: "zone pci",
  why: "shares bucket acme-state with zone corporate",
  whatToDo: "give zone pci a bucket of its own",
  output: undefined,
  map: [
    { file: "config/zones.yaml", line: 12, column: 3, path: "pci.state" },
    { file: "config/zones.yaml", line: 3, column: 3, path: "corporate.state" },
  ],
};

const tooSlow: LocatedFinding = {
  ...foreignRole,
  id: "rotation",
  severity: "medium",
  where: "payments-prod aws_kms_key.payments_us-east-1",
  why: "rotates every 730 days, and zone pci wants 365 at most",
  whatToDo: rotation.fix,
};

const accepted: LocatedException = {
  finding: { ...tooSlow, where: "payments-prod aws_kms_key.legacy_us-east-1" },
  exception: {
    name: "legacy-rotation",
    owner: "payments-platform",
    reason: "the HSM vendor rotates it by hand",
    expires: "2027-01-31",
  },
};

/** One breach, one finding about the map alone, one of hygiene, and one that is accepted. */
export const breached: CheckOutcome = {
  output: "cdktf.out",
  today: "2026-06-01",
  checks: [access, state, rotation],
  findings: [foreignRole, mapAlone, tooSlow],
  accepted: [accepted],
  stacks: 3,
  keys: 5,
  zones: [
    { zone: "corporate", accounts: 2, keys: 1 },
    { zone: "pci", accounts: 1, keys: 4 },
  ],
  proof: "breached",
  left: { notSelected: 0, belowSeverity: 0 },
  missingStacks: [],
  leftOverStacks: [],
};

export const clean: CheckOutcome = { ...breached, findings: [], accepted: [], proof: "holds" };

/** Nothing left to mend, and not everything looked at. */
export const narrowed: CheckOutcome = {
  ...breached,
  findings: [tooSlow],
  left: { notSelected: 2, belowSeverity: 1 },
  missingStacks: ["acme.workloads.a", "acme.workloads.b", "acme.workloads.c", "acme.workloads.d"],
  leftOverStacks: ["acme.gone"],
};

/** As hostile as an edited file can be. */
export const hostileTexts: readonly string[] = [
  "</failure><script>alert(1)</script>",
  "``` \n```\n# heading ``````",
  "```",
  "``````````",
  "]]> <!-- & &amp; \" ' = | \\|",
  "\u0000\u0007\u001b[31mred\u001b[0m\r\nsecond line\u2028third\u202eback",
  "\ud800 lone, \udfff lone, \ufffe \uffff",
  "[text](https://example.com) {0} {{this}} @octocat #1",
  "${aws:PrincipalTag/x} %{if true} <!DOCTYPE x>",
];

export function hostile(text: string): CheckOutcome {
  const finding: LocatedFinding = {
    ...foreignRole,
    where: text,
    why: text,
    whatToDo: text,
    output: { file: `out/${text}`, line: 1, column: 1, stack: text, pointer: `/${text}` },
    map: [{ file: `config/${text}`, line: 1, column: 1, path: text }],
  };
  const exception = { ...accepted.exception, name: text, owner: text, reason: text };
  return {
    ...breached,
    output: text,
    findings: [finding],
    accepted: [{ finding: { ...finding, id: "rotation" }, exception }],
    missingStacks: [text],
    leftOverStacks: [text],
  };
}

/** Ten thousand findings of one kind, each with long names. */
export function flooded(count = 10_000): CheckOutcome {
  const name = "x".repeat(300);
  return {
    ...breached,
    findings: Array.from({ length: count }, (_, number) => ({ ...foreignRole, where: `${name} ${number}`, why: name })),
  };
}
