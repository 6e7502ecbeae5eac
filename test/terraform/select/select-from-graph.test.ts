import { describe, expect, test } from "@jest/globals";
import { selectFromGraph } from "../../../modules/terraform/select/select-from-graph";
import type { SelectionContext, StackSelection } from "../../../modules/terraform/select/stack-selection";
import { outputOf } from "../../checks/sample-output";
import { graphOfTexts } from "../graph/written-output";

const graph = graphOfTexts(outputOf("config").texts);
const known: SelectionContext["known"] = {
  ous: ["Sandbox", "commercial/Sandbox"],
  zones: ["empty"],
  accounts: ["log-archive", "100000000003"],
};

function select(selection: Partial<StackSelection>, affected?: SelectionContext["affected"]): string[] {
  const whole: StackSelection = { ous: [], zones: [], accounts: [], globs: [], excludes: [], ...selection };
  const result = selectFromGraph(graph, whole, { known, affected });
  return "problems" in result
    ? result.problems.map((problem) => `! ${problem}`)
    : result.selected.map(({ node, why }) => `${node.name.replace("commercial.", "")}: ${why}`);
}

describe("selecting stacks", () => {
  test("without anything takes all", () => {
    expect(select({})).toHaveLength(graph.nodes.size);
    expect(select({})[0]).toBe("guardrails.corporate: everything is selected");
  });

  test("by OU takes the accounts in it and below, and no zone's own stacks", () => {
    expect(select({ ous: ["commercial/Regulated/PCI"] })).toEqual([
      "regulated.pci.payments-prod: in OU commercial/Regulated/PCI",
      "regulated.pci.pci-key-management: in OU commercial/Regulated/PCI",
      "regulated.pci.test.payments-test: in OU commercial/Regulated/PCI",
    ]);
    expect(select({ ous: ["Regulated/PCI/Test"] })).toEqual([
      "regulated.pci.test.payments-test: in OU Regulated/PCI/Test",
    ]);
  });

  test("by OU takes it in each organization that has it, unless one is named", () => {
    expect(select({ ous: ["Workloads/Prod"] })).toHaveLength(4);
    expect(select({ ous: ["govcloud/Workloads/Prod"] })).toEqual([
      "govcloud.workloads.prod.case-management-prod: in OU govcloud/Workloads/Prod",
    ]);
  });

  test("by zone takes its own stacks too", () => {
    expect(select({ zones: ["pci"] }).map((line) => line.replace(/:.*/, ""))).toEqual([
      "guardrails.pci",
      "regulated.pci.payments-prod",
      "regulated.pci.pci-key-management",
      "regulated.pci.test.payments-test",
      "rollouts.pci",
    ]);
  });

  test("by account takes its stack, by name or id, and not what a zone has there", () => {
    expect(select({ accounts: ["security-tooling", "310000000002"] })).toEqual([
      "regulated.pci.payments-prod: account 310000000002",
      "security.security-tooling: account security-tooling",
    ]);
  });

  test("by a glob takes any characters for a star, dots too", () => {
    expect(select({ globs: ["commercial.rollouts.*"] }).map((line) => line.replace(/:.*/, ""))).toEqual([
      "rollouts.corporate",
      "rollouts.corporate.org-management",
      "rollouts.corporate.security-tooling",
      "rollouts.hipaa",
      "rollouts.pci",
    ]);
    expect(select({ globs: ["*.{guardrails,rollouts}.pci"] })).toEqual([
      "guardrails.pci: matches *.{guardrails,rollouts}.pci",
      "rollouts.pci: matches *.{guardrails,rollouts}.pci",
    ]);
  });

  test("combines kinds as and, values of a kind as or, and leaves out last", () => {
    expect(
      select({
        ous: ["Workloads/Prod", "Workloads/Test"],
        zones: ["corporate"],
        globs: ["*-prod", "*-test"],
        excludes: ["*.customer-*"],
      }),
    ).toEqual([
      "workloads.prod.platform-prod: in OU Workloads/Prod, in zone corporate, matches *-prod",
      "workloads.prod.shop-prod: in OU Workloads/Prod, in zone corporate, matches *-prod",
      "workloads.test.shop-test: in OU Workloads/Test, in zone corporate, matches *-test",
    ]);
  });

  test("takes what is affected alone, with its reason", () => {
    const affected = new Map([
      ["commercial.rollouts.pci", "StackSet added"],
      ["commercial.workloads.prod.shop-prod", "key policy changed"],
      ["commercial.removed", "removed"],
    ]);
    expect(select({}, affected)).toEqual([
      "rollouts.pci: affected: StackSet added",
      "workloads.prod.shop-prod: affected: key policy changed",
    ]);
    expect(select({ ous: ["Workloads"] }, affected)).toEqual([
      "workloads.prod.shop-prod: in OU Workloads, affected: key policy changed",
    ]);
    expect(select({}, new Map())).toEqual([]);
    expect(select({ zones: ["hipaa"] }, affected)).toEqual([]);
  });
});

describe("a selection that is a mistake", () => {
  test("names what nobody knows, all at once, with what was likely meant", () => {
    expect(
      select({
        ous: ["Workload/Prod", "commercial.workloads.*"],
        zones: ["pc"],
        accounts: ["shop-prd", "999999999999"],
        globs: ["commercial.workload.*"],
        excludes: ["!a"],
      }),
    ).toEqual([
      "! --ou Workload/Prod: neither in the map nor in the output; did you mean Workloads/Prod?",
      "! --ou commercial.workloads.*: neither in the map nor in the output; to select stacks by their names, give those before all options",
      "! --zone pc: neither in the map nor in the output; did you mean pci?",
      "! --account shop-prd: neither in the map nor in the output; did you mean shop-prod?",
      expect.stringMatching(/^! --account 999999999999: neither in the map nor in the output; there are [a-z-]+, /),
      expect.stringMatching(
        /^! commercial.workload.\*: matches no stack; there are commercial.guardrails.corporate, .* and 24 more$/,
      ),
      "! --exclude !a: matches no stack; write --exclude 'a' for what is to be left out",
    ]);
  });

  test("says which stack is an account's, whose name is no pattern of stacks", () => {
    expect(select({ globs: ["shop-prod"] })).toEqual([
      "! shop-prod: matches no stack; the stack of account shop-prod is commercial.workloads.prod.shop-prod",
    ]);
  });

  test("is none where the map knows a name that has no stack", () => {
    expect(select({ accounts: ["log-archive"] })).toEqual([]);
    expect(select({ ous: ["commercial/Sandbox"] })).toEqual([]);
    expect(select({ zones: ["empty"] })).toEqual([]);
    expect(select({ accounts: ["log-archive", "shop-prod"] })).toEqual(["workloads.prod.shop-prod: account shop-prod"]);
  });

  test("is one of kinds that have nothing in common, or of which nothing is left", () => {
    expect(select({ ous: ["Workloads"], zones: ["pci"] })).toEqual([
      "! --ou Workloads --zone pci: no stack is all of this at once; give fewer of them",
    ]);
    expect(select({ zones: ["pci"], excludes: ["*pci*"] })).toEqual([
      "! --exclude *pci*: leaves nothing of 5 selected stacks; exclude fewer",
    ]);
  });

  test("is a glob that is none", () => {
    expect(select({ globs: [""] })).toEqual(["! '': is no pattern: Expected pattern to be a non-empty string"]);
  });
});
