import { describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { compareTemplates } from "../../modules/drift/compare/compare-templates";
import { fingerprintOf } from "../../modules/drift/fingerprint";
import type { LiveTemplate, Reading } from "../../modules/live/live-account";
import type { Json } from "../checks/sample-output";
import { contextOf, denied, sampleStack, templatesOf } from "./sample-in-aws";

const rollouts = sampleStack("commercial.rollouts.corporate");
const direct = sampleStack("commercial.rollouts.corporate.org-management");
const roles = "orgkeys-corporate-access-roles-production";
const keys = "orgkeys-corporate-baseline-keys-production";
const directKeys = "us-east-1/orgkeys-corporate-baseline-keys";

type Edit = (live: LiveTemplate, body: Json) => Reading<LiveTemplate | undefined>;
const body =
  (change: (body: Json) => void): Edit =>
  (live, json) => {
    change(json);
    return { value: { ...live, template: { value: JSON.stringify(json) } } };
  };
const fields =
  (change: Partial<LiveTemplate>): Edit =>
  (live) => ({ value: { ...live, ...change } });
const text =
  (write: (body: Json) => string): Edit =>
  (live, json) => ({ value: { ...live, template: { value: write(json) } } });

test("what was applied is as reviewed", () => {
  for (const stack of [rollouts, direct]) {
    expect(stack.stackSets.length + stack.directStacks.length).toBeGreaterThan(1);
    expect(compareTemplates(stack, templatesOf(stack), contextOf(stack))).toEqual([]);
  }
});

describe("the same in other words", () => {
  const rows: readonly [string, Edit][] = [
    ["YAML", text((json) => stringify(json))],
    ["JSON with its fields in another order", text((json) => JSON.stringify(backwards(json)))],
    ["question marks beyond ASCII", body((json) => (json.Description = json.Description.replaceAll(/./g, "?")))],
    [
      "short forms of functions",
      text((json) => {
        const short = stringify(json)
          .replaceAll(/\n\s*Ref: (\S+)/g, " !Ref $1")
          .replaceAll(/\n\s*Fn::Sub: /g, " !Sub ");
        expect(short).toMatch(/!Sub (.|\n)*!Ref|!Ref (.|\n)*!Sub/);
        return short;
      }),
    ],
    ["numbers and booleans as text", body((json) => Object.assign(json, textsOf(json)))],
    ["hidden parameters", fields({ parameters: { Secret: "****" } })],
  ];
  test.each(rows)("%s", (what, edit) => {
    const stack = structuredClone(rollouts) as Json;
    if (what.startsWith("question")) {
      const set = stack.stackSets.find(({ name }: { name: string }) => name === roles);
      set.template.body.Description = "é".repeat(set.template.body.Description.length);
    }
    expect(compareTemplates(stack, templatesOf(stack, { [roles]: edit }), contextOf(rollouts))).toEqual([]);
  });
});

describe("what is other", () => {
  const rows: readonly [string, typeof rollouts, string, Edit, Json][] = [
    [
      "a role's policy",
      rollouts,
      roles,
      body((json) => json.Resources.Audit.Properties.Policies.pop()),
      { id: "rollout-changed", detail: ["Resources.Audit"] },
    ],
    [
      "a resource more and one less",
      rollouts,
      roles,
      body((json) => {
        json.Resources.Door = json.Resources.Audit;
        delete json.Resources.Deploy;
      }),
      { id: "rollout-changed", detail: ["Resources.Deploy", "Resources.Door"] },
    ],
    [
      "a section",
      rollouts,
      roles,
      body((json) => (json.Description = "mine")),
      { id: "rollout-changed", detail: ["Description"] },
    ],
    [
      "the order of a list",
      rollouts,
      roles,
      body((json) => json.Resources.Audit.Properties.Policies.reverse()),
      { id: "rollout-changed", detail: ["Resources.Audit"] },
    ],
    [
      "a parameter",
      rollouts,
      roles,
      fields({ parameters: { Extra: "1" } }),
      { id: "rollout-changed", detail: ["parameter Extra"] },
    ],
    [
      "automatic deployment that is off",
      rollouts,
      roles,
      fields({ autoDeployment: { enabled: false, retains: false } }),
      { id: "rollout-changed", detail: ["automatic deployment"] },
    ],
    [
      "automatic deployment that AWS does not tell of",
      rollouts,
      roles,
      fields({ autoDeployment: undefined }),
      { id: "rollout-changed", detail: ["automatic deployment"] },
    ],
    [
      "stacks that go with their account",
      rollouts,
      keys,
      fields({ autoDeployment: { enabled: true, retains: false } }),
      { id: "rollout-changed", detail: ["retention of stacks on account removal"] },
    ],
    [
      "a template that nobody can read",
      rollouts,
      roles,
      text(() => "Resources: !Mine {}"),
      {
        id: "rollout-changed",
        detail: ["template"],
        why: "its template in AWS is neither JSON nor YAML that anybody can read here",
      },
    ],
    [
      "a template that says one thing twice",
      rollouts,
      roles,
      (live, json) => ({
        value: { ...live, template: { value: JSON.stringify(json).replace("{", '{"Resources":{},') } },
      }),
      { id: "rollout-changed", detail: ["template"] },
    ],
    [
      "a stack's template",
      direct,
      directKeys,
      body((json) => (json.Description = "mine")),
      { id: "direct-stack-changed", detail: ["Description"] },
    ],
    [
      "a stack that failed",
      direct,
      directKeys,
      fields({ status: "UPDATE_ROLLBACK_FAILED" }),
      { id: "direct-stack-changed", detail: ["status"] },
    ],
    [
      "a stack that is being deleted",
      direct,
      directKeys,
      fields({ status: "DELETE_IN_PROGRESS" }),
      { id: "direct-stack-changed", detail: ["status"] },
    ],
    ["no StackSet", rollouts, roles, () => ({ value: undefined }), { id: "rollout-missing", detail: [] }],
    ["no stack", direct, directKeys, () => ({ value: undefined }), { id: "direct-stack-missing", detail: [] }],
    [
      "a stack of which nothing was made",
      direct,
      directKeys,
      fields({ status: "ROLLBACK_COMPLETE" }),
      {
        id: "direct-stack-missing",
        why: "it is ROLLBACK_COMPLETE: nothing of it has been made, and nothing that it brings is looked after",
      },
    ],
    [
      "an answer that nobody has",
      rollouts,
      roles,
      () => denied,
      { id: "unchecked", why: denied.unread, whatToDo: denied.whatToDo },
    ],
    ["a template that nobody has", direct, directKeys, fields({ template: denied }), { id: "unchecked" }],
  ];
  test.each(rows)("%s", (_what, stack, name, edit, expected) => {
    const found = compareTemplates(stack, templatesOf(stack, { [name]: edit }), contextOf(stack));
    expect(found).toEqual([expect.objectContaining(expected)]);
  });
});

test("a key that would go with its stack is critical", () => {
  const name = direct.directStacks.find(({ template }) =>
    Object.values(template?.body.Resources ?? {}).some((resource: Json) => resource.Type === "AWS::KMS::Key"),
  );
  const edit = body((json) => {
    for (const resource of Object.values<Json>(json.Resources)) delete resource.DeletionPolicy;
  });
  const live = templatesOf(direct, { [`${name?.region}/${name?.name}`]: edit });
  const [found] = compareTemplates(direct, live, contextOf(direct));
  expect(found).toMatchObject({ id: "direct-stack-changed", severity: "critical" });
  expect(found?.why).toContain("would be deleted together with the stack");
});

test("what nobody has asked about is unchecked", () => {
  const found = compareTemplates(direct, new Map(), contextOf(direct));
  expect(found.map(({ id }) => id)).toEqual(direct.directStacks.map(() => "unchecked"));
});

test("StackSets are of the zone that they go to, and not of the account that keeps them", () => {
  const pci = sampleStack("commercial.rollouts.pci");
  const live = templatesOf(pci, { "orgkeys-pci-key-events": () => ({ value: undefined }) });
  expect(compareTemplates(pci, live, contextOf(pci)).map(({ place }) => [place.account, place.zone])).toEqual([
    ["security-tooling", "pci"],
  ]);
});

test("a finding says where", () => {
  const live = templatesOf(direct, { [directKeys]: () => ({ value: undefined }) });
  const [found] = compareTemplates(direct, live, contextOf(direct));
  expect(found?.place).toEqual({
    account: "org-management",
    accountId: direct.accountId,
    partition: "aws",
    zone: "corporate",
    region: "us-east-1",
    stack: direct.name,
    address: "aws_cloudformation_stack.corporate_baseline-keys_us-east-1",
    resource: "stack orgkeys-corporate-baseline-keys",
  });
});

function backwards(value: Json): Json {
  if (Array.isArray(value)) return value.map(backwards);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, backwards(inner)]),
  );
}

function textsOf(value: Json): Json {
  if (Array.isArray(value)) return value.map(textsOf);
  if (typeof value !== "object" || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, textsOf(inner)]));
}

test("a second edit in the same place of a template is another drift", () => {
  const printOf = (duration: number): readonly string[] => {
    const edit = body((json) => Object.assign(json.Resources.Audit.Properties, { MaxSessionDuration: duration }));
    return compareTemplates(rollouts, templatesOf(rollouts, { [roles]: edit }), contextOf(rollouts)).map(fingerprintOf);
  };
  expect(printOf(7200)).toHaveLength(1);
  expect(printOf(7200)).toEqual(printOf(7200));
  expect(printOf(7200)).not.toEqual(printOf(7201));
});
