import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { allChecks } from "../../modules/checks/frame/all-checks";
import { check as importedMaterial } from "../../modules/checks/imported-material";
import type { Finding } from "../../modules/findings/finding";
import { explain } from "../../modules/keys/explain-keys";
import type { PlannedKey } from "../../modules/keys/key-plan";
import type { SourceFile } from "../../modules/organization/map-file";
import { explanationText } from "../../modules/report/explanation-text";
import { type LoadedPlan, planSources } from "../../stacks/load-plan";
import { rulesOf } from "../../stacks/rules";
import { outputOfPlan } from "../checks/sample-output";
import { compare, textsOf } from "../continuity/compare-small";
import { edit, planOf } from "../stacks/small-organization";

const folder = join(__dirname, "../fixtures/kinds");
const kinds: SourceFile[] = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".yaml"))
  .sort()
  .map((path) => ({ name: `config/${path}`, path, bytes: readFileSync(join(folder, path)) }));

/** The organization with keys of every kind, in which one thing is recorded of the deposit's key, or nothing. */
function deposit(record: string | undefined, sources = kinds): SourceFile[] {
  const entry = `deposit: {account: vault, key: deposit_prod, owner: platform, reason: It is tested, ${record}}\n`;
  const bytes = new TextEncoder().encode(record === undefined ? "" : entry);
  return sources.map((source) => (source.path === "lifecycle.yaml" ? { ...source, bytes } : source));
}

const inPrimary = "material: {imported: 2026-11-22}";
const everywhere = "material: {imported: 2026-11-22, replicas: {us-west-2: {imported: 2026-11-23}}}";

function keyOf({ plan }: LoadedPlan): PlannedKey {
  const key = plan.keys.find(({ id }) => id === "deposit_prod");
  if (key === undefined) throw new Error("there is no key deposit_prod");
  return key;
}

function findingsOf({ plan }: LoadedPlan): Finding[] {
  return plan.findings.filter(({ id }) => id.startsWith("material-"));
}

function problemsOf(sources: readonly SourceFile[], today?: string): string[] {
  const loaded = planSources(sources, "config", { today });
  return "problems" in loaded ? loaded.problems.map(({ message, fix }) => `${message}; ${fix}`) : [];
}

/** The Regions of a key's replicas, and of the grants on it. */
function there(loaded: LoadedPlan): [replicas: string[], grants: string[]] {
  const key = keyOf(loaded);
  return [key.replicas.map(({ region }) => region), key.grants.map(({ region }) => region)];
}

const importedIn = (region: string): RegExp => new RegExp(`aws kms import-key-material .*--region ${region}$`, "m");

describe("a key that waits for its material", () => {
  test.each([
    ["nothing", undefined, [], []],
    ["the import into the key", inPrimary, ["us-west-2"], ["us-east-1"]],
    ["the import into the replica as well", everywhere, ["us-west-2"], ["us-east-1", "us-west-2"]],
    [
      "a replica that is taken over",
      "adopt: {keyId: mrk-0123456789abcdef0123456789abcdef, replicas: [us-west-2]}",
      ["us-west-2"],
      [],
    ],
    [
      "a grant that is taken over",
      `adopt: {keyId: mrk-0123456789abcdef0123456789abcdef, grants: {deposit_prod_us-east-1_deposit-batch: ${"a".repeat(64)}}}`,
      [],
      ["us-east-1"],
    ],
  ])("has replicas and grants where AWS takes them, with a record of %s", (_, record, replicas, grants) => {
    expect(there(planOf(deposit(record)))).toEqual([replicas, grants]);
  });

  test("lets the deploy role grant what is granted, and nothing before", () => {
    const sids = (record: string | undefined): unknown[] =>
      keyOf(planOf(deposit(record))).policy.Statement.map(({ Sid }) => Sid);
    expect(sids(undefined)).not.toContain("DeployGrants");
    expect(sids(inPrimary).filter((sid) => !sids(undefined).includes(sid))).toEqual(["DeployGrants"]);
  });

  test("gives its users no Region in which it is not", () => {
    const withUser = edit(
      edit(kinds, "organizations/acme.yaml", '"100000000001"}', '"100000000001", shop: "100000000002"}'),
      "workloads/vault.yaml",
      "role/deposit,",
      '"shop:role/deposit",',
    );
    const regions = (record: string | undefined): unknown[] =>
      planOf(deposit(record, withUser)).plan.consumerPolicies.flatMap(({ keys }) =>
        keys.filter(({ alias }) => alias === "alias/deposit-prod").map((key) => key.regions),
      );
    expect(new Set(regions(undefined).flat())).toEqual(new Set(["us-east-1"]));
    expect(new Set(regions(inPrimary).flat())).toEqual(new Set(["us-east-1", "us-west-2"]));
  });

  test("is what an output is held against: what waits is not missing", () => {
    for (const record of [undefined, inPrimary, everywhere]) {
      const loaded = planOf(deposit(record));
      const key = rulesOf(loaded.map).keys.get("100000000001 deposit_prod_us-east-1");
      expect(key?.replicas).toEqual(keyOf(loaded).replicas.map(({ region }) => region));
      const proof = allChecks.filter(({ kind }) => kind === "proof");
      expect(outputOfPlan(loaded).check(proof)).toEqual([]);
    }
  });

  test("says in two steps what is to be imported, and what waits for it", () => {
    const [first, ...others] = findingsOf(planOf(deposit(undefined)));
    expect(others).toEqual([]);
    expect([first?.id, first?.severity]).toEqual(["material-missing", "medium"]);
    expect(first?.why).toBe(
      "key alias/deposit-prod has no material in us-east-1 until somebody imports it; AWS takes no grant on it there, and these wait: orgkeys-deposit_prod_us-east-1_deposit-batch (us-east-1); AWS replicates no key without material, and its replicas wait: us-west-2",
    );
    expect(first?.whatToDo).toMatch(importedIn("us-east-1"));
    expect(first?.whatToDo).not.toMatch(importedIn("us-west-2"));
    expect(first?.whatToDo).toContain("which nobody puts into the map, the output or the state");
    expect(first?.whatToDo).toContain("record it in lifecycle.yaml: material: {imported: DAY},");

    const [second] = findingsOf(planOf(deposit(inPrimary)));
    expect(second?.why).toBe(
      "key alias/deposit-prod has no material in us-west-2 until somebody imports it; AWS takes no grant on it there, and these wait: orgkeys-deposit_prod_us-west-2_deposit-batch (us-west-2)",
    );
    expect(second?.whatToDo).toMatch(importedIn("us-west-2"));
    expect(second?.whatToDo).not.toMatch(importedIn("us-east-1"));
    expect(second?.whatToDo).toContain("material: {imported: DAY, replicas: {us-west-2: {imported: DAY}}}");

    expect(findingsOf(planOf(deposit(everywhere)))).toEqual([]);
  });

  test("says nothing while there is no key to import into, or Terraform has let it go", () => {
    const pending = edit(
      deposit(undefined),
      "organizations/acme.yaml",
      'accounts: {vault: "100000000001"}',
      'accounts: {vault: {id: "100000000001", status: pending}}',
    );
    expect(findingsOf(planOf(pending))).toEqual([]);
    expect(findingsOf(planOf(deposit("handOver: {to: acquirer, day: 2026-12-01}")))).toEqual([]);
  });

  test("names only Regions in which it is when it ends", () => {
    const { plan } = planOf(deposit("decommission: {disabled: 2026-12-01}"));
    expect(plan.findings.find(({ id }) => id === "key-disabled")?.whatToDo).not.toContain("us-west-2");
  });

  describe("and ends", () => {
    const disabledSteps = (record: string, today?: string): string[] => {
      const { plan } = planOf(deposit(`${record}decommission: {disabled: 2026-12-01}`), today);
      return plan.findings.find(({ id }) => id === "key-disabled")?.whatToDo.split("\n") ?? [];
    };
    const disableIn = (region: string) =>
      expect.stringMatching(new RegExp(`^aws kms disable-key .*--region ${region}$`));

    test("is not to be disabled, which AWS refuses", () => {
      expect(disabledSteps("")).toEqual([
        "nothing in us-east-1: without material nobody can use it there, and AWS refuses disable-key while it is pending import. Where somebody has imported it, record that under material, and the command is here",
        "From 2026-12-31 on, if nobody has missed it: add scheduled. If somebody does: delete these days and apply",
      ]);
    });

    test("is to be disabled where its material is", () => {
      const [first, second, third, ...others] = disabledSteps(`${inPrimary}, `);
      expect(first).toMatch(/^as .* before the apply:$/);
      expect(second).toEqual(disableIn("us-east-1"));
      expect(third).toMatch(/^nothing in us-west-2: /);
      expect(others).toEqual([expect.stringMatching(/^From /), expect.stringMatching(/enable-key .*us-east-1$/)]);
    });

    test("counts as waiting again once the material has expired", () => {
      const ends =
        "material: {imported: 2026-06-01, expires: 2026-12-20, replicas: {us-west-2: {imported: 2026-06-01}}}, ";
      const commands = (today: string): string[] =>
        disabledSteps(ends, today).filter((line) => line.startsWith("aws kms disable-key"));
      expect(commands("2026-12-19")).toEqual([disableIn("us-west-2"), disableIn("us-east-1")]);
      expect(commands("2026-12-20")).toEqual([disableIn("us-west-2")]);
    });

    test("comes back by hand, as Terraform leaves it to AWS whether such a key is enabled", () => {
      expect(disabledSteps(`${everywhere}, `).slice(3)).toEqual([
        "From 2026-12-31 on, if nobody has missed it: add scheduled. If somebody does: delete these days, apply, and as role/KeyAdministrator:",
        expect.stringMatching(/^aws kms enable-key .*--region us-east-1$/),
        expect.stringMatching(/^aws kms enable-key .*--region us-west-2$/),
      ]);
    });

    test("can have its deletion scheduled as any other", () => {
      const { plan } = planOf(deposit("decommission: {disabled: 2026-12-01, scheduled: 2027-01-15}"));
      expect(plan.findings.find(({ id }) => id === "key-scheduled")?.whatToDo).toMatch(
        /aws kms schedule-key-deletion /,
      );
    });
  });

  test("can have no grant of two at once only later", () => {
    const twice = edit(
      deposit(undefined),
      "workloads/vault.yaml",
      "        - {grantee: role/deposit-batch, operations: [Decrypt]}\n",
      "        - {grantee: role/deposit-batch, operations: [Decrypt]}\n        - {grantee: role/deposit-batch, operations: [Encrypt]}\n",
    );
    expect(problemsOf(twice)).toEqual([
      expect.stringContaining("is a second grant on alias/deposit-prod in us-east-1"),
    ]);
  });
});

describe("recorded material", () => {
  test("is shown with the key, by Region", () => {
    const loaded = planOf(kinds);
    const explanation = explain(loaded.map, loaded.plan, "deposit_prod");
    const lines = explanation === undefined ? [] : explanationText(explanation);
    expect(lines.filter((line) => /^ {2}material/.test(line))).toEqual([
      "  material  EXTERNAL",
      "  material  imported in us-east-1 on 2026-06-01, until 2027-06-01",
      "  material  imported in us-west-2 on 2026-06-02",
    ]);
  });

  test("is asked for again when a replica would go with it", () => {
    const before = textsOf(planOf(deposit(inPrimary)));
    const { refusals } = compare(before, planOf(deposit(undefined)));
    const vanished = refusals.filter(({ id }) => id === "key-vanishes");
    expect(vanished.map(({ where, why, lines }) => [where, why, lines.at(-1)])).toEqual([
      [
        "vault aws_kms_replica_external_key.deposit_prod_us-west-2",
        "the replica (alias/deposit-prod) would be destroyed, with its aliases and grants: the map no longer records that the key's material has been imported, and plans no replica without it",
        "  material: {imported: DAY, replicas: {us-west-2: {imported: DAY}}}",
      ],
    ]);
  });

  test("is of a Region in which the key has a replica", () => {
    const elsewhere = "material: {imported: 2026-11-22, replicas: {us-east-2: {imported: 2026-11-23}}}";
    expect(problemsOf(deposit(elsewhere))).toEqual([
      "is no Region in which key deposit_prod has a replica; its replicas are in us-west-2",
    ]);
  });

  test("has been imported on a day that has come", () => {
    expect(problemsOf(deposit(everywhere), "2026-11-22")).toEqual([
      expect.stringContaining("has not come yet: 2026-11-23, and today is 2026-11-22"),
    ]);
  });

  const expiring =
    "material: {imported: 2026-06-01, expires: 2027-06-01, replicas: {us-west-2: {imported: 2026-06-01, expires: 2027-07-01}}}";

  test.each([
    [undefined, []],
    ["2027-05-01", []],
    ["2027-05-02", ["medium us-east-1 30"]],
    ["2027-05-31", ["medium us-east-1 1"]],
    ["2027-06-01", ["high us-east-1 0", "medium us-west-2 30"]],
    ["2027-07-01", ["high us-east-1 -30", "high us-west-2 0"]],
  ])("that expires is announced on %s, by the plan and by the check alike", (today, expected) => {
    for (const record of [expiring, `${expiring}, decommission: {disabled: 2026-07-01}`]) {
      const loaded = planOf(deposit(record), today);
      const planned = findingsOf(loaded).map(({ severity, why }) => [severity, why] as const);
      const checked = outputOfPlan(loaded)
        .check([importedMaterial], today)
        .map(({ severity, where, why }) => [severity, `${where} ${why}`] as const);
      for (const found of [planned, checked]) {
        expect(found.map(([severity, text]) => `${severity} ${/us-\w+-\d/.exec(text)?.[0]}`).sort()).toEqual(
          expected.map((each) => each.split(" ").slice(0, 2).join(" ")),
        );
      }
    }
  });

  test("that has expired says where, and how to import it again there", () => {
    const found = findingsOf(planOf(deposit(expiring), "2027-06-01"));
    expect(found.map(({ why }) => why)).toEqual([
      "the material of key alias/deposit-prod in us-east-1 expired on 2027-06-01: nobody can use the key there until the same material is imported again",
      "the material of key alias/deposit-prod in us-west-2 expires on 2027-07-01, in 30 days: AWS deletes it, and nobody can use the key there",
    ]);
    expect(found[0]?.whatToDo).toMatch(importedIn("us-east-1"));
    expect(found[0]?.whatToDo).not.toContain("us-west-2");
  });
});
