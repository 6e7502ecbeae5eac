import { describe, expect, test } from "@jest/globals";
import type { Rollout } from "../../modules/organization/rollout";
import { renderRollout } from "../../modules/rollouts/render-rollout";
import { refused, rolloutMap, rolloutOf } from "./rollout-map";

const map = rolloutMap();
const text = `AWSTemplateFormatVersion: "2010-09-09"
Description: What organization {{organization.name}} has everywhere
Resources:
  Vault:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
`;

function render(rollout: Rollout, templates: Readonly<Record<string, string>> = {}) {
  const zone = map.zones.find(({ name }) => name === rollout.zone);
  if (zone === undefined) throw new Error("has no zone");
  return renderRollout(rollout, zone, map, () => new Map(Object.entries(templates)));
}

describe("a rollout's templates are", () => {
  test("the map's own, filled with what the zone is", () => {
    const ownTemplate = { name: "vault", text, path: "rollouts/vault.yaml.hbs" };
    const rendered = render(rolloutOf(map, "pci", "vault", { ownTemplate }));
    expect(rendered).toMatchObject([
      {
        part: "main",
        template: { document: { Description: "What organization acme has everywhere" }, parameters: {} },
      },
    ]);
  });

  test("refused with the place of each flaw in their file", () => {
    const ownTemplate = { name: "vault", text: "Description: nothing\n", path: "rollouts/vault.yaml.hbs" };
    const rendered = render(rolloutOf(map, "pci", "vault", { ownTemplate }));
    if (!("problems" in rendered)) throw new Error("was not refused");
    expect(rendered.problems[0]?.source).toBe("rollouts.yaml pci.templates.vault");
    expect(JSON.stringify(rendered.problems[0])).toContain("rollouts/vault.yaml.hbs");
  });

  test("refused once for a flaw of a template that two zones use", () => {
    const ownTemplate = {
      name: "vault",
      text: text.replace("    DeletionPolicy: Retain\n", "    Deletion: x\n"),
      path: "rollouts/vault.yaml.hbs",
    };
    const rollouts = ["corporate", "pci"].map((zone) => rolloutOf(map, zone, "vault", { ownTemplate }));
    expect(refused(map, rollouts, [], renderRollout)).toHaveLength(1);
  });

  test("refused with the rollouts that have a flaw, where others have the template without it", () => {
    const flawed = `${text}{{#if zone.keyManagementAccount}}    Deletion: x\n{{/if}}`;
    const ownTemplate = { name: "vault", text: flawed, path: "rollouts/vault.yaml.hbs" };
    const without = {
      ...map,
      zones: map.zones.map((zone) => ({
        ...zone,
        ...(zone.name === "pci" ? { keyManagementAccount: undefined } : {}),
      })),
    };
    const rollouts = ["corporate", "pci"].map((zone) => rolloutOf(without, zone, "vault", { ownTemplate }));
    expect(refused(without, rollouts, [], renderRollout)).toEqual([
      expect.stringContaining(" (rollout corporate.vault); "),
    ]);
  });

  test("refused when a built-in one gets too large for the map, or is not sound", () => {
    const rendered = render(rolloutOf(map, "corporate", "access-roles"), { "access-roles": "Description: nothing\n" });
    if (!("problems" in rendered)) throw new Error("was not refused");
    expect(rendered.problems[0]?.source).toBe("rollouts.yaml corporate.templates.access-roles");
  });

  test("our own bug when a built-in one is missing", () => {
    expect(() => render(rolloutOf(map, "pci", "access-roles"))).toThrow(
      "pci.access-roles: there is no template access-roles",
    );
  });
});
