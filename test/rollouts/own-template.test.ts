import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { formatProblem } from "../../modules/organization/problem";
import { readOrganizationMap } from "../../modules/organization/read-organization-map";
import type { Rollout } from "../../modules/organization/rollout";
import { keptNames, ownTemplateData, ownTemplateProblem } from "../../modules/rollouts/own-template";
import { renderTemplate } from "../../modules/rollouts/render-template";
import type { RenderedTemplate, TemplateFlaw } from "../../modules/rollouts/template";
import { planOf, smallSources } from "../stacks/small-organization";
import { rolloutOf } from "./rollout-of";

const text = readFileSync(join(__dirname, "../fixtures/features/rollouts/backup-vault.yaml.hbs"), "utf8");
const { map } = planOf(smallSources());
const zone = map.zones.find(({ name }) => name === "corporate") ?? fail("no zone");

function fail(why: string): never {
  throw new Error(why);
}

const path = "rollouts/backup-vault.yaml.hbs";
const rollout: Rollout = rolloutOf(map, zone, {
  name: "corporate.backup-vault",
  template: "backup-vault",
  ownTemplate: { name: "backup-vault", text, path },
  parameters: { VaultName: "central" },
});

function render(template: string): RenderedTemplate | { flaws: TemplateFlaw[] } {
  const source = { text: template, name: path, keptNames: keptNames(zone.organization) };
  return renderTemplate(source, ownTemplateData(rollout, zone, map), rollout.parameters);
}

describe("a template of the map's own", () => {
  test("is filled with what the map says of its zone", () => {
    expect(ownTemplateData(rollout, zone, map)).toMatchObject({
      zone: {
        name: "corporate",
        owner: zone.owner,
        regions: zone.regions,
        administrators: [...zone.administrators].sort(),
        breakGlass: zone.breakGlass,
      },
      organization: {
        roles: {
          deploy: `role/${zone.organization.roles.deploy}`,
          audit: `role/${zone.organization.roles.audit}`,
        },
        id: zone.organization.id,
        partition: "aws",
        homeRegion: zone.organization.homeRegion,
      },
      ous: zone.extent.wholeOus.map(({ path: ou, id }) => ({ path: ou, id, whole: true })),
      parameters: [{ name: "VaultName", value: "central" }],
    });
    const { accounts } = ownTemplateData(rollout, zone, map);
    expect(accounts.map(({ name }) => name)).toEqual(
      map.accounts.filter((each) => each.zone === zone.name && each.status === "active").map(({ name }) => name),
    );
    expect(accounts.filter(({ ou, environment }) => typeof ou !== "string" || typeof environment !== "string")).toEqual(
      [],
    );
  });

  test("becomes a document with the rollout's parameters, as it was reviewed", () => {
    const rendered = render(text);
    if ("flaws" in rendered) throw new Error(JSON.stringify(rendered.flaws, null, 2));
    const golden = join(__dirname, "golden", "corporate-backup-vault.yaml");
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(golden, rendered.text);
    expect(rendered.text).toBe(readFileSync(golden, "utf8"));
    expect(rendered.parameters).toEqual({ VaultName: "central" });
    expect(rendered.creates).toEqual([
      { type: "AWS::Backup::BackupVault", name: "central", per: "region" },
      { type: "AWS::KMS::Alias", name: "alias/central-backups", per: "region" },
    ]);
  });

  test("has its flaws told in its own file", () => {
    const rendered = render(text.replace("DeletionPolicy: Retain", "DeletionPolicy: Delete"));
    if (!("flaws" in rendered)) throw new Error("there is a flaw");
    const read = readOrganizationMap(
      [...smallSources(), { name: `config/${path}`, path, bytes: new TextEncoder().encode(text) }],
      "config",
    );
    const problems = rendered.flaws.map((flaw) => {
      const { source, message, fix, place } = ownTemplateProblem(rollout, flaw);
      return formatProblem(("sound" in read ? read.sound : read).problemAt(source, message, fix, place));
    });
    expect(problems).toEqual([
      `config/${path}:11:3  Resources.Key: is a key that CloudFormation may delete; write DeletionPolicy: Retain and UpdateReplacePolicy: Retain beside its Type`,
    ]);
  });

  test.each<[name: string, given: Readonly<Record<string, string>>, told: readonly string[]]>([
    [
      "that it does not take",
      { VaultName: "central vault" },
      [
        "VaultName: has central vault, which is not of the form [A-Za-z0-9_-]{2,50} (rollout corporate.backup-vault, rollouts/backup-vault.yaml.hbs:6); give it a value that the template takes",
      ],
    ],
    [
      "under another name",
      { VaultNam: "central" },
      [
        "VaultNam: is no parameter of the template (rollout corporate.backup-vault, rollouts/backup-vault.yaml.hbs:5); did you mean VaultName?",
        "VaultName: has no value, and no Default (rollout corporate.backup-vault, rollouts/backup-vault.yaml.hbs:6); give it a value",
      ],
    ],
    [
      "from the account",
      { VaultName: "{{resolve:ssm:x}}" },
      [
        "VaultName: has {{resolve:ssm:x}}, which is not of the form [A-Za-z0-9_-]{2,50} (rollout corporate.backup-vault, rollouts/backup-vault.yaml.hbs:6); give it a value that the template takes",
        "VaultName: reads a value from the account while it is deployed (rollout corporate.backup-vault, rollouts/backup-vault.yaml.hbs:6); give the resource the secret's name or ARN instead",
      ],
    ],
  ])("is given a value %s: that is told where the map gives it", (_name, parameters, told) => {
    const wrong = { ...rollout, parameters };
    const rendered = renderTemplate({ text, name: path }, ownTemplateData(wrong, zone, map), parameters);
    if (!("flaws" in rendered)) throw new Error("there is a flaw");
    const given = rendered.flaws.filter((flaw) => flaw.given !== undefined);
    const problems = given.map((flaw) => ownTemplateProblem(wrong, flaw));
    expect(problems.map(({ place }) => place).filter((place) => place !== undefined)).toEqual([]);
    const begin = `${rollout.source}.parameters.`;
    expect(problems.map(({ source, message, fix }) => `${source}: ${message}; ${fix}`)).toEqual(
      told.map((each) => `${begin}${each}`),
    );
  });

  test("has a Default that it does not take itself: that is told in its own file", () => {
    const wrong = text.replace("    Type: String\n", "    Type: String\n    Default: x\n");
    const flaws = renderTemplate({ text: wrong, name: path }, ownTemplateData(rollout, zone, map), {});
    expect("flaws" in flaws && flaws.flaws.map((flaw) => ownTemplateProblem(rollout, flaw))).toMatchObject([
      { place: { file: path, path: "Parameters.VaultName" }, fix: "give it a Default that it takes" },
    ]);
  });

  test("makes nothing that keys, guardrails or pipelines trust by its name", () => {
    const rendered = render(text.replace("alias/${VaultName}-backups", "alias/orgkeys-${VaultName}"));
    expect("flaws" in rendered && rendered.flaws.map(({ message }) => message)).toEqual([
      "is named alias/orgkeys-central, and orgkeys-* is kept",
    ]);
  });
});
