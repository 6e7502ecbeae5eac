import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { writeTemplates } from "../../modules/cli/write-templates";
import { bootstrapText } from "../../modules/report/bootstrap-text";
import type { BootstrapStack } from "../../modules/rollouts/bootstrap/bootstrap-step";
import { bootstrapSteps } from "../../modules/rollouts/bootstrap/bootstrap-steps";
import { bootstrapTemplates } from "../../modules/rollouts/bootstrap/hand-made-stacks";
import type { PlannedDirectStack, PlannedStackSet, RolloutPlans } from "../../modules/rollouts/rollout-plan";
import type { RenderedTemplate } from "../../modules/rollouts/template";
import { orgkeys } from "../cli/recorded-terminal";
import { accessSample, renderAccessRoles } from "./access-sample";

const map = accessSample((zone) =>
  zone.name === "pci"
    ? { ...zone, state: { kind: "s3", bucket: "acme-pci", region: "us-east-1", kmsKeyId: undefined, role: undefined } }
    : zone,
);

function named<Item extends { readonly name: string }>(items: readonly Item[], name: string): Item {
  const found = items.find((item) => item.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

const template = (zone: string): RenderedTemplate => ({
  ...renderAccessRoles(map, zone),
  parameters: {},
  capabilities: ["CAPABILITY_NAMED_IAM"],
  creates: [],
});
const tags = { Company: "Example Corp", ManagedBy: "orgkeys" };

function stackSet(rollout: string, part: Partial<PlannedStackSet> = {}): PlannedStackSet {
  const { zone, template: of } = named(map.rollouts, rollout);
  return {
    id: `${zone}_${of}`,
    name: `orgkeys-${zone}-${of}`,
    rollout: named(map.rollouts, rollout),
    wave: undefined,
    description: "",
    template: template(zone),
    targets: { ous: ["ou-ab12-10000000", "ou-ab12-20000000"], filter: "NONE", accounts: [] },
    autoDeployment: true,
    retain: of === "baseline-keys",
    regions: ["us-east-1"],
    concurrency: { count: 1 },
    failureTolerance: { count: 0 },
    concurrencyMode: "strict",
    regionConcurrency: "sequential",
    tags,
    after: [],
    reaches: [],
    leavesEmpty: [],
    why: [],
    sources: [],
    ...part,
  };
}

function directStack(rollout: string): PlannedDirectStack {
  const { zone, template: of } = named(map.rollouts, rollout);
  return {
    id: `${zone}_${of}_us-east-1`,
    name: `orgkeys-${zone}-${of}`,
    rollout: named(map.rollouts, rollout),
    region: "us-east-1",
    template: template(zone),
    bootstrapped: of === "access-roles",
    tags,
    after: [],
    why: [],
    sources: [],
  };
}

const management = named(map.accounts, "org-management");
const keeper = named(map.accounts, "security-tooling");
const corporate = named(map.zones, "corporate");
const plans: RolloutPlans = {
  zones: [
    {
      stack: "commercial.rollouts.corporate",
      zone: corporate,
      administrator: keeper,
      sessionTags: {},
      callAs: "DELEGATED_ADMIN",
      stackSets: [
        stackSet("corporate.access-roles", {
          targets: { ous: ["ou-ab12-10000000"], filter: "NONE", accounts: [] },
        }),
        stackSet("corporate.baseline-keys", { after: ["corporate_access-roles"] }),
      ],
    },
    {
      stack: "commercial.rollouts.pci",
      zone: named(map.zones, "pci"),
      administrator: management,
      sessionTags: {},
      callAs: "SELF",
      stackSets: [
        stackSet("pci.access-roles", {
          autoDeployment: false,
          targets: { ous: ["r-ab12"], filter: "INTERSECTION", accounts: ["310000000001", "310000000002"] },
        }),
      ],
    },
  ],
  direct: [
    {
      stack: "commercial.rollouts.corporate.org-management",
      zone: corporate,
      account: management,
      sessionTags: {},
      stacks: [directStack("corporate.access-roles"), directStack("corporate.baseline-keys")],
    },
    {
      stack: "commercial.rollouts.corporate.security-tooling",
      zone: corporate,
      account: keeper,
      sessionTags: {},
      stacks: [directStack("corporate.access-roles")],
    },
  ],
};
const stacks: readonly BootstrapStack[] = [
  { name: "commercial.guardrails.corporate", kind: "guardrails", zone: "corporate" },
  { name: "commercial.guardrails.pci", kind: "guardrails", zone: "pci" },
  { name: "commercial.regulated.pci.pci-key-management", kind: "account", zone: "pci" },
  { name: "commercial.rollouts.pci", kind: "rollouts", zone: "pci" },
  { name: "commercial.security.corporate-key-management", kind: "account", zone: "corporate" },
  { name: "govcloud.guardrails.govcloud", kind: "guardrails", zone: "govcloud" },
];
const places = { templates: "my templates", config: "config", out: "cdktf.out" };
const bootstrapOf = (organization: string, planned = plans) =>
  bootstrapSteps(named(map.organizations, organization), map, planned, stacks, places);

describe("the steps", () => {
  test("read as the golden file, which people follow word by word", () => {
    const text = `${bootstrapText([bootstrapOf("commercial"), bootstrapOf("govcloud")]).join("\n")}\n`;
    const path = "test/rollouts/golden/bootstrap.txt";
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, "utf8"));
  });

  test("make roles before Terraform, take them over after StackSets, and guard last but where StackSets bring keys", () => {
    const titles = bootstrapOf("commercial").steps.map(({ title }) => title);
    expect(titles).toEqual([
      "Let CloudFormation work in the organization's accounts",
      "Let security-tooling keep the StackSets",
      "Make the access roles of org-management",
      "Make the access roles of security-tooling",
      "See that the state of zone pci has its bucket",
      "Guard zone corporate",
      "Roll out zone corporate",
      "Roll out zone pci",
      "Let Terraform take over what is in org-management by hand",
      "Let Terraform take over what is in security-tooling by hand",
      "Apply the stacks of 2 accounts",
      "Guard zone pci",
    ]);
  });

  test("make a bus in the management account before the rules that send to it", () => {
    const bus = { type: "AWS::Events::EventBus", name: "orgkeys-corporate-key-events", per: "region" } as const;
    const direct = plans.direct.map((plan) => ({
      ...plan,
      stacks: plan.stacks.map((stack) => ({ ...stack, template: { ...stack.template, creates: [bus] } })),
    }));
    const titles = bootstrapOf("commercial", { ...plans, direct }).steps.map(({ title }) => title);
    const takeOver = titles.indexOf("Let Terraform take over what is in org-management by hand");
    expect(takeOver).toBeLessThan(titles.indexOf("Roll out zone corporate"));
    expect(takeOver).toBeGreaterThan(0);
  });

  test("guard a zone whose StackSets are not there yet", () => {
    const titles = bootstrapOf("commercial", { ...plans, zones: [] }).steps.map(({ title }) => title);
    expect(titles.filter((title) => title.startsWith("Guard"))).toEqual(["Guard zone corporate", "Guard zone pci"]);
  });

  test("say which zone stands above another", () => {
    const said = bootstrapOf("commercial").steps.filter(({ why }) => why.includes("stands above"));
    expect(said.map(({ title, why }) => [title, why.split(". ").at(-1)])).toEqual([
      [
        "Roll out zone pci",
        "Whoever assumes the deploy role of org-management, of zone corporate, stands above zone pci",
      ],
    ]);
  });

  test("end the roles after everything that was made with them", () => {
    const titles = bootstrapOf("commercial").undo.map(({ title }) => title);
    expect(titles).toEqual([
      "End orgkeys-corporate-baseline-keys",
      "End orgkeys-corporate-access-roles",
      "End orgkeys-pci-access-roles",
      "End the access roles of org-management",
      "End the access roles of security-tooling",
      "Take CloudFormation's trust back",
    ]);
  });

  test("bring nothing by hand to accounts that a StackSet has by name", () => {
    const byHand = bootstrapOf("commercial").newAccount.filter(({ commands }) =>
      commands.some((command) => command.includes("create-stack-instances")),
    );
    expect(byHand.map(({ title }) => title)).toEqual([
      "orgkeys-corporate-access-roles is not in ACCOUNT_ID",
      "orgkeys-corporate-baseline-keys is not in ACCOUNT_ID",
    ]);
  });

  test("never let go of keys: their stacks are retained", () => {
    const ended = bootstrapOf("commercial").undo.flatMap(({ commands }) => commands);
    const deleted = ended.filter((command) => command.includes("delete-stack-instances"));
    expect(deleted.filter((command) => command.includes("baseline-keys"))).toEqual([
      expect.stringMatching(/ --retain-stacks$/),
    ]);
    expect(ended.filter((command) => /delete-stack .*baseline-keys/.test(command))).toEqual([]);
  });

  test("need no delegated administrator where the management account keeps the StackSets", () => {
    const own = { ...plans, zones: plans.zones.filter(({ callAs }) => callAs === "SELF") };
    const commands = bootstrapOf("commercial", own).steps.flatMap((step) => step.commands);
    expect(commands.some((command) => command.includes("delegated") || command.includes("--call-as"))).toBe(false);
  });
});

describe("the templates", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "orgkeys-templates-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("are one for both accounts, and JSON is what Terraform will compare with", () => {
    const [only, ...others] = bootstrapTemplates(plans);
    expect(others).toEqual([]);
    expect(only?.name).toBe("corporate.access-roles");
    expect(JSON.parse(only?.json ?? "")).toEqual(template("corporate").document);
    expect(Buffer.byteLength(only?.json ?? "")).toBeLessThan(51_200);
  });

  test("are written beside an index, and again over themselves", () => {
    const target = join(folder, "templates");
    writeTemplates([{ name: "gone.access-roles", json: "{}", yaml: "{}" }], target);
    writeTemplates(bootstrapTemplates(plans), target);
    expect(readdirSync(target).sort()).toEqual([
      "corporate.access-roles.json",
      "corporate.access-roles.yaml",
      "orgkeys-templates.json",
    ]);
    expect(readFileSync(join(target, "corporate.access-roles.yaml"), "utf8")).toBe(template("corporate").text);
    expect(readdirSync(folder)).toEqual(["templates"]);
  });

  test.each<[what: string, make: (target: string) => void, message: RegExp]>([
    [
      "somebody's folder",
      (target) => {
        mkdirSync(target);
        writeFileSync(join(target, "notes.txt"), "x");
      },
      /has other files, and no orgkeys-templates.json; nothing was written/,
    ],
    [
      "their own folder with a file of somebody's in it",
      (target) => {
        writeTemplates(bootstrapTemplates(plans), target);
        writeFileSync(join(target, "notes.txt"), "x");
      },
      /notes.txt is not of --templates; nothing was written/,
    ],
    [
      "a folder whose index somebody has broken",
      (target) => {
        writeTemplates(bootstrapTemplates(plans), target);
        writeFileSync(join(target, "orgkeys-templates.json"), "{");
      },
      /corporate.access-roles.json is not of --templates/,
    ],
    ["a file", (target) => writeFileSync(target, "x"), /is no folder; nothing was written/],
  ])("are not written over %s", (_what, make, message) => {
    const target = join(folder, "templates");
    make(target);
    const before = existsSync(join(target, "notes.txt")) ? readdirSync(target).sort() : [];
    expect(() => writeTemplates([], target)).toThrow(message);
    if (before.length > 0) expect(readdirSync(target).sort()).toEqual(before);
  });
});

describe("orgkeys bootstrap", () => {
  const small = ["--config", "test/fixtures/small"];

  test("says what a map without rollouts needs from somebody else", () => {
    const { code, printed } = orgkeys("bootstrap", ...small);
    expect(code).toBe(0);
    expect(printed).toContain("has no rollouts: there is nothing to begin with");
    expect(printed).toContain("zone corporate has no access-roles rollout: every account of it needs the roles");
  });

  test("gives the same as JSON", () => {
    const { code, printed } = orgkeys("bootstrap", ...small, "--format", "json", "--organization", "acme");
    expect(code).toBe(0);
    expect(JSON.parse(printed)).toMatchObject({
      schema: "orgkeys/bootstrap/v1",
      organizations: [{ organization: "acme", steps: [], newAccount: [], undo: [] }],
    });
  });

  test("knows the organizations of the map alone", () => {
    const { code, noted } = orgkeys("bootstrap", ...small, "--organization", "acne");
    expect(code).toBe(1);
    expect(noted).toBe("--organization acne: is no organization of this map; did you mean acme?");
  });

  test("refuses a folder that it did not write, as every error", () => {
    const { code, noted } = orgkeys("bootstrap", ...small, "--templates", "test");
    expect(code).toBe(1);
    expect(noted).toContain("--templates test: has other files");
  });
});
