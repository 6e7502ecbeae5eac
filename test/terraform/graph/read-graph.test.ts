import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { bootstrapSteps } from "../../../modules/rollouts/bootstrap/bootstrap-steps";
import { orderStacks } from "../../../modules/terraform/graph/order-stacks";
import { readGraph } from "../../../modules/terraform/graph/read-graph";
import type { StackGraph } from "../../../modules/terraform/graph/stack-node";
import { loadPlan } from "../../../stacks/load-plan";
import { type Output, outputOfPlan } from "../../checks/sample-output";
import { graphOfTexts, withFolder } from "./written-output";

function planOf(config: string): Exclude<ReturnType<typeof loadPlan>, { problems: unknown }> {
  const loaded = loadPlan(config);
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded;
}

const plans = { sample: planOf("config"), features: planOf("test/fixtures/features") };
const outputs = { sample: outputOfPlan(plans.sample), features: outputOfPlan(plans.features) };
const sample = graphOfTexts(outputs.sample.texts);
const features = graphOfTexts(outputs.features.texts);

/** `hard: why` of one stack's need of another; undefined for none. */
function need(graph: StackGraph, from: string, to: string): string | undefined {
  const found = graph.needs.find((each) => each.from === from && each.to === to);
  return found === undefined ? undefined : `${found.hard ? "hard" : "soft"}: ${found.why}`;
}

describe("a stack of the graph", () => {
  test("is what the JSON says of an account", () => {
    expect(sample.nodes.get("commercial.regulated.pci.pci-key-management")).toEqual({
      name: "commercial.regulated.pci.pci-key-management",
      kind: "account",
      organization: "commercial",
      ou: "Regulated/PCI",
      zone: "pci",
      account: "pci-key-management",
      accountId: "310000000001",
      state: "310000000001",
      providers: 2,
      resources: 32,
    });
  });

  test("is about a zone, and of no account, where the JSON says so", () => {
    expect(sample.nodes.get("commercial.rollouts.corporate.org-management")).toMatchObject({
      kind: "direct-rollouts",
      ou: undefined,
      account: undefined,
      zone: "corporate",
      accountId: "100000000001",
      state: "100000000001-direct-rollouts-corporate",
      providers: 3,
    });
  });

  test("has its state's name in a bucket too", () => {
    expect(features.nodes.get("everything.guardrails.outpost")?.state).toBe("500000000001-guardrails-outpost");
  });

  test.each(Object.keys(outputs) as (keyof typeof outputs)[])(
    "is there for each stack of %s, in name order",
    (name) => {
      const graph = graphOfTexts(new Map([...outputs[name].texts].reverse()));
      expect([...graph.nodes.keys()]).toEqual([...outputs[name].texts.keys()].sort());
      expect(graph.needs).toEqual(graphOfTexts(outputs[name].texts).needs);
    },
  );
});

describe("a stack needs", () => {
  test("the rollouts that bring the role it works as, before it can be planned", () => {
    expect(need(sample, "commercial.workloads.prod.platform-prod", "commercial.rollouts.corporate")).toBe(
      "hard: it works as role OrgKeysDeploy, which commercial.rollouts.corporate brings to its account",
    );
  });

  test("no rollouts where somebody makes that role by hand", () => {
    expect(need(features, "everything.core.core-keys", "everything.rollouts.core")).toBeUndefined();
    expect(need(sample, "commercial.security.security-tooling", "commercial.rollouts.corporate")).toBeUndefined();
    expect(
      need(sample, "commercial.security.security-tooling", "commercial.rollouts.corporate.security-tooling"),
    ).toMatch("soft: it works as role OrgKeysDeploy, which commercial.rollouts.corporate.security-tooling takes over");
    expect(
      need(sample, "commercial.rollouts.corporate", "commercial.rollouts.corporate.security-tooling"),
    ).toBeUndefined();
  });

  test("the rollouts that bring a role which its key policies name", () => {
    expect(need(features, "everything.core.core-keys", "everything.rollouts.core.app-prod")).toBe(
      "soft: its key policies let in role OrgKeysDeploy of account 511000000001, which everything.rollouts.core.app-prod brings",
    );
  });

  test("the owner of a key that it looks up, before it can be planned", () => {
    expect(need(features, "everything.outpost.outpost-field", "everything.outpost.outpost-prod")).toBe(
      "hard: its plan looks up alias/bonds of everything.outpost.outpost-prod; its principals use alias/bonds of everything.outpost.outpost-prod",
    );
    expect(need(features, "everything.core.prod.data-prod", "everything.core.prod.fleet-prod")).toMatch(
      /^hard: its plan looks up alias\/fleet-prod-ebs of/,
    );
  });

  test("the owner of a key that its consumer policies name", () => {
    expect(need(sample, "commercial.workloads.test.shop-test", "commercial.security.corporate-key-management")).toBe(
      "soft: its principals use alias/shared-test-key, alias/shop of commercial.security.corporate-key-management",
    );
  });

  test.each([
    ["no alias of it", undefined],
    ["a pattern", { "ForAnyValue:StringLike": { "kms:ResourceAliases": ["alias/sh*"] } }],
  ])("the owner's account where a consumer policy names %s", (_, condition) => {
    const output = outputs.sample.edit("commercial.workloads.test.shop-test", (json) => {
      for (const policy of Object.values<{ Statement: { Condition?: unknown }[] }>(json.locals)) {
        for (const statement of policy.Statement) statement.Condition = condition;
      }
    });
    const graph = graphOfTexts(output.texts);
    expect(need(graph, "commercial.workloads.test.shop-test", "commercial.security.corporate-key-management")).toBe(
      "soft: its principals use keys of commercial.security.corporate-key-management",
    );
  });

  test("nothing of a stack that makes an alias of the same name elsewhere", () => {
    expect(
      need(sample, "commercial.regulated.hipaa.patient-portal-prod", "commercial.security.corporate-key-management"),
    ).toBeUndefined();
  });

  test("guardrails first, where StackSets bring keys", () => {
    expect(need(sample, "commercial.rollouts.hipaa", "commercial.guardrails.hipaa")).toMatch(
      /^soft: its StackSets bring keys/,
    );
    expect(sample.needs.filter(({ from }) => from === "commercial.guardrails.hipaa")).toEqual([]);
  });

  test("everything of its zone, where it is a zone's guardrails and no keys are brought", () => {
    expect(sample.needs.filter(({ from }) => from === "commercial.guardrails.pci").map(({ to }) => to)).toEqual([
      "commercial.regulated.pci.payments-prod",
      "commercial.regulated.pci.pci-key-management",
      "commercial.regulated.pci.test.payments-test",
      "commercial.rollouts.pci",
    ]);
    expect(need(sample, "commercial.rollouts.pci", "commercial.guardrails.pci")).toBeUndefined();
  });

  test("the zone's bus, on whichever side it is", () => {
    expect(need(sample, "commercial.rollouts.corporate.org-management", "commercial.rollouts.corporate")).toBe(
      "soft: its rules send to a bus that commercial.rollouts.corporate brings",
    );
    const withBus = outputs.sample.edit("commercial.rollouts.corporate.org-management", (json) => {
      const [template] = Object.values<{ Resources: Record<string, unknown> }>(json.locals);
      if (template !== undefined) template.Resources.Bus = { Type: "AWS::Events::EventBus", Properties: { Name: "b" } };
    });
    const graph = graphOfTexts(withBus.texts);
    expect(
      need(graph, "commercial.rollouts.corporate.org-management", "commercial.rollouts.corporate"),
    ).toBeUndefined();
    expect(need(graph, "commercial.rollouts.corporate", "commercial.rollouts.corporate.org-management")).toBe(
      "soft: its StackSets bring rules that send to the bus of commercial.rollouts.corporate.org-management",
    );
  });
});

describe("the order", () => {
  test.each(Object.keys(outputs) as (keyof typeof outputs)[])("of %s is the one of orgkeys bootstrap", (name) => {
    const { map, rollouts, stacks } = plans[name];
    const graph = graphOfTexts(outputs[name].texts);
    for (const organization of map.organizations) {
      const isAccount = (stack: string): boolean => graph.nodes.get(stack)?.kind === "account";
      const { steps } = bootstrapSteps(
        organization,
        map,
        rollouts,
        stacks.map(({ name: stack, kind, zone }) => ({ name: stack, kind, zone })),
        { config: "config", out: "cdktf.out", templates: "templates" },
      );
      /** Which command applies it: one for all accounts of a zone, which `apply` has in their own order. */
      const place = new Map<string, number>();
      for (const [index, command] of steps.flatMap(({ commands }) => commands).entries()) {
        const [, zone, stack = ""] = /-- apply (?:--zone (\S+)|(\S+))/.exec(command) ?? [];
        const ofZone = stacks.filter((each) => each.zone === zone && each.kind === "account");
        for (const name of zone === undefined ? [stack] : ofZone.map((each) => each.name)) place.set(name, index);
      }
      for (const { from, to } of graph.needs) {
        const [later, earlier] = [place.get(from), place.get(to)];
        if (later === undefined || earlier === undefined) continue;
        const isTogether = later === earlier && isAccount(from) && isAccount(to);
        expect([from, to, later > earlier || isTogether]).toEqual([from, to, true]);
      }
      if (rollouts.zones.some(({ zone }) => zone.organization.name === organization.name)) {
        expect(place.size).toBeGreaterThan(3);
      }
    }
  });

  test("puts owners of keys before users, and guardrails last where they are", () => {
    const order = orderStacks(
      sample,
      [...sample.nodes.keys()].filter((name) => name.includes("pci")),
    );
    if ("problems" in order) throw new Error(order.problems.join());
    expect(order.layers.map((layer) => layer.map(({ name }) => name.replace("commercial.", "")))).toEqual([
      ["rollouts.pci"],
      ["regulated.pci.pci-key-management"],
      ["regulated.pci.payments-prod", "regulated.pci.test.payments-test"],
      ["guardrails.pci"],
    ]);
  });
});

describe("an output folder", () => {
  function problemsOf(output: Output, edit: (folder: string) => void = () => undefined): string[] {
    return withFolder(output, (folder) => {
      edit(folder);
      const read = readGraph(folder);
      if ("graph" in read) throw new Error("it can be read");
      return read.problems.map(({ file, message, fix }) => `${file.replace(`${folder}/`, "")}: ${message}; ${fix}`);
    });
  }
  const small = [...outputs.sample.texts.keys()]
    .filter((name) => !name.includes("govcloud"))
    .reduce((output, name) => output.without(name), outputs.sample);
  const account = "govcloud.workloads.prod.case-management-prod";

  test("gives the graph of its JSON, stack by stack", () => {
    const seen: string[] = [];
    const read = withFolder(small, (folder) =>
      readGraph(folder, (stack, index, total) => seen.push(`${index + 1}/${total} ${stack}`)),
    );
    if ("problems" in read) throw new Error(JSON.stringify(read.problems));
    expect(read.graph).toEqual(graphOfTexts(small.texts));
    expect(seen[0]).toBe("1/5 govcloud.guardrails.govcloud");
  });

  test("leaves out no stack that cannot be read: each is a problem", () => {
    const broken = small
      .withText(account, "{")
      .edit("govcloud.guardrails.govcloud", (json) => {
        json["//"].orgkeys.kind = "guardrail";
        delete json.terraform.backend;
      })
      .edit("govcloud.security.gov-key-management", (json) => {
        delete json["//"].orgkeys.ou;
        delete json["//"].orgkeys.zone;
      })
      .edit("govcloud.rollouts.govcloud", (json) => {
        json.provider.aws[0].allowed_account_ids = ["999999999999"];
      });
    const problems = problemsOf(broken);
    expect(problems).toContainEqual(
      expect.stringMatching(`stacks/${account}/cdk.tf.json: is not JSON: .*; synthesize again`),
    );
    expect(problems.filter((problem) => !problem.includes(account))).toEqual([
      'stacks/govcloud.guardrails.govcloud/cdk.tf.json: is of kind "guardrail", which is none of account, guardrails, rollouts, direct-rollouts; synthesize again',
      "stacks/govcloud.guardrails.govcloud/cdk.tf.json: does not say for certain where its state is; synthesize again",
      "stacks/govcloud.rollouts.govcloud/cdk.tf.json: does not say for certain which account it is for; synthesize again",
      'stacks/govcloud.security.gov-key-management/cdk.tf.json: has no zone at "//".orgkeys; synthesize again',
      'stacks/govcloud.security.gov-key-management/cdk.tf.json: has no ou at "//".orgkeys; synthesize again',
    ]);
  });

  test("leaves out no folder that is missing or left over", () => {
    expect(problemsOf(small, (folder) => rmSync(join(folder, "stacks", account), { recursive: true }))).toEqual([
      `manifest.json: names stack ${account}, which is not there; synthesize again`,
    ]);
    expect(
      problemsOf(small, (folder) => {
        mkdirSync(join(folder, "stacks/other"));
        writeFileSync(join(folder, "stacks/other/cdk.tf.json"), "{}");
      }),
    ).toEqual(["stacks/other: is not in manifest.json; delete the folder if it is left over, or synthesize again"]);
  });

  test("that another file adds to is no longer what was read", () => {
    const problems = problemsOf(small, (folder) => writeFileSync(join(folder, "stacks", account, "more.tf"), ""));
    expect(problems).toEqual([
      `stacks/${account}/cdk.tf.json: Terraform also loads more.tf beside cdk.tf.json, and it is not read here; synthesize again`,
    ]);
  });
});
