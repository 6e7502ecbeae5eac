import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import type { SourceFile } from "../../modules/organization/map-file";
import { synthesize } from "../../stacks/synthesize";
import { edit, planOf, smallSources } from "./small-organization";

const folder = mkdtempSync(join(tmpdir(), "orgkeys-records-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the stack of the key management account notes about one of its keys. */
function noted(sources: readonly SourceFile[], lifecycle: string, key: string): Record<string, unknown> {
  const bytes = new TextEncoder().encode(lifecycle);
  const all = [...sources, { name: "config/lifecycle.yaml", path: "lifecycle.yaml", bytes }];
  const stack = "acme.security.keys";
  synthesize(
    planOf(all).stacks.filter(({ name }) => name === stack),
    join(folder, "out"),
    { keepOthers: false },
  );
  return JSON.parse(readFileSync(join(folder, "out/stacks", stack, "cdk.tf.json"), "utf8"))["//"].orgkeys.keys[key];
}

const entry = (line: string): string =>
  `one:\n  account: keys\n  key: ledger\n  owner: finance\n  reason: A new ledger takes over\n  ${line}\n`;

describe("a stack's metadata", () => {
  test.each([
    [
      "the step of a key, and of its replicas",
      "decommission: {disabled: 2026-12-01}",
      { step: "disabled", replicaSteps: { "us-west-2": "disabled" }, days: { disabled: "2026-12-01" } },
    ],
    [
      "the step of a replica alone",
      "replicas: {us-west-2: {decommission: {disabled: 2026-12-01}}}",
      { replicaSteps: { "us-west-2": "disabled" }, replicaDays: { "us-west-2": { disabled: "2026-12-01" } } },
    ],
    [
      "each day of a key's end",
      "decommission: {disabled: 2026-12-01, scheduled: 2027-01-15}",
      { days: { disabled: "2026-12-01", scheduled: "2027-01-15" } },
    ],
    [
      "the day on which a key is handed over",
      "handOver: {to: acquirer, day: 2026-12-01}",
      { days: { "handed-over": "2026-12-01" } },
    ],
    ["that a key is replaced", "replaced: 2026-12-01", { alias: "alias/ledger-1", replaced: "2026-12-01" }],
    [
      "rotations on demand",
      "rotated: [{day: 2026-11-20, by: role/KeyAdministrator, reason: It leaked somewhere}]",
      { rotatedOnDemand: [{ day: "2026-11-20", by: "role/KeyAdministrator", reason: "It leaked somewhere" }] },
    ],
  ])("have %s", (_, line, expected) => {
    expect(noted(smallSources(), entry(line), "ledger_us-east-1")).toMatchObject(expected);
  });

  test("have the aliases that are told to go", () => {
    const dropped = edit(
      smallSources(),
      "workloads/shop.yaml",
      "  description: Books",
      "  dropAliases: [books]\n  description: Books",
    );
    expect(noted(dropped, "", "ledger_us-east-1")).toMatchObject({ droppedAliases: ["alias/books"] });
  });

  test("say nothing of a key of which nothing is recorded", () => {
    const { step, replicaSteps, days, replicaDays, replaced, rotatedOnDemand, material, droppedAliases } = noted(
      smallSources(),
      "",
      "ledger_us-east-1",
    );
    expect([step, replicaSteps, days, replicaDays, replaced, rotatedOnDemand, material, droppedAliases]).toEqual(
      Array(8).fill(undefined),
    );
  });
});
