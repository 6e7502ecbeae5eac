import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { makeMapFolder } from "./map-folder";
import { orgkeys } from "./recorded-terminal";

let folder: string;
let config: string;
let out: string;
beforeEach(() => {
  ({ folder, config, out } = makeMapFolder());
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function breakTheMap(): void {
  const path = join(config, "workloads/shop.yaml");
  writeFileSync(path, readFileSync(path, "utf8").replace("dataClass: internal", "dataClass: interal"));
}

const stacks = (): string[] => readdirSync(join(out, "stacks")).sort();

describe("validate", () => {
  test("ends with a summary by zone", () => {
    const { code, printed } = orgkeys("validate", "--config", config);
    expect(code).toBe(0);
    expect(printed).toContain(
      [
        "zone       accounts  keys  replicas  grants  consumer policies  on AWS keys",
        "corporate         5     4         3       2                  4            1",
        "health            1     1         0       0                  0            0",
        "all               6     5         3       2                  4            1",
      ].join("\n"),
    );
  });

  test("says what is kept out, and what to do about it", () => {
    const { printed } = orgkeys("validate", "--config", config);
    expect(printed).toContain("medium  pending-principal  workloads/shop.yaml shop.environments.test");
    expect(printed).toContain("role/shop-api is pending and kept out of policies and grants");
  });

  test("gives every problem with its place and exits 1", () => {
    breakTheMap();
    appendFileSync(join(config, "zones.yaml"), "  flor: {}\n");
    const { code, noted } = orgkeys("validate", "--config", config);
    expect(code).toBe(1);
    expect(noted).toContain(
      `${config}/workloads/shop.yaml:38:14  wiki.dataClass: is not a data class, got interal; did you mean internal?`,
    );
    expect(noted).toContain("health.flor: is not a known field; did you mean floor?");
    expect(noted).toContain("2 problems. Nothing was written.");
  });

  test("also gives what only shows in the plan of the rest", () => {
    breakTheMap();
    const path = join(config, "workloads/clinic.yaml");
    writeFileSync(path, readFileSync(path, "utf8").replace("principal: role/records", 'principal: "account:clinic"'));
    const { code, noted } = orgkeys("validate", "--config", config);
    expect(code).toBe(1);
    expect(noted).toContain("wiki.dataClass: is not a data class");
    expect(noted).toContain("a whole account (account:, ou:) would hand use on to its IAM");
  });

  test("prints the key plan with its reasons as JSON", () => {
    const { code, printed } = orgkeys("validate", "--config", config, "--format", "json");
    expect(code).toBe(0);
    const answer = JSON.parse(printed);
    expect(answer.schema).toBe("orgkeys/validate/v1");
    expect(answer.plan.schema).toBe("orgkeys/key-plan/v1");
    for (const key of answer.plan.keys) expect(key.why.length).toBeGreaterThan(0);
  });

  test("prints problems as JSON", () => {
    breakTheMap();
    const { code, printed } = orgkeys("validate", "--config", config, "--format", "json");
    expect(code).toBe(1);
    expect(JSON.parse(printed).problems).toMatchObject([{ line: 38, column: 14, path: "wiki.dataClass" }]);
  });

  test("leaves out a grant from its last day on, when told the day", () => {
    const before = orgkeys("validate", "--config", config, "--today", "2027-01-15");
    expect(before.printed).toContain("the grant to role/shop-batch expires on 2027-01-31, in 16 days");
    const after = orgkeys("validate", "--config", config, "--today", "2027-01-31");
    expect(after.printed).toContain("expired on 2027-01-31 and is left out: the next apply revokes it");
    expect(after.printed).toMatch(/all +6 +5 +3 +0/);
  });
});

describe("synth", () => {
  test("writes a stack an account, and one for each zone's guardrails, and says what to do next", () => {
    const { code, printed } = orgkeys("synth", "--config", config, "--out", out);
    expect(code).toBe(0);
    expect(stacks()).toHaveLength(6);
    expect(printed).toContain(`Wrote 6 stacks to ${out}/stacks (2 of them zones' guardrails), for example
  ${out}/stacks/acme.health.clinic/cdk.tf.json`);
    expect(printed).toContain("Next");
    expect(printed).toContain(
      `\n  drift     npm run -s orgkeys -- drift --config ${config} --out ${out}: what AWS has otherwise, once it is applied; docs/drift.md\n`,
    );
    expect(printed).toContain(
      `\n  see       npm run -s orgkeys -- report --html report.html --config ${config} --out ${out}: all of it on one page, to open in a browser; docs/report.md\n`,
    );
    expect(printed).toMatch(
      new RegExp(
        `\n  review    npm run -s orgkeys -- review HEAD --config ${config} --out ${out}: what your edits mean, once they are synthesized; docs/review.md\n?$`,
      ),
    );
    expect(readdirSync(folder).sort()).toEqual(["cdktf.out", "config"]);
  });

  test("writes nothing when the map has a problem", () => {
    breakTheMap();
    const { code } = orgkeys("synth", "--config", config, "--out", out);
    expect(code).toBe(1);
    expect(existsSync(out)).toBe(false);
  });

  test("leaves an older output as it is when the map has a problem", () => {
    orgkeys("synth", "--config", config, "--out", out);
    const before = readFileSync(join(out, "manifest.json"), "utf8");
    breakTheMap();
    expect(orgkeys("synth", "--config", config, "--out", out).code).toBe(1);
    expect(readFileSync(join(out, "manifest.json"), "utf8")).toBe(before);
  });

  test.each([
    [
      ["--ou", "Workloads"],
      ["acme.workloads.prod.shop-prod", "acme.workloads.test.shop-test"],
    ],
    [["--ou", "acme/Workloads/Prod"], ["acme.workloads.prod.shop-prod"]],
    [
      ["--zone", "health"],
      ["acme.guardrails.health", "acme.health.clinic"],
    ],
    [["--zone", "health", "--account", "clinic"], ["acme.health.clinic"]],
    [
      ["--account", "keys", "clinic"],
      ["acme.health.clinic", "acme.security.keys"],
    ],
    [["--account", "310000000001"], ["acme.health.clinic"]],
    [["--ou", "Workloads", "--account", "shop-test"], ["acme.workloads.test.shop-test"]],
  ])("%j selects %j", (flags, expected) => {
    expect(orgkeys("synth", "--config", config, "--out", out, ...flags).code).toBe(0);
    expect(stacks()).toEqual(expected);
  });

  test("a selection leaves the other stacks as they are", () => {
    orgkeys("synth", "--config", config, "--out", out);
    const other = join(out, "stacks/acme.security.keys/cdk.tf.json");
    appendFileSync(other, "\n");
    expect(orgkeys("synth", "--config", config, "--out", out, "--zone", "health").code).toBe(0);
    expect(stacks()).toHaveLength(6);
    expect(readFileSync(other, "utf8").endsWith("\n")).toBe(true);
    expect(Object.keys(JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")).stacks)).toEqual(stacks());
  });

  test("accounts that are selected leave guardrails as they are, even when they are all there are", () => {
    orgkeys("synth", "--config", config, "--out", out);
    const guardrails = join(out, "stacks/acme.guardrails.health/cdk.tf.json");
    appendFileSync(guardrails, "\n");
    const everyAccount = ["management", "keys", "shop-prod", "shop-test", "shop-new", "clinic"];
    const { code, printed } = orgkeys("synth", "--config", config, "--out", out, "--account", ...everyAccount);
    expect(code).toBe(0);
    expect(printed).toContain(`Wrote 4 stacks to ${out}/stacks, for example`);
    expect(stacks()).toHaveLength(6);
    expect(readFileSync(guardrails, "utf8").endsWith("\n")).toBe(true);
  });

  test("a zone without keys has guardrails nevertheless, and they are what it shows", () => {
    rmSync(join(config, "workloads/clinic.yaml"));
    const { code, printed } = orgkeys("synth", "--config", config, "--out", out, "--zone", "health");
    expect(code).toBe(0);
    expect(stacks()).toEqual(["acme.guardrails.health"]);
    expect(printed).toContain(`Wrote 1 stack to ${out}/stacks (1 of them a zone's guardrails), for example
  ${out}/stacks/acme.guardrails.health/cdk.tf.json`);
    expect(printed).not.toContain("explain");
  });

  describe("over an output that has keys", () => {
    const rename = (): void => {
      const path = join(config, "workloads/clinic.yaml");
      writeFileSync(path, readFileSync(path, "utf8").replace("records:", "patients:"));
    };
    const clinic = (): string => readFileSync(join(out, "stacks/acme.health.clinic/cdk.tf.json"), "utf8");

    test("writes nothing when a key would be lost, and says what to write into the map instead", () => {
      orgkeys("synth", "--config", config, "--out", out);
      const before = clinic();
      rename();
      const { code, noted, printed } = orgkeys("synth", "--config", config, "--out", out);
      expect({ code, printed }).toEqual({ code: 1, printed: "" });
      expect(noted).toContain("critical  key-vanishes  clinic aws_kms_key.records_prod_us-east-1");
      expect(noted).toContain("         formerly: records");
      expect(noted).toContain("--ignore-previous writes over it");
      expect(clinic()).toBe(before);
      expect(readdirSync(folder).sort()).toEqual(["cdktf.out", "config"]);
    });

    test("--ignore-previous writes over one that was never applied", () => {
      orgkeys("synth", "--config", config, "--out", out);
      rename();
      expect(orgkeys("synth", "--config", config, "--out", out, "--ignore-previous").code).toBe(0);
      expect(clinic()).toContain("patients_prod_us-east-1");
    });

    test.each([
      ["1", 0],
      ["0", 1],
      ["", 1],
      ["never", 1],
    ])("ORGKEYS_IGNORE_PREVIOUS=%s", (value, code) => {
      orgkeys("synth", "--config", config, "--out", out);
      rename();
      process.env.ORGKEYS_IGNORE_PREVIOUS = value;
      try {
        expect(orgkeys("synth", "--config", config, "--out", out).code).toBe(code);
      } finally {
        delete process.env.ORGKEYS_IGNORE_PREVIOUS;
      }
    });

    test("tells of less protection, and writes", () => {
      orgkeys("synth", "--config", config, "--out", out);
      const path = join(config, "data-classes.yaml");
      writeFileSync(
        path,
        readFileSync(path, "utf8").replace("rotationDays: 365", "rotationDays: 365\n  deletionWindowDays: 10"),
      );
      const { code, printed } = orgkeys("synth", "--config", config, "--out", out);
      expect(code).toBe(0);
      expect(printed).toContain("medium  deletion-window-shortened  clinic aws_kms_key.records_prod_us-east-1");
    });

    test("refuses one that nobody can read", () => {
      orgkeys("synth", "--config", config, "--out", out);
      writeFileSync(join(out, "stacks/acme.health.clinic/cdk.tf.json"), "{");
      const { code, noted } = orgkeys("synth", "--config", config, "--out", out);
      expect(code).toBe(1);
      expect(noted).toContain("critical  previous-unreadable  stack acme.health.clinic");
      expect(orgkeys("synth", "--config", config, "--out", out, "--ignore-previous").code).toBe(0);
    });
  });

  test("a name that selects nothing is an error with a suggestion", () => {
    const { code, noted } = orgkeys(
      "synth",
      "--config",
      config,
      "--out",
      out,
      "--zone",
      "helth",
      "--ou",
      "Workloads/Pord",
    );
    expect(code).toBe(1);
    expect(noted).toContain("--zone helth: not in this map; did you mean health?");
    expect(noted).toContain("--ou Workloads/Pord: not in this map; did you mean Workloads/Prod?");
    expect(existsSync(out)).toBe(false);
  });

  test("--verify exits 0 on a fresh output and 2 on a stale one, and writes nothing", () => {
    expect(orgkeys("synth", "--config", config, "--out", out, "--verify").code).toBe(2);
    expect(existsSync(out)).toBe(false);
    orgkeys("synth", "--config", config, "--out", out);
    expect(orgkeys("synth", "--config", config, "--out", out, "--verify").code).toBe(0);
    const path = join(config, "workloads/clinic.yaml");
    writeFileSync(path, readFileSync(path, "utf8").replace("owner: clinic", "owner: ward"));
    mkdirSync(join(out, "stacks/acme.gone"));
    writeFileSync(join(out, "stacks/acme.gone/cdk.tf.json"), "{}");
    const { code, printed } = orgkeys("synth", "--config", config, "--out", out, "--verify");
    expect(code).toBe(2);
    expect(printed.split("\n").sort()).toEqual(["changed  acme.health.clinic", "left over  acme.gone"]);
    expect(readdirSync(folder).sort()).toEqual(["cdktf.out", "config"]);
  });
});

describe("explain", () => {
  test("an alias: why it exists, who can do what through which statement, and its cost", () => {
    const { code, printed } = orgkeys("explain", "alias/records-prod", "--config", config);
    expect(code).toBe(0);
    expect(printed).toContain("owner     clinic (310000000001), zone health");
    expect(printed).toContain("rotation every 180 days: zone health allows no longer period (365 asked for)");
    expect(printed).toContain("UseRecordsProdRecords\n      arn:aws:iam::310000000001:role/records");
    expect(printed).toContain("if kms:EncryptionContext:record StringEquals patient");
    expect(printed).toContain("cost      1 USD a month, 3 USD after two rotations");
  });

  test("an alias without its prefix, as JSON", () => {
    const { printed } = orgkeys("explain", "ledger", "--config", config, "--format", "json");
    const answer = JSON.parse(printed);
    expect(answer).toMatchObject({ schema: "orgkeys/explain/v1", kind: "alias", cost: { now: 2, later: 6 } });
    expect(answer.keys).toHaveLength(1);
  });

  test("a principal: every key it can use, and only the statements that name it", () => {
    const { code, printed } = orgkeys("explain", "role/ledger", "--config", config);
    expect(code).toBe(0);
    expect(printed).toContain("alias/ledger\n");
    expect(printed).toContain("alias/ledger-ebs\n");
    expect(printed).toContain("consumer policy orgkeys-ledger in shop-prod, attached to role/ledger");
    expect(printed).not.toContain("BreakGlass");
  });

  test("an account: its keys, its consumer policies, and what AWS's own keys protect", () => {
    const { printed } = orgkeys("explain", "shop-test", "--config", config);
    expect(printed).toContain("alias/shared-test-key");
    expect(printed).toContain("consumer policy orgkeys-ledger in shop-test");
    expect(printed).toContain("wiki test in shop-test: AWS managed key alias/aws/rds, alias/aws/s3");
    expect(printed).toContain("zone         corporate\n  place        Workloads/Test of acme");
  });

  test("an account: who uses its keys from elsewhere", () => {
    const { printed } = orgkeys("explain", "100000000001", "--config", config);
    expect(printed).toContain("account keys\n");
    expect(printed).toContain("its keys are used by\n    role/ledger of shop-prod: alias/ledger");
  });

  test("an account without keys", () => {
    const { code, printed } = orgkeys("explain", "management", "--config", config);
    expect(code).toBe(0);
    expect(printed).toContain(
      "place  directly below the root of acme\n  has    no keys, no policies for keys of other accounts",
    );
  });

  test("a principal that nothing names: the keys that its whole account may use", () => {
    const { code, printed } = orgkeys("explain", "arn:aws:iam::220000000001:role/anybody", "--config", config);
    expect(code).toBe(0);
    expect(printed).toMatch(
      /^if IAM policies of its account allow it\n {4}alias\/shared-test-key of .* gives to account 220000000001$/m,
    );
  });

  test("an unknown subject is an error with a suggestion", () => {
    const { code, noted } = orgkeys("explain", "alias/legder", "--config", config);
    expect(code).toBe(1);
    expect(noted).toContain("did you mean alias/ledger?");
  });
});

describe("explain --rollout NAME", () => {
  test("an unknown rollout is an error", () => {
    const { code, noted } = orgkeys("explain", "--rollout", "health.access-role", "--config", config);
    expect(code).toBe(1);
    expect(noted).toBe("--rollout health.access-role: not a rollout of the map; rollouts.yaml has none");
  });

  test.each([
    [["--rollout", "health.access-roles", "clinic"]],
    [["--rollout", "health.access-roles", "--action", "kms:Decrypt", "--key", "records-prod"]],
    [["--rollout", "health.access-roles", "--via", "s3"]],
  ])("goes alone: %j", (words) => {
    const { code, noted } = orgkeys("explain", ...words, "--config", config);
    expect(code).toBe(1);
    expect(noted).toBe("--rollout goes without SUBJECT and without --action, --key, --via and --encryption-context");
  });

  test("or a SUBJECT has to be there", () => {
    expect(orgkeys("explain").noted).toBe(
      "a SUBJECT is missing: explain SUBJECT, explain --rollout NAME, or explain --strategy",
    );
  });
});

describe("explain PRINCIPAL --action ACTION --key ALIAS", () => {
  const ledger = "arn:aws:iam::210000000001:role/ledger";
  const ask = (...words: string[]) => orgkeys("explain", ...words, "--out", out);
  beforeEach(() => {
    orgkeys("synth", "--config", config, "--out", out);
  });

  test("gives the chain of evaluation up to what decided", () => {
    const { code, printed } = ask(ledger, "--action", "kms:Decrypt", "--key", "ledger-ebs", "--via", "ebs");
    expect(code).toBe(0);
    expect(printed).toContain(
      "alias/ledger-ebs in 100000000001 us-east-1\nALLOWED: arn:aws:iam::210000000001:role/ledger",
    );
    expect(printed).toContain("+ key policy UseLedgerProdLedger, acme.security.keys");
    expect(printed).toContain("+ identity-based policy UseLedgerEbsProdUsEast1, acme.workloads.prod.shop-prod");
    expect(printed).toContain("another account: the owner's half and the user's half are both needed");
  });

  test("says why not", () => {
    const { printed } = ask(ledger, "--action", "kms:Decrypt", "--key", "ledger-ebs", "--via", "s3");
    expect(printed).toContain("DENIED");
    expect(printed).toContain(
      "wants StringEquals kms:ViaService ec2.us-east-1.amazonaws.com; the request has s3.us-east-1.amazonaws.com",
    );
  });

  test("is not certain about what the question leaves open", () => {
    const { printed } = ask(ledger, "--action", "kms:Decrypt", "--key", "ledger");
    expect(printed).toContain("NOT CERTAIN: it may be allowed");
    const context = ["--encryption-context", "aws:ledger=${book}"];
    expect(ask(ledger, "--action", "kms:Decrypt", "--key", "ledger", ...context).printed).toContain("ALLOWED");
    const wrong = ["--encryption-context", "aws:ledger=other"];
    expect(ask(ledger, "--action", "kms:Decrypt", "--key", "ledger", ...wrong).printed).toContain("DENIED");
  });

  test("reads the output as it is, edited by hand or not", () => {
    const path = join(out, "stacks/acme.health.clinic/cdk.tf.json");
    const question = ["role/records", "--action", "kms:ScheduleKeyDeletion", "--key", "records-prod"];
    expect(ask(...question).printed).toContain("DENIED");
    const stack = JSON.parse(readFileSync(path, "utf8"));
    stack.locals["records_prod_us-east-1-policy"].Statement = [
      { Effect: "Allow", Principal: { AWS: "arn:aws:iam::310000000001:role/records" }, Action: "kms:*", Resource: "*" },
    ];
    writeFileSync(path, JSON.stringify(stack));
    expect(ask(...question).printed).toContain("ALLOWED");
  });

  test("answers in JSON", () => {
    const { printed } = ask(ledger, "--action", "kms:Decrypt", "--key", "ledger", "--format", "json");
    expect(JSON.parse(printed)).toMatchObject({
      schema: "orgkeys/explain-access/v1",
      explanations: [{ outcome: "unknown" }, { outcome: "unknown" }],
    });
  });

  test.each([
    [
      ["role/ledger", "--action", "kms:Decrypt", "--key", "ledger"],
      "role/ledger is in several accounts: name one of arn:",
    ],
    [
      ["role/nobody", "--action", "kms:Decrypt", "--key", "ledger"],
      "role/nobody is not known to any stack: give its ARN",
    ],
    [[ledger, "--action", "kms:Decrpyt", "--key", "ledger"], "not an action on KMS keys; did you mean kms:Decrypt?"],
    [[ledger, "--action", "kms:Decrypt", "--key", "legder"], "no stack has alias/legder; did you mean alias/ledger?"],
    [[ledger, "--action", "kms:Decrypt", "--key", "ledger", "--via", "ebss"], "did you mean ebs?"],
    [[ledger, "--action", "kms:Decrypt", "--key", "ledger", "--encryption-context", "a"], "must be NAME=VALUE"],
    [[ledger, "--action", "kms:Decrypt"], "--action and --key go together"],
    [[ledger, "--key", "ledger"], "--action and --key go together"],
  ])("%j is an error that says what to do", (words, message) => {
    const { code, noted } = ask(...words);
    expect(code).toBe(1);
    expect(noted).toContain(message);
  });

  test("without an output says to synthesize first", () => {
    const { code, noted } = orgkeys(
      "explain",
      ledger,
      "--action",
      "kms:Decrypt",
      "--key",
      "ledger",
      "--out",
      join(folder, "none"),
    );
    expect(code).toBe(1);
    expect(noted).toContain("run orgkeys synth first");
  });
});

describe("schemas", () => {
  test("are written into no folder that is not there", () => {
    const missing = join(config, "..", "confg");
    const { code, noted } = orgkeys("schemas", "--config", missing);
    expect([code, existsSync(missing)]).toEqual([1, false]);
    expect(noted).toContain("name the configuration folder with --config");
  });

  test("are written into the configuration folder, and verified", () => {
    expect(orgkeys("schemas", "--config", config, "--verify").code).toBe(2);
    expect(orgkeys("schemas", "--config", config).code).toBe(0);
    expect(orgkeys("schemas", "--config", config, "--verify").code).toBe(0);
    expect(readdirSync(join(config, "schemas")).sort()).toEqual([
      "data-classes.schema.json",
      "drift.schema.json",
      "exceptions.schema.json",
      "lifecycle.schema.json",
      "organization.schema.json",
      "rollouts.schema.json",
      "workloads.schema.json",
      "zones.schema.json",
    ]);
    expect(orgkeys("validate", "--config", config).code).toBe(0);
  });
});

describe("the command line", () => {
  test.each([
    [["--help"], 0],
    [["synth", "--help"], 0],
    [["--version"], 0],
    [[], 1],
    [["sinth"], 1],
    [["synth", "--zones", "pci"], 1],
    [["explain"], 1],
    [["validate", "--format", "yaml"], 1],
    [["validate", "--today", "2027-02-30"], 1],
    [["validate", "extra"], 1],
    [["validate", "--config", "/nowhere/at/all"], 1],
  ])("orgkeys %j exits with %d", (words, expected) => {
    expect(orgkeys(...words).code).toBe(expected);
  });

  test("a mistyped command gets a suggestion and no stack trace", () => {
    const { noted } = orgkeys("sinth");
    expect(noted).toContain("Did you mean synth?");
    expect(noted).not.toContain("    at ");
  });

  test("a disk that refuses is a sentence, not a stack trace", () => {
    writeFileSync(join(folder, "file"), "");
    const { code, noted } = orgkeys("synth", "--config", config, "--out", join(folder, "file", "out"));
    expect(code).toBe(1);
    expect(noted).toMatch(/EEXIST|ENOTDIR/);
    expect(noted).not.toContain("    at ");
  });
});
