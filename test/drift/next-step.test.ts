import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { DriftSubject } from "../../modules/drift/drift";
import { type CommandSettings, nextStep } from "../../modules/drift/next-step";
import { type DriftId, driftIds } from "../../modules/findings/drift-ids";
import { arn, drift, everything, keyId, liveKey, reviewedDocument, reviewedKey, rootStatement } from "./drift-samples";

const settings: CommandSettings = { config: "config", out: "cdktf.out" };
const step = (...given: Parameters<typeof drift>) => nextStep(drift(...given), settings);
const apply = "npm run -s orgkeys -- apply acme.health.clinic";
const byCloudFormation = { ...reviewedKey, by: "cloudformation" } as const;

const nasty = "a'b; touch gone $(touch gone) `touch gone`\ntouch gone";
const nastySubject: DriftSubject = {
  ...everything,
  key: { ...liveKey, arn: nasty, keyId: nasty, keyStoreId: nasty, tags: { value: { [nasty]: nasty } } },
  reviewedKey: { ...reviewedKey, description: nasty, tags: { Owner: nasty } },
  alias: { name: nasty, keyId: nasty },
  aliasName: nasty,
  target: `role/${nasty}`,
  keyStoreId: nasty,
};

describe("the next step of every kind", () => {
  const subjects: readonly (readonly [string, DriftSubject])[] = [
    ["with everything", everything],
    ["with nothing", {}],
    ["of a key of CloudFormation", { ...everything, reviewedKey: byCloudFormation }],
    ["with names that AWS never has", nastySubject],
  ];

  test.each(driftIds.flatMap((id) => subjects.map(([name, subject]) => [id, name, subject] as const)))(
    "%s, %s, is an instruction, and commands that a shell understands",
    (id, _, subject) => {
      const { whatToDo, commands } = step(id, subject);
      expect(whatToDo).toMatch(/^[a-z].*[^.;]$/);
      expect(commands.filter((command) => command.trim() === "")).toEqual([]);
      expect(bash(["-n"], commands.join("\n"))).toEqual({ status: 0, stderr: "" });
    },
  );

  test("is what the comparison knows, where it does", () => {
    const made = drift("key-enabled");
    expect(nextStep({ ...made, whatToDo: "ask whoever did it" }, settings)).toEqual({
      ...nextStep(made, settings),
      whatToDo: "ask whoever did it",
    });
  });

  test("names the folders that the user gave", () => {
    expect(nextStep(drift("stack-not-applied"), { config: "maps/a b", out: "out" }).commands).toEqual([
      `${apply} --config 'maps/a b' --out out`,
    ]);
  });
});

const at = `--key-id ${arn}`;
const inRegion = "--region us-east-1";

/** Of the commands, those that change something. */
const changes: readonly (readonly [DriftId, DriftSubject, readonly string[]])[] = [
  [
    "key-pending-deletion",
    everything,
    [`aws kms cancel-key-deletion ${at} ${inRegion}`, `aws kms enable-key ${at} ${inRegion}`],
  ],
  [
    "key-pending-deletion",
    { ...everything, reviewedKey: { ...reviewedKey, enabled: false, step: "disabled" } },
    [`aws kms cancel-key-deletion ${at} ${inRegion}`],
  ],
  ["key-disabled", everything, [`aws kms enable-key ${at} ${inRegion}`]],
  [
    "key-enabled",
    { ...everything, reviewedKey: { ...reviewedKey, enabled: false, step: "disabled" } },
    [`aws kms disable-key ${at} ${inRegion}`],
  ],
  [
    "key-enabled",
    { ...everything, reviewedKey: { ...reviewedKey, step: "scheduled", deletionWindowDays: 7 } },
    [`aws kms schedule-key-deletion ${at} --pending-window-in-days 7 ${inRegion}`],
  ],
  ["rotation-off", everything, [apply, `aws kms enable-key-rotation ${at} --rotation-period-in-days 180 ${inRegion}`]],
  [
    "rotation-period",
    { ...everything, reviewedKey: { ...byCloudFormation, rotation: { enabled: true, periodDays: undefined } } },
    [`aws kms enable-key-rotation ${at} --rotation-period-in-days 365 ${inRegion}`],
  ],
  ["rotation-on", everything, [apply, `aws kms disable-key-rotation ${at} ${inRegion}`]],
  [
    "description-changed",
    everything,
    [apply, `aws kms update-key-description ${at} --description 'records prod' ${inRegion}`],
  ],
  [
    "tags-changed",
    everything,
    [
      apply,
      `aws kms tag-resource ${at} --tags '[{"TagKey":"Owner","TagValue":"clinic, the"}]' ${inRegion}`,
      `aws kms untag-resource ${at} --tag-keys '["Extra"]' ${inRegion}`,
    ],
  ],
  [
    "alias-missing",
    everything,
    [apply, `aws kms create-alias --alias-name alias/records-prod --target-key-id ${arn} ${inRegion}`],
  ],
  [
    "alias-moved",
    everything,
    [`aws kms update-alias --alias-name alias/records-prod --target-key-id ${arn} ${inRegion}`],
  ],
  ["grant-unmanaged", everything, [`aws kms revoke-grant ${at} --grant-id ${"f".repeat(64)} ${inRegion}`]],
  ["grant-changed", everything, [`aws kms revoke-grant ${at} --grant-id ${"f".repeat(64)} ${inRegion}`, apply]],
  ["grant-missing", everything, [apply]],
  [
    "grant-expired",
    everything,
    [
      `aws kms revoke-grant ${at} --grant-id ${"f".repeat(64)} ${inRegion}`,
      'npm run -s orgkeys -- synth --today "$(date -u +%F)"',
      apply,
    ],
  ],
  [
    "consumer-policy-attached",
    everything,
    [
      "aws iam detach-role-policy --role-name records --policy-arn 'arn:aws:iam::310000000001:policy/orgkeys/orgkeys-it'\\''s'",
    ],
  ],
  [
    "primary-moved",
    {
      ...everything,
      key: { ...liveKey, multiRegion: { kind: "replica", primaryRegion: "us-west-2", replicas: ["us-east-1"] } },
    },
    [
      `aws kms update-primary-region --key-id ${arn.replace("us-east-1", "us-west-2")} --primary-region us-east-1 --region us-west-2`,
    ],
  ],
  [
    "replica-forbidden-region",
    everything,
    [
      `aws kms disable-key ${at} ${inRegion}`,
      `aws kms schedule-key-deletion ${at} --pending-window-in-days 30 ${inRegion}`,
    ],
  ],
  [
    "replica-forbidden-region",
    { ...everything, key: { ...liveKey, state: "PendingDeletion", deletedAt: "2026-12-22T12:00:00.000Z" } },
    [],
  ],
  ["replica-extra", everything, []],
  ["key-unmanaged", everything, []],
  ["key-doubled", everything, []],
  ["key-missing", everything, []],
  ["key-different", everything, []],
  ["alias-taken", everything, []],
  ["consumer-policy-missing", everything, [apply]],
  ["guardrail-detached", everything, [apply]],
  [
    "rollout-outdated",
    everything,
    [
      '[ "$(aws sts get-caller-identity --query Account --output text)" = 310000000001 ] && aws cloudformation update-stack-instances --stack-set-name orgkeys-health-access-roles --region us-east-1 --call-as DELEGATED_ADMIN --deployment-targets OrganizationalUnitIds=ou-ab12-20000000,Accounts=310000000001,AccountFilterType=INTERSECTION --regions us-west-2',
    ],
  ],
];

const looks = /^#|aws (kms (describe|list)|cloudtrail|cloudformation list|iam list)/;

test.each(changes)("%s changes this and nothing else", (id, subject, expected) => {
  const { commands } = step(id, subject);
  expect(commands.filter((command) => !looks.test(command))).toEqual(expected);
});

describe("the next step tells", () => {
  const told: readonly (readonly [DriftId, DriftSubject, RegExp])[] = [
    [
      "key-pending-deletion",
      { key: { ...liveKey, deletedAt: "2026-12-01T00:00:00Z" } },
      /before 2026-12-01T00:00:00Z.*before anything is applied.*lost for good.*gate/,
    ],
    ["key-missing", {}, /lost for good.*An apply would make a new, empty key.*key-exists/],
    ["key-pending-import", {}, /^import its material.*Where it has ever had any.*very same material.*lost for good/],
    ["replica-out-of-parity", everything, /^import its material/],
    [
      "key-pending-import",
      { ...everything, reviewedKey: { ...reviewedKey, imported: true, enabled: false, step: "disabled" } },
      /AWS enables it by that, so disable it again/,
    ],
    ["key-disabled", everything, /an apply of acme\.health\.clinic does it as well/],
    ["key-disabled", { ...everything, reviewedKey: { ...reviewedKey, imported: true } }, /no apply does it/],
    [
      "rotation-off",
      { ...everything, reviewedKey: byCloudFormation },
      /what CloudFormation made is not put back by an apply/,
    ],
    ["alias-moved", everything, /under 99999999-0000-4000-8000-000000000000.*alias-retargeted/],
    ["policy-narrowed", everything, /whoever IAM of the account lets, its root user too/],
    [
      "policy-narrowed",
      { ...everything, key: { ...liveKey, policy: { value: policyFor("arn:aws:iam::310000000001:role/left") } } },
      /only arn:aws:iam::310000000001:role\/left: nobody else, the account's root user included/,
    ],
    [
      "policy-narrowed",
      { ...everything, key: { ...liveKey, policy: { value: policyFor("310000000001", "kms:Get*") } } },
      /^open a case with AWS Support.*AWS Support alone.*every apply of it fails/,
    ],
    [
      "policy-widened",
      { ...everything, key: { ...liveKey, policy: { value: policyFor("*") } } },
      /anybody whom its conditions leave/,
    ],
    ["policy-widened", { ...everything, key: { ...liveKey, policy: { value: "no JSON" } } }, /cannot be read here/],
    ["policy-principal-deleted", everything, /status: pending/],
    ["guardrail-changed", everything, /denies more.*gate can stop.*policy-widened/],
  ];
  test.each(told)("of %s what there is to know", (id, subject, what) => {
    expect(step(id, subject).whatToDo).toMatch(what);
  });

  test("no command that AWS denies, while nobody may put another policy", () => {
    const key = { ...liveKey, policy: { value: policyFor("310000000001", "kms:Get*") } };
    for (const of of [reviewedKey, byCloudFormation]) {
      const { commands } = step("policy-narrowed", { ...everything, key, reviewedKey: of });
      expect(commands.length).toBeGreaterThan(1);
      expect(commands.filter((command) => !command.startsWith("# "))).toEqual([]);
    }
  });

  test("the lines of the map that take a key over", () => {
    expect(step("key-unmanaged", { key: liveKey, alias: { name: "alias/legacy", keyId } }).commands).toEqual(
      expect.arrayContaining([
        "# found-89abcdef:",
        "#   account: clinic",
        "#   key: WORKLOAD_ENVIRONMENT",
        `#   adopt: {keyId: ${keyId}, aliases: [legacy]}`,
      ]),
    );
  });
});

describe("a key that waits for its deletion already", () => {
  const leaving = {
    ...everything,
    key: { ...liveKey, state: "PendingDeletion", deletedAt: "2026-12-22T12:00:00.000Z" },
  };

  test.each<DriftId>(["key-unmanaged", "key-doubled", "replica-extra", "replica-forbidden-region"])(
    "%s is not ended a second time, which AWS refuses: its end is told, and how it is kept",
    (id) => {
      const { whatToDo, commands } = step(id, leaving);
      expect(commands.join("\n")).not.toMatch(/disable-key|schedule-key-deletion/);
      expect(commands).toContain(`# aws kms cancel-key-deletion ${at} ${inRegion}`);
      expect(whatToDo).toContain("2026-12-22T12:00:00.000Z");
    },
  );
});

describe("commands that are pasted", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "orgkeys-next-step-"));
    // Says who it is, where an alias leads, and writes every other command down.
    const aws = `#!/bin/sh
case "$*" in
  "sts get-caller-identity"*) echo "$CALLER";;
  "kms describe-key"*) echo "$LEADS_TO";;
  "iam list-policy-versions"*) printf 'v1\\tv2\\n';;
  *) printf '%s\\n' "$*" >> calls;;
esac
`;
    for (const [name, text] of [
      ["aws", aws],
      ["npm", "#!/bin/sh\n"],
    ] as const) {
      writeFileSync(join(folder, name), text);
      chmodSync(join(folder, name), 0o755);
    }
  });
  beforeEach(() => writeFileSync(join(folder, "calls"), ""));
  afterAll(() => rmSync(folder, { recursive: true }));

  function paste(commands: readonly string[], environment: Readonly<Record<string, string>> = {}): string[] {
    const env = { PATH: `${folder}:${process.env.PATH}`, CALLER: "310000000001", ...environment };
    bash([], commands.join("\n"), { cwd: folder, env });
    return readFileSync(join(folder, "calls"), "utf8")
      .trimEnd()
      .split("\n")
      .filter((line) => line !== "");
  }

  test("put the reviewed policy, as it was reviewed", () => {
    const { commands } = step("policy-widened", { ...everything, reviewedKey: byCloudFormation });
    const [call = ""] = paste(commands);
    const file = `key-policy-${keyId}-us-east-1.json`;
    expect(call).toBe(`kms put-key-policy ${at} --policy-name default --policy file://${file} ${inRegion}`);
    expect(JSON.parse(readFileSync(join(folder, file), "utf8"))).toEqual(reviewedDocument);
  });

  test("delete an alias where it leads where it led", () => {
    const { commands } = step("alias-unmanaged", { key: liveKey, alias: { name: "alias/legacy", keyId } });
    const deleted = `kms delete-alias --alias-name alias/legacy ${inRegion}`;
    expect(paste(commands, { LEADS_TO: arn })).toContainEqual(deleted);
    writeFileSync(join(folder, "calls"), "");
    expect(paste(commands, { LEADS_TO: `${arn}0` })).not.toContainEqual(deleted);
  });

  test.each<DriftId>(["guardrail-attached", "key-store-disconnected", "alias-unmanaged"])(
    "of %s change nothing in another account",
    (id) => {
      const { commands } = step(id, { ...everything, alias: { name: "alias/nowhere", keyId: undefined } });
      const calls = paste(commands, { CALLER: "999999999999" });
      expect(calls.filter((call) => /detach|connect-|delete/.test(call))).toEqual([]);
      expect(paste(commands).filter((call) => /detach|connect-|delete/.test(call))).toHaveLength(1);
    },
  );

  test.each([
    ["aws", "us-east-1"],
    ["aws-us-gov", "us-gov-west-1"],
    ["aws-cn", "cn-northwest-1"],
  ] as const)("ask AWS Organizations of %s where it is, whatever Region a profile has", (partition, region) => {
    const { commands } = step("guardrail-attached", everything, { partition, region: undefined });
    expect(paste(commands)).toEqual([expect.stringMatching(`^organizations detach-policy .* --region ${region}$`)]);
  });

  test.each(driftIds)("of %s run nothing that is in a name", (id) => {
    paste(step(id, nastySubject).commands);
    expect(existsSync(join(folder, "gone"))).toBe(false);
  });

  test("delete a policy with all its versions, detached before", () => {
    const arnOfPolicy = everything.policy?.arn;
    expect(paste(step("consumer-policy-unmanaged").commands)).toEqual([
      `iam list-entities-for-policy --policy-arn ${arnOfPolicy}`,
      `iam detach-role-policy --role-name records --policy-arn ${arnOfPolicy}`,
      `iam detach-user-policy --user-name ann --policy-arn ${arnOfPolicy}`,
      `iam detach-group-policy --group-name all --policy-arn ${arnOfPolicy}`,
      `iam delete-policy-version --policy-arn ${arnOfPolicy} --version-id v1`,
      `iam delete-policy-version --policy-arn ${arnOfPolicy} --version-id v2`,
      `iam delete-policy --policy-arn ${arnOfPolicy}`,
    ]);
  });
});

function policyFor(principal: string, action = "kms:*"): string {
  const statement = { ...rootStatement, Principal: { AWS: principal }, Action: action };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

function bash(
  words: readonly string[],
  input: string,
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): { readonly status: number | null; readonly stderr: string } {
  const { status, stderr } = spawnSync("bash", words, { input, encoding: "utf8", ...options });
  return { status, stderr };
}
