import { describe, expect, test } from "@jest/globals";
import { ZoneBoundaries } from "../../modules/access/zone-boundary";
import { check } from "../../modules/checks/zone-deploy-role";
import { type Json, type Output, outputOf } from "./sample-output";

const sample = outputOf("config");
const stack = "commercial.regulated.pci.pci-key-management";
const at = "pci-key-management provider aws.us-east-1";
const expected = "arn:aws:iam::310000000001:role/OrgKeysDeploy";

function found(edit: (provider: Json) => void) {
  return sample.edit(stack, (json) => edit(json.provider.aws[0])).check([check]);
}

/** A stack in the management account, which guards zone pci. */
function guardrails(role: string, zone = "pci") {
  return JSON.stringify({
    "//": { orgkeys: { kind: "guardrails", accountId: "100000000001", organization: "commercial", zone } },
    provider: {
      aws: [
        {
          alias: "us-east-1",
          region: "us-east-1",
          allowed_account_ids: ["100000000001"],
          assume_role: [{ role_arn: role }],
        },
      ],
    },
  });
}

test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
  expect(outputOf(config).check([check])).toEqual([]);
});

describe("finds a provider that assumes", () => {
  test.each<[name: string, role: string]>([
    ["another role of the account", "arn:aws:iam::310000000001:role/Admin"],
    ["the deploy role below a path", "arn:aws:iam::310000000001:role/teams/OrgKeysDeploy"],
    ["the deploy role in other letters", "arn:aws:iam::310000000001:role/orgkeysdeploy"],
    ["a user of its name", "arn:aws:iam::310000000001:user/OrgKeysDeploy"],
    ["the account's root", "arn:aws:iam::310000000001:root"],
    ["the deploy role of another zone", "arn:aws:iam::320000000002:role/OrgKeysDeploy"],
    ["the deploy role of another account of the zone", "arn:aws:iam::310000000002:role/OrgKeysDeploy"],
    ["the deploy role of another partition", "arn:aws-us-gov:iam::310000000001:role/OrgKeysDeploy"],
  ])("%s", (_name, role) => {
    // Where the account is in doubt, only the stack's name is left to call it by.
    const where = role.includes(":310000000001:") ? at : `${stack} provider aws.us-east-1`;
    expect(found((provider) => Object.assign(provider, { assume_role: { role_arn: role } }))).toMatchObject([
      {
        where,
        why: `assumes ${role}, and zone pci deploys with ${expected}`,
        severity: "critical",
        place: { document: stack, path: "/provider/aws/0/assume_role" },
      },
    ]);
  });

  test.each<[name: string, edit: (provider: Json) => void]>([
    ["nothing", (provider) => Reflect.deleteProperty(provider, "assume_role")],
    ["an expression", (provider) => Object.assign(provider.assume_role[0], { role_arn: "${var.role}" })],
    ["one role after another", (provider) => provider.assume_role.push({ role_arn: expected })],
  ])("%s", (_name, edit) => {
    expect(found(edit)).toMatchObject([
      {
        where: at,
        why: `assumes no role that can be read, and zone pci deploys with ${expected}`,
        place: { path: "/provider/aws/0" },
      },
    ]);
  });
});

describe("finds", () => {
  test("one more provider with another role, and only that one", () => {
    const edited = sample.edit(stack, (json) => {
      const role_arn = "arn:aws:iam::310000000001:role/Admin";
      json.provider.aws.push({ ...json.provider.aws[0], alias: "other", assume_role: [{ role_arn }] });
    });
    expect(edited.check([check])).toMatchObject([
      { where: "pci-key-management provider aws.other", place: { path: "/provider/aws/2/assume_role" } },
    ]);
  });

  test("a stack without a provider", () => {
    const edited = sample.edit(stack, (json) => Reflect.deleteProperty(json, "provider"));
    expect(edited.check([check])).toMatchObject([
      { where: "pci-key-management provider", why: "has no provider, so that the credentials at hand deploy it" },
    ]);
  });

  test("every provider of a stack for an account that the map does not know", () => {
    const edited = sample.edit(stack, (json) => {
      Object.assign(json, JSON.parse(JSON.stringify(json).replaceAll("310000000001", "999999999999")));
    });
    expect(edited.check([check]).map(({ where }) => where)).toEqual([
      `${stack} provider aws.us-east-1`,
      `${stack} provider aws.us-west-2`,
    ]);
  });

  test("guardrails that are not deployed by the management account's role", () => {
    const name = "commercial.guardrails.pci";
    const management = "arn:aws:iam::100000000001:role/OrgKeysDeploy";
    const checked = (role: string, zone?: string) => sample.withText(name, guardrails(role, zone)).check([check]);
    expect(checked(management)).toEqual([]);
    expect(checked(expected)).toMatchObject([
      { where: `${name} provider aws.us-east-1`, why: `assumes ${expected}, and zone pci deploys with ${management}` },
    ]);
    expect(checked(management, "nowhere")).toMatchObject([{ where: `${name} provider aws.us-east-1` }]);
  });
});

describe("session tags", () => {
  /** The map's tags for the zones of the stack's account and of the management account. */
  const tagged = (pci: Record<string, string>, corporate: Record<string, string>) =>
    sample.withRules({
      zones: new ZoneBoundaries(
        sample.rules.zones.all.map((zone) => ({
          ...zone,
          pipelines: {
            deploy: [],
            audit: [],
            sessionTags: zone.name === "pci" ? pci : zone.name === "corporate" ? corporate : {},
          },
        })),
      ),
    });
  const found = (output: Output, tags: Json) =>
    output
      .edit(stack, (json) => {
        for (const provider of json.provider.aws) Object.assign(provider.assume_role[0], { tags });
      })
      .check([check])
      .filter(({ where }) => where.startsWith(at));

  test("of the account's zone, and no others", () => {
    const output = tagged({ Project: "orgkeys", "Cost ${Center}": "7" }, {});
    expect(found(output, { Project: "orgkeys", "Cost $${Center}": "7" })).toEqual([]);
    expect(found(output, { Project: "other", Stage: "prod" })).toMatchObject([
      {
        where: `${at} tag Cost \${Center}`,
        why: expect.stringContaining("has nothing for session tag Cost ${Center}"),
      },
      {
        where: `${at} tag Project`,
        why: `has "other" for session tag Project, and the account's zone has "orgkeys"`,
        place: { document: stack, path: "/provider/aws/0/assume_role" },
      },
      { where: `${at} tag Stage`, why: `has "prod" for session tag Stage, and the account's zone has nothing` },
    ]);
  });

  test("that cannot be read are missing", () => {
    expect(found(tagged({ Project: "orgkeys" }, {}), { Project: "${var.project}" })).toMatchObject([
      { where: `${at} tag Project` },
    ]);
  });

  test("of guardrails are those of the management account's zone", () => {
    const output = tagged({ Project: "pci" }, { Project: "corporate" });
    const name = "commercial.guardrails.pci";
    const withTag = (Project: string) =>
      output
        .edit(name, (json) => Object.assign(json.provider.aws[0].assume_role[0], { tags: { Project } }))
        .check([check])
        .filter(({ where }) => where.startsWith(name));
    expect(withTag("corporate")).toEqual([]);
    expect(withTag("pci")).toHaveLength(1);
  });
});

describe("is content with", () => {
  test.each<[name: string, edit: (provider: Json) => void]>([
    ["assume_role as an object", (provider) => Object.assign(provider, { assume_role: provider.assume_role[0] })],
    ["another name of the session", (provider) => Object.assign(provider.assume_role[0], { session_name: "by-hand" })],
    ["default tags", (provider) => Object.assign(provider, { default_tags: [{ tags: { Team: "x" } }] })],
  ])("%s", (_name, edit) => {
    expect(found(edit)).toEqual([]);
  });
});
