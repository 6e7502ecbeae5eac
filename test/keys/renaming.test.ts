import { describe, expect, test } from "@jest/globals";
import type { SourceFile } from "../../modules/organization/map-file";
import { planSources } from "../../stacks/load-plan";
import { edit, planOf, smallSources } from "../stacks/small-organization";

const shop = "workloads/shop.yaml";

/** Every Terraform id of a plan but those of aliases, which are their names. */
function idsOf(sources: readonly SourceFile[]): string[] {
  return planOf(sources).plan.keys.flatMap(({ id, account, region, replicas, grants }) => [
    `${account} ${id} ${[region, ...replicas.map((replica) => replica.region)].join(" ")}`,
    ...grants.map((grant) => grant.id),
  ]);
}

function aliasesOf(sources: readonly SourceFile[], id: string): string[] | undefined {
  return planOf(sources)
    .plan.keys.find((key) => key.id === id)
    ?.aliases.map(({ name }) => name);
}

function problemsOf(sources: readonly SourceFile[]): string[] {
  const loaded = planSources(sources, "config");
  return "problems" in loaded ? loaded.problems.map(({ path, message }) => `${path}: ${message}`) : [];
}

const workload = edit(smallSources(), shop, "ledger:\n", "books:\n  formerly: ledger\n");
const patient = edit(smallSources(), "workloads/clinic.yaml", "records:\n", "patients:\n  formerly: records\n");
const both = edit(patient, "workloads/clinic.yaml", "    prod:\n", "    live:\n      formerly: prod\n");
const dataClass = edit(
  edit(smallSources(), "data-classes.yaml", "confidential:", "secret:"),
  shop,
  "dataClass: confidential",
  "dataClass: secret",
);
const formerClass = edit(
  dataClass,
  "data-classes.yaml",
  "per: environment",
  "per: environment, formerly: confidential",
);

describe("a rename that says what was before", () => {
  test.each([
    ["workload", workload],
    ["data class with shared keys", formerClass],
    ["environment", both],
  ])("of a %s changes no id of a key, replica or grant", (_, renamed) => {
    expect(idsOf(renamed)).toEqual(idsOf(smallSources()));
  });

  test("of a workload keeps the aliases that its old name gives, in the general key and in each service's", () => {
    expect(aliasesOf(workload, "ledger")).toEqual(["alias/books", "alias/ledger"]);
    expect(aliasesOf(workload, "ledger__ebs")).toEqual(["alias/books-ebs", "alias/ledger-ebs"]);
  });

  test("of workload and environment keeps every mixture of names: any of them may be in use", () => {
    expect(aliasesOf(both, "records_prod")).toEqual([
      "alias/patients-live",
      "alias/patients-prod",
      "alias/records-live",
      "alias/records-prod",
    ]);
  });

  test("says so among the reasons", () => {
    const key = planOf(workload).plan.keys.find(({ id }) => id === "ledger");
    expect(key?.why).toContainEqual({
      reason: "books was called ledger when the key was made",
      principle: "identity-stays",
    });
  });

  test("loses an alias when the map drops it, and remembers that it did", () => {
    const dropped = edit(workload, shop, "  formerly: ledger\n", "  formerly: ledger\n  dropAliases: [ledger]\n");
    const key = planOf(dropped).plan.keys.find(({ id }) => id === "ledger");
    expect(key?.aliases.map(({ name }) => name)).toEqual(["alias/books"]);
    expect(key?.droppedAliases).toEqual(["alias/ledger"]);
    expect(aliasesOf(dropped, "ledger__ebs")).toEqual(["alias/books-ebs", "alias/ledger-ebs"]);
  });

  test("of a data class drops the aliases of its shared keys itself", () => {
    const named = edit(
      formerClass,
      "data-classes.yaml",
      "per: environment",
      'per: environment, alias: "{dataClass}-{environment}"',
    );
    expect(aliasesOf(named, "shared_confidential_prod")).toEqual(["alias/secret-prod", "alias/confidential-prod"]);
    const dropped = edit(named, "data-classes.yaml", "formerly:", "dropAliases: [confidential-prod], formerly:");
    expect(aliasesOf(dropped, "shared_confidential_prod")).toEqual(["alias/secret-prod"]);
    expect(aliasesOf(dropped, "shared_confidential_test")).toEqual(["alias/secret-test", "alias/confidential-test"]);
  });

  test("lets two swap their names, whose keys stay whose they are", () => {
    const swapped = edit(
      edit(smallSources(), shop, "ledger:\n", "till:\n  formerly: ledger\n"),
      "workloads/clinic.yaml",
      "records:\n",
      "ledger:\n  formerly: records\n",
    );
    expect(idsOf(swapped)).toEqual(idsOf(smallSources()));
  });
});

describe("further aliases", () => {
  test("are beside the first, of the class and of the workload, none twice", () => {
    const sources = edit(
      edit(
        smallSources(),
        shop,
        "  description: Books",
        '  aliases: ["app/{workload}", "{workload}"]\n  description: Books',
      ),
      "data-classes.yaml",
      "per: workload}",
      'per: workload, aliases: ["{zone}/{workload}"]}',
    );
    expect(aliasesOf(sources, "ledger")).toEqual(["alias/ledger", "alias/app/ledger", "alias/corporate/ledger"]);
    expect(aliasesOf(sources, "ledger__ebs")).toEqual([
      "alias/ledger-ebs",
      "alias/app/ledger-ebs",
      "alias/corporate/ledger-ebs",
    ]);
  });

  test("are as many as AWS KMS takes", () => {
    const withAliases = (count: number) => {
      const names = Array.from({ length: count }, (_, index) => `ledger-${index}`).join(", ");
      return edit(smallSources(), shop, "  description: Books", `  aliases: [${names}]\n  description: Books`);
    };
    expect(problemsOf(withAliases(49))).toEqual([]);
    expect(problemsOf(withAliases(50))).toContainEqual(
      "ledger.environments.prod: key alias/ledger has 51 aliases, and AWS KMS takes 50 a key",
    );
  });
});
