import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { explainFailure } from "../../../modules/terraform/steps/explain-failure";
import { failureCauses } from "../../../modules/terraform/steps/failure-causes";
import { LogReading } from "../../../modules/terraform/steps/log-reading";
import type { StepFailure, StepName } from "../../../modules/terraform/steps/step";
import type { ToolExit } from "../../../modules/terraform/steps/tool-process";
import { diagnostic } from "./fake-step";

const LOGS = join(__dirname, "../../fixtures/terraform-logs");
const FAILED: ToolExit = { code: 1, signal: null, sent: undefined, error: undefined };
const PLACE = {
  tool: { name: "terraform", program: "terraform", version: "1.11.4" },
  stack: "commercial.workloads.shop",
  directory: "/out/shop",
  folder: "/runs/1/shop",
  environment: {},
} as const;

function failureOf(step: StepName, lines: readonly string[], exit: Partial<ToolExit> = {}): StepFailure {
  const reading = new LogReading(step);
  for (const line of lines) reading.add(line);
  return explainFailure({ step, exit: { ...FAILED, ...exit }, reading, diskFull: false }, PLACE);
}

function failureOfLog(step: StepName, name: string, exit: Partial<ToolExit> = {}): StepFailure {
  return failureOf(step, readFileSync(join(LOGS, `${name}.jsonl`), "utf8").split("\n"), exit);
}

interface RealCase {
  readonly log: string;
  readonly step: StepName;
  readonly cause: string;
  /** Of the message or the next step. */
  readonly tells: string;
  readonly transient?: true;
  readonly exit?: Partial<ToolExit>;
  readonly unfinished?: readonly string[];
}

const BOTH = ["aws_kms_key.one", "aws_kms_key.two"];
const ROLE = "arn:aws:iam::111111111111:role/OrgKeysDeploy";

/** Logs of Terraform 1.11 with the AWS provider 5.100. */
const real: readonly RealCase[] = [
  { log: "access-denied", step: "apply", cause: "access-denied", tells: "OrgKeysDeploy/x needs kms:CreateKey on *" },
  {
    log: "alias-exists",
    step: "apply",
    cause: "already-exists",
    tells: "import 'aws_kms_alias.one'",
    unfinished: ["aws_kms_alias.one"],
  },
  { log: "backend-changed", step: "init", cause: "backend-changed", tells: "never with -reconfigure" },
  { log: "configuration-invalid", step: "plan", cause: "configuration-invalid", tells: '"descripton"' },
  { log: "credentials-expired", step: "plan", cause: "credentials-expired", tells: "sign in again" },
  {
    log: "disk-full",
    step: "apply",
    cause: "state-not-written",
    tells: "`Emergency state dump` in apply.log",
    unfinished: BOTH,
  },
  { log: "endpoint-unreachable", step: "plan", cause: "endpoint-unreachable", tells: "connection refused" },
  {
    log: "interrupted",
    step: "apply",
    cause: "interrupted",
    tells: "context canceled",
    exit: { sent: "SIGINT" },
    unfinished: BOTH,
  },
  { log: "key-not-found", step: "plan", cause: "key-not-found", tells: "data.aws_kms_key.owner looks for a key" },
  { log: "no-credentials", step: "plan", cause: "no-credentials", tells: "AWS_PROFILE" },
  {
    log: "policy-malformed",
    step: "apply",
    cause: "policy-malformed",
    tells: "\narn:aws:iam::111111111111:role/Gone does not exist",
  },
  { log: "prevent-destroy", step: "plan", cause: "prevent-destroy", tells: "untaint 'aws_kms_key.two'" },
  { log: "provider-killed", step: "apply", cause: "provider-crashed", tells: "did not respond", unfinished: BOTH },
  { log: "provider-missing", step: "init", cause: "provider-missing", tells: "no such file or directory" },
  { log: "provider-not-started", step: "apply", cause: "provider-crashed", tells: "--concurrency" },
  { log: "registry-unreachable", step: "init", cause: "registry-unreachable", tells: "registry.terraform.io" },
  {
    log: "role-not-assumed",
    step: "plan",
    cause: "role-not-assumed",
    tells: `${ROLE} has to be there, and trust arn:aws:iam::222222222222:role/Pipeline`,
  },
  { log: "stale-plan", step: "apply", cause: "stale-plan", tells: "plan it again" },
  {
    log: "state-locked",
    step: "plan",
    cause: "state-locked",
    tells:
      "ci@runner holds the state since 2026-11-22 13:39:06.150106872 +0000 UTC (OperationTypeApply): wait for its end, then go on with --resume; only when nothing runs there any more, free it with `terraform -chdir=/out/shop force-unlock 38b57ff6-6141-8b06-35e9-f90548aa4c0f`",
    transient: true,
  },
  {
    log: "terraform-killed",
    step: "apply",
    cause: "killed",
    tells: "SIGKILL",
    exit: { code: null, signal: "SIGKILL" },
    unfinished: BOTH,
  },
  { log: "throttled-sts", step: "plan", cause: "throttled", tells: "Rate exceeded", transient: true },
  { log: "wrong-account", step: "plan", cause: "wrong-account", tells: "lead to account 111111111111" },
];

describe("a log of a real Terraform", () => {
  test.each(real)("$log", ({ log, step, cause, tells, transient = false, exit, unfinished = [] }) => {
    const failure = failureOfLog(step, log, exit);
    expect(failure).toMatchObject({ step, cause, transient, uncertain: unfinished.length > 0, unfinished });
    expect(`${failure.message}\n${failure.whatToDo}`).toContain(tells);
  });

  test("each has its case", () => {
    expect(readdirSync(LOGS).sort()).toEqual(real.map(({ log }) => `${log}.jsonl`).sort());
  });

  test("none has a path or a name of the machine that it was made on", () => {
    const texts = readdirSync(LOGS).map((name) => readFileSync(join(LOGS, name), "utf8"));
    expect(texts.filter((text) => /\/(root|home|work|tmp|opt)\//.test(text))).toEqual([]);
  });
});

const REPLICA = "aws_kms_replica_key.eu";

/** Messages from the sources of Terraform, the provider and AWS. */
const told: readonly (readonly [cause: string, summary: string, detail?: string, address?: string])[] = [
  ["state-not-written", "Failed to save state", "Error saving state: open x: permission denied\n\nto errored.tfstate"],
  ["state-not-written", "Failed to persist state to backend", "The error shown above has prevented Terraform"],
  ["disk-full", "Failed to write plan file", "write /runs/plan.tfplan: no space left on device"],
  ["plan-unreadable", 'Failed to load "plan.tfplan" as a plan file', "Error: the given file is not a valid plan file"],
  ["provider-crashed", "Request cancelled", "rpc error: code = Unavailable desc = transport is closing"],
  [
    "checksum-mismatch",
    "Failed to install provider",
    "Error while installing hashicorp/aws v5.100.0: the local package doesn't match any of the checksums previously recorded in the dependency lock file",
  ],
  ["not-initialized", "Inconsistent dependency lock file", "required by this configuration but no version is selected"],
  ["not-initialized", 'Backend initialization required, please run "terraform init"', "Reason: Initial configuration"],
  ["credentials-invalid", "Retrieving AWS account details", "InvalidClientTokenId: The security token is invalid."],
  ["credentials-expired", "No valid credential sources found", "the SSO session has expired or is invalid"],
  ["endpoint-unreachable", "creating KMS Key", "https response error StatusCode: 503, ServiceUnavailable"],
  ["state-unreadable", "Failed to load state", "operation error S3: GetObject, api error AccessDenied: Access Denied"],
  ["state-unreadable", "Error acquiring the state lock", "operation error S3: PutObject, api error AccessDenied"],
  [
    "state-unreadable",
    'S3 bucket "acme" does not exist.',
    "The referenced S3 bucket must have been previously created.",
  ],
  ["replica-exists", "creating KMS Replica Key: AlreadyExistsException: a replica already exists", "", REPLICA],
  ["replica-exists", "waiting for KMS Replica Key create: timeout while waiting for state", "", REPLICA],
  [
    "provider-gone",
    "Provider configuration not present",
    "To work with x its original provider configuration",
    REPLICA,
  ],
  ["not-there", "Cannot import non-existent remote object", 'While attempting to import to "aws_kms_alias.a"'],
  [
    "already-exists",
    "creating Organizations Policy: DuplicatePolicyException: a policy",
    "",
    "aws_organizations_policy.a",
  ],
  ["pending-deletion", "updating KMS Key: KMSInvalidStateException: arn:… is pending deletion.", "", "aws_kms_key.a"],
  ["access-denied", "updating KMS Key policy: AccessDeniedException", "", "aws_kms_key.a"],
  ["policy-malformed", "creating KMS Key: MalformedPolicyDocumentException", "", "aws_kms_key.a"],
  ["limit-exceeded", "creating KMS Alias: LimitExceededException", "", "aws_kms_alias.a"],
  ["plan-inconsistent", "Provider produced inconsistent final plan", "", "aws_kms_key.a"],
  ["timeout", "waiting for KMS Key propagation: timeout while waiting for state", "", "aws_kms_key.a"],
  ["lock-not-released", "Error releasing the state lock", "Lock ID: 38b57ff6-6141-8b06-35e9-f90548aa4c0f"],
  ["already-in-state", "Resource already managed by OpenTofu", "OpenTofu is already managing a remote object"],
  ["unknown", "Something that nobody has seen"],
];

describe("a message", () => {
  test.each(told)("comes to %s: %s", (cause, summary, detail = "", address) => {
    const failure = failureOf("apply", [JSON.stringify(diagnostic(summary, detail, address))]);
    expect(failure.cause).toBe(cause);
    expect(failure.whatToDo).not.toBe("");
    expect(failure.transient).toBe(false);
  });

  test("of text is read like one of JSON, in a frame or without", () => {
    const plain = ["", "Error: Resource already managed by Terraform", "", "Terraform is already managing it."];
    const framed = [
      "╷",
      "│ Error: Resource already managed by Terraform",
      "│ ",
      "│ Terraform is already managing it.",
      "╵",
    ];
    const wanted = "Resource already managed by Terraform\nTerraform is already managing it.";
    expect(failureOf("import", plain)).toMatchObject({ cause: "already-in-state", message: wanted });
    expect(failureOf("import", framed)).toMatchObject({ cause: "already-in-state", message: wanted });
  });

  test("that the state was not written comes before how the process ended", () => {
    const lines = [
      '{"type":"apply_start","hook":{"resource":{"addr":"aws_kms_key.a"},"action":"create"}}',
      '{"type":"apply_complete","hook":{"resource":{"addr":"aws_kms_key.a"},"action":"create"}}',
      JSON.stringify(diagnostic("Failed to persist state to backend", "see errored.tfstate")),
    ];
    const failure = failureOf("apply", lines, { sent: "SIGINT" });
    expect(failure).toMatchObject({ cause: "state-not-written", uncertain: true, unfinished: ["aws_kms_key.a"] });
    expect(failure.whatToDo).toContain("terraform -chdir=/out/shop state push errored.tfstate");
  });

  const done = ["start", "complete"].map(
    (phase) => `{"type":"apply_${phase}","hook":{"resource":{"addr":"aws_kms_key.a"},"action":"create"}}`,
  );

  test.each<[string, readonly string[], Partial<ToolExit>, string]>([
    ["it panicked", ["!!!!!!!!!! TERRAFORM CRASH !!!!!!!!!!", "", "panic: odd"], { code: 11 }, "tool-crashed"],
    ["it said no more than that it crashed", ["!!!!!!!!!! OPENTOFU CRASH !!!!!!!!!!"], { code: 11 }, "tool-crashed"],
    ["it ran out of memory", ["fatal error: runtime: out of memory"], { code: 2 }, "tool-crashed"],
    ["a shell around it was told that it was killed", [], { code: 137 }, "killed"],
    ["something killed it", [], { code: null, signal: "SIGKILL" }, "killed"],
  ])("of a change that was done does not count as written where %s", (_, lines, exit, cause) => {
    expect(failureOf("apply", [...done, ...lines], exit)).toMatchObject({
      cause,
      uncertain: true,
      unfinished: ["aws_kms_key.a"],
    });
  });

  test("of a change that was done counts as written where it ended by itself", () => {
    const lines = [...done, JSON.stringify(diagnostic("AccessDenied", "", "aws_kms_alias.a"))];
    expect(failureOf("apply", lines)).toMatchObject({ cause: "access-denied", uncertain: false, unfinished: [] });
  });

  test("of many is told of the first ones, and of how many more there are", () => {
    const lines = Array.from({ length: 9 }, (_, index) => JSON.stringify(diagnostic(`Odd thing ${index}`)));
    expect(failureOf("plan", lines).message).toMatch(/Odd thing 4\nand 4 more$/);
  });

  test("that the providers of several Regions have alike is told once", () => {
    const lines = ["", ".us-west-2", ".eu-west-1"].map((alias, index) =>
      JSON.stringify(
        diagnostic(
          "Cannot assume IAM Role",
          `IAM Role (${ROLE}) cannot be assumed.\n\nStatusCode: 403, RequestID: ${index}f-${index}, api error AccessDenied`,
          `provider["registry.terraform.io/hashicorp/aws"]${alias}`,
        ),
      ),
    );
    const { cause, message } = failureOf("plan", lines);
    expect(cause).toBe("role-not-assumed");
    expect(message.match(/Cannot assume IAM Role/g)).toHaveLength(1);
    expect(message).not.toContain("more");
    const other = JSON.stringify(diagnostic("Cannot assume IAM Role", "IAM Role (other) cannot be assumed."));
    expect(failureOf("plan", [...lines, other]).message.match(/Cannot assume IAM Role/g)).toHaveLength(2);
  });
});

test("every cause of the table has a log or a message", () => {
  const held = new Set([...real.map(({ cause }) => cause), ...told.map(([cause]) => cause)]);
  expect(failureCauses.map(({ cause }) => cause).filter((cause) => !held.has(cause))).toEqual([]);
});
