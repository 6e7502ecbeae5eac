import { describe, expect, test } from "@jest/globals";
import { stackSetLimits, templateLimits } from "../../modules/aws/stack-set-limits";
import type { OrganizationalUnit } from "../../modules/organization/organization-map";
import type { Rollout } from "../../modules/organization/rollout";
import type { RenderedTemplate } from "../../modules/rollouts/template";
import { plan, refused, rolloutMap, rolloutOf, template } from "./rollout-map";

const map = rolloutMap();
const source = "rollouts.yaml pci.templates.vault";
const small = template("AWS::S3::Bucket vault");

function refusedWith(changed: Partial<RenderedTemplate>, given: Partial<Rollout> = {}): string[] {
  return refused(map, [rolloutOf(map, "pci", "vault", given)], [], () => [
    { part: "main", template: { ...small, ...changed } },
  ]);
}

function described(characters: number): RenderedTemplate["document"] {
  const bare = JSON.stringify({ Description: "", Resources: small.document.Resources }).length;
  return { Description: "x".repeat(characters - bare), Resources: small.document.Resources };
}

describe("CloudFormation takes no", () => {
  test("template that is too large, as Terraform writes it", () => {
    const { bytes } = templateLimits;
    const fits = { ...small, document: described(bytes) };
    expect(
      plan(map, [rolloutOf(map, "pci", "vault")], [], () => [{ part: "main", template: fits }]).stackSets,
    ).toHaveLength(1);
    expect(refusedWith({ document: described(bytes + 1) })).toEqual([
      `${source}  the template of rollout pci.vault has 51201 bytes of JSON, and CloudFormation takes at most 51200; make two templates of it, or say less in it`,
    ]);
    const escaped = { ...described(bytes), Description: `<${described(bytes).Description}`.slice(0, -1) };
    expect(refusedWith({ document: escaped })[0]).toContain("has 51205 bytes of JSON");
  });

  test.each([
    ["Resources", templateLimits.resources],
    ["Outputs", templateLimits.outputs],
    ["Mappings", templateLimits.mappings],
    ["Parameters", templateLimits.parameters],
  ])("template with too many %s", (section, most) => {
    const many = Object.fromEntries(Array.from({ length: most + 1 }, (_, index) => [`R${index}`, { Type: "A" }]));
    const document = { ...small.document, [section]: many };
    expect(refusedWith({ document })).toEqual([
      `${source}  the template of rollout pci.vault has ${most + 1} ${section}, and CloudFormation takes at most ${most}; make two templates of it, or say less in it`,
    ]);
  });

  test("template with too many dynamic references", () => {
    const many = Array.from({ length: 61 }, (_, index) => `{{resolve:ssm:/p/${index}}}`);
    expect(refusedWith({ document: { ...small.document, Metadata: many } })).toEqual([
      `${source}  the template of rollout pci.vault has 61 dynamic references, and CloudFormation takes at most 60; make two templates of it, or say less in it`,
    ]);
  });

  test("parameter that is too long", () => {
    expect(refusedWith({ parameters: { Policy: "é".repeat(2049), ["P".repeat(256)]: "" } })).toEqual([
      `${source}  the template of rollout pci.vault has parameter Policy of 4098 bytes, and CloudFormation takes at most 4096; shorten it, or write it into the template`,
      `${source}  the template of rollout pci.vault has parameter ${"P".repeat(256)} of 256 characters, and CloudFormation takes at most 255; give it a shorter name`,
    ]);
  });

  test("name that is too long or has other characters", () => {
    const name = "v".repeat(120);
    expect(refusedWith({}, { template: name })).toEqual([
      `${source}  StackSet orgkeys-pci-${name} has a name of 132 characters, and CloudFormation takes at most 128; rename the zone, the template or the wave`,
    ]);
    expect(refusedWith({}, { template: "my_vault" })).toEqual([
      `${source}  StackSet orgkeys-pci-my_vault has a name with other characters than letters, digits and hyphens, and CloudFormation takes no others; rename the zone, the template or the wave`,
    ]);
  });

  test("more than so many tags, or one that is too long", () => {
    const tags = Object.fromEntries(Array.from({ length: 46 }, (_, index) => [`T${index}`, "x"]));
    const zones = (its: Record<string, string>) => map.zones.map((zone) => ({ ...zone, tags: its }));
    expect(refused({ ...map, zones: zones(tags) }, [rolloutOf(map, "pci", "vault")])).toEqual([
      `${source}  StackSet orgkeys-pci-vault has 51 tags, and CloudFormation takes at most 50; drop some of the organization's or the zone's extra tags`,
    ]);
    expect(refused({ ...map, zones: zones({ Long: "x".repeat(257) }) }, [rolloutOf(map, "pci", "vault")])).toEqual([
      `${source}  StackSet orgkeys-pci-vault has tag Long of 4 and 257 characters, and CloudFormation takes at most 128 and 256; shorten it`,
    ]);
  });

  test("call with more OUs than so many: an OU must not wander from StackSet to StackSet", () => {
    const ous = (count: number): OrganizationalUnit[] =>
      Array.from({ length: count }, (_, index) => ({
        path: `Unit${index}`,
        id: `ou-ab12-${90_000_000 + index}`,
        idPath: `o-a1b2c3d4e5/r-ab12/ou-ab12-${90_000_000 + index}/`,
      }));
    const withOus = (count: number) => ({
      ...map,
      zones: map.zones.map((zone) => ({ ...zone, extent: { ...zone.extent, wholeOus: ous(count) } })),
    });
    const { ousPerCall } = stackSetLimits;
    expect(plan(withOus(ousPerCall), [rolloutOf(map, "pci", "vault")]).stackSets).toHaveLength(1);
    expect(refused(withOus(ousPerCall + 1), [rolloutOf(map, "pci", "vault")])).toEqual([
      `${source}  rollout pci.vault goes to 51 OUs, and CloudFormation takes at most 50; name an OU above them that is the zone's with everything below, or spread them over waves`,
    ]);
  });
});
