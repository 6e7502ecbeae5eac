import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { SourceFile } from "../../modules/organization/map-file";
import { continuityRulesOf } from "../../stacks/continuity-rules";
import { rulesOf } from "../../stacks/rules";
import { synthesizeProved } from "../../stacks/synthesize-proved";
import { edit, planOf, smallSources } from "./small-organization";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orgkeys-proved-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Stacks in which a role manages keys that the map has for nobody: as those of an older map, or of a mistake here. */
const breach = edit(smallSources(), "zones.yaml", "[role/HealthKeyAdministrator]", "[role/Stranger, role/Other]");

function exceptions(subjects: readonly string[], expires: string): SourceFile {
  const entries = subjects.map(
    (subject, index) =>
      `manager-${index}: {check: zone-managers, subject: ${subject}, owner: platform, reason: it is a test, expires: ${expires}}\n`,
  );
  const path = "exceptions.yaml";
  return { name: `config/${path}`, path, bytes: new TextEncoder().encode(entries.join("")) };
}

function synthesis(sources: readonly SourceFile[], today?: string) {
  const { map, stacks } = planOf(sources);
  const { zones } = rulesOf(planOf(smallSources()).map);
  const options = { keepOthers: false, continuity: continuityRulesOf(map) };
  return synthesizeProved(stacks, join(folder, "out"), { ...rulesOf(map, today), zones }, options);
}

const synthesizeFrom = (sources: readonly SourceFile[], today?: string) => synthesis(sources, today).proof;

describe("a synthesis with its proof", () => {
  test("writes what the proof holds for", () => {
    const { findings, accepted, stacks } = synthesizeFrom(smallSources());
    expect([findings, accepted]).toEqual([[], []]);
    expect(readdirSync(join(folder, "out/stacks")).sort()).toEqual(stacks.map(({ name }) => name));
  });

  test("writes nothing when a zone is breached", () => {
    expect(synthesizeFrom(breach).findings).toMatchObject([{ id: "zone-managers" }, { id: "zone-managers" }]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("leaves the output from before as it is", () => {
    synthesizeFrom(smallSources());
    const manifest = readFileSync(join(folder, "out/manifest.json"), "utf8");
    synthesizeFrom(breach);
    expect(readFileSync(join(folder, "out/manifest.json"), "utf8")).toBe(manifest);
    expect(readdirSync(folder)).toEqual(["out"]);
  });

  test("says at once what breaches a zone and what would lose a key", () => {
    expect(synthesis(smallSources()).written).toBe(true);
    const renamed = edit(breach, "workloads/clinic.yaml", "records:", "patients:");
    const { proof, continuity, written } = synthesis(renamed);
    expect(written).toBe(false);
    expect(proof.findings).toHaveLength(2);
    expect(continuity.refusals).toMatchObject([{ id: "key-vanishes" }]);
    expect(readFileSync(join(folder, "out/stacks/acme.health.clinic/cdk.tf.json"), "utf8")).toContain("records_prod");
  });

  test("writes what somebody answers for, until the day it ends", () => {
    const subjects = synthesizeFrom(breach).findings.map(({ where }) => where);
    const accepted = [...breach, exceptions(subjects, "2027-01-31")];
    expect(synthesizeFrom(accepted, "2027-01-30")).toMatchObject({ findings: [], accepted: [{}, {}] });
    expect(existsSync(join(folder, "out/manifest.json"))).toBe(true);
    expect(synthesizeFrom(accepted, "2027-01-31").findings).toHaveLength(2);
  });

  test("does not take one exception for another", () => {
    const [first = "", second] = synthesizeFrom(breach).findings.map(({ where }) => where);
    const { findings } = synthesizeFrom([...breach, exceptions([first], "2027-01-31")]);
    expect(findings.map(({ where }) => where)).toEqual([second]);
  });
});

describe("an account that is suspended", () => {
  const suspended = (sources: readonly SourceFile[]): SourceFile[] =>
    edit(
      sources,
      "organizations/acme.yaml",
      'id: "310000000001", regions',
      'id: "310000000001", status: suspended, regions',
    );
  const renamed = edit(smallSources(), "workloads/clinic.yaml", "records:", "patients:");
  const stackOfClinic = (folderName: string) => join(folder, "out", folderName, "acme.health.clinic/cdk.tf.json");

  test("has its last stack beside the output, through as many syntheses as it takes", () => {
    synthesis(smallSources());
    const last = readFileSync(stackOfClinic("stacks"), "utf8");
    for (const _ of [1, 2]) {
      const { written, continuity } = synthesis(suspended(smallSources()));
      expect([written, continuity.refusals, continuity.findings]).toEqual([true, [], []]);
      expect(existsSync(stackOfClinic("stacks"))).toBe(false);
      expect(readFileSync(stackOfClinic("resting"), "utf8")).toBe(last);
    }
  });

  test("is held against that when it is active again, whatever the map changed meanwhile", () => {
    synthesis(smallSources());
    synthesis(suspended(smallSources()));
    synthesis(suspended(renamed));
    expect(synthesis(renamed).continuity.refusals).toMatchObject([{ id: "key-vanishes" }]);
    expect(existsSync(stackOfClinic("resting"))).toBe(true);
    expect(synthesis(smallSources()).written).toBe(true);
    expect([existsSync(stackOfClinic("stacks")), existsSync(join(folder, "out/resting"))]).toEqual([true, false]);
  });
});
