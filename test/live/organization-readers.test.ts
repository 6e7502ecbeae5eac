import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { readGuardrails } from "../../modules/live/read-guardrails";
import { readIdentityPolicies } from "../../modules/live/read-identity-policies";
import { readStackSetTemplates, readStackTemplates } from "../../modules/live/read-templates";
import { CountedBudget, Failure, FakeService, notYou, settingsIn, xml } from "./fake-service";

const before = { ...process.env };
let aws: FakeService;
let budget: CountedBudget;

beforeAll(() => {
  // The SDK reads the environment alone: nothing of this machine's own may get in.
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
});
beforeEach(async () => {
  aws = new FakeService();
  budget = new CountedBudget();
  process.env.AWS_ENDPOINT_URL = await aws.start();
});
afterEach(() => aws.stop());
afterAll(() => {
  process.env = before;
});

const called = (action: string): readonly string[] => aws.calls.filter((call) => call.startsWith(action));
const audited = expect.stringContaining("let the audit role do so");

describe("consumer policies", () => {
  const arnOf = (name: string): string => `arn:aws:iam::310000000002:policy/orgkeys/${name}`;
  const policy = (name: string): string =>
    xml({ PolicyName: name, Arn: arnOf(name), Path: "/orgkeys/", DefaultVersionId: "v7" });
  const list = (...names: string[]): string => xml({ IsTruncated: "false", Policies: names.map(policy) });
  const document = xml({ PolicyVersion: xml({ Document: encodeURIComponent('{"Version":"2012-10-17"}') }) });
  const nobody = xml({ IsTruncated: "false", PolicyGroups: [], PolicyRoles: [], PolicyUsers: [] });
  const read = () => readIdentityPolicies(settingsIn("us-gov-west-1"), budget);
  const api = { arn: arnOf("orgkeys-api"), name: "orgkeys-api", path: "/orgkeys/" };

  beforeEach(() => {
    aws.answers = {
      ListPolicies: () => list("orgkeys-api"),
      GetPolicyVersion: () => document,
      ListEntitiesForPolicy: () => nobody,
    };
  });

  test("are those of orgkeys alone, each page of them, in the version in force", async () => {
    aws.answers = {
      ...aws.answers,
      ListPolicies: ({ Marker }) =>
        Marker === undefined
          ? xml({ IsTruncated: "true", Marker: "2", Policies: [policy("orgkeys-api"), policy("somebodys")] })
          : list("orgkeys-web"),
      ListEntitiesForPolicy: ({ Marker }) =>
        Marker === undefined
          ? xml({
              IsTruncated: "true",
              Marker: "2",
              PolicyGroups: [xml({ GroupName: "people" })],
              PolicyRoles: [xml({ RoleName: "web" })],
              PolicyUsers: [],
            })
          : xml({
              IsTruncated: "false",
              PolicyGroups: [],
              PolicyRoles: [xml({ RoleName: "api" })],
              PolicyUsers: [xml({ UserName: "importer" })],
            }),
    };
    const attachedTo = { value: ["group/people", "role/api", "role/web", "user/importer"] };
    expect(await read()).toEqual({
      value: [
        { ...api, document: { value: '{"Version":"2012-10-17"}' }, attachedTo },
        { ...api, arn: arnOf("orgkeys-web"), name: "orgkeys-web", document: expect.anything(), attachedTo },
      ],
    });
    expect(called("ListPolicies")).toEqual([
      "ListPolicies Scope=Local PathPrefix=/orgkeys/",
      "ListPolicies Scope=Local PathPrefix=/orgkeys/ Marker=2",
    ]);
    expect(called("GetPolicyVersion")[0]).toBe(`GetPolicyVersion PolicyArn=${api.arn} VersionId=v7`);
    expect(called("ListEntitiesForPolicy")[0]).toContain("PolicyUsageFilter=PermissionsPolicy");
    expect(budget.clients).toBe(1);
  });

  test("one that is deleted meanwhile is none", async () => {
    aws.answers = { ...aws.answers, GetPolicyVersion: () => new Failure("NoSuchEntity", "gone") };
    expect(await read()).toEqual({ value: [] });
  });

  test("what may not be read keeps nothing else back", async () => {
    aws.answers = { ...aws.answers, ListEntitiesForPolicy: () => notYou };
    expect(await read()).toEqual({
      value: [
        {
          ...api,
          document: { value: '{"Version":"2012-10-17"}' },
          attachedTo: { unread: "AccessDenied: not you", whatToDo: audited },
        },
      ],
    });
  });

  test.each<[string, string, () => string | Failure, string]>([
    ["nobody may list them", "ListPolicies", () => notYou, "AccessDenied: not you"],
    [
      "the list is left out",
      "ListPolicies",
      () => xml({ IsTruncated: "false" }),
      "AWS answered without its list of policies",
    ],
    [
      "the list has no end",
      "ListPolicies",
      () => xml({ IsTruncated: "true", Marker: "again", Policies: [policy("orgkeys-api")] }),
      "AWS answered a list of policies without an end",
    ],
    [
      "the next page has no name",
      "ListPolicies",
      () => xml({ IsTruncated: "true", Policies: [policy("orgkeys-api")] }),
      "AWS answered with a page of policies that leads to no other",
    ],
    [
      "one has no ARN",
      "ListPolicies",
      () => xml({ IsTruncated: "false", Policies: [xml({ PolicyName: "orgkeys-api" })] }),
      "AWS answered with policy orgkeys-api without its ARN",
    ],
    ["the answer is no XML", "ListPolicies", () => "<", expect.any(String) as unknown as string],
  ])("are unread where %s", async (_what, action, answer, unread) => {
    aws.answers = { ...aws.answers, [action]: answer };
    expect(await read()).toEqual({ unread, whatToDo: expect.any(String) });
  });

  test.each<[string, string, string, string]>([
    ["no document", "GetPolicyVersion", "", "AWS answered with policy orgkeys-api without its document"],
    [
      "a document that is no JSON",
      "GetPolicyVersion",
      xml({ PolicyVersion: xml({ Document: "text" }) }),
      "AWS answered with the document of policy orgkeys-api that is no JSON",
    ],
    [
      "a document that is not encoded",
      "GetPolicyVersion",
      xml({ PolicyVersion: xml({ Document: "%" }) }),
      "URIError: URI malformed",
    ],
    [
      "nothing about attachments",
      "ListEntitiesForPolicy",
      "",
      "AWS answered without its list of those with policy orgkeys-api",
    ],
  ])("are unread as far as there is %s", async (_what, action, answer, unread) => {
    aws.answers = { ...aws.answers, [action]: () => answer };
    const reading = await read();
    const [found] = "value" in reading ? reading.value : [];
    expect([found?.document, found?.attachedTo]).toContainEqual({ unread, whatToDo: expect.any(String) });
  });
});

describe("guardrails", () => {
  const names = new Set(["orgkeys-pci"]);
  const read = (wanted = names) => readGuardrails(settingsIn("us-east-1"), wanted, budget);
  const summary = (Id: string, Name: string, AwsManaged = false) => ({ Id, Name, AwsManaged });

  beforeEach(() => {
    aws.answers = {
      ListPolicies: ({ Filter }) => ({
        Policies: Filter === "RESOURCE_CONTROL_POLICY" ? [summary("p-1", "orgkeys-pci")] : [],
      }),
      DescribePolicy: () => ({ Policy: { Content: "{}" } }),
      ListTargetsForPolicy: () => ({ Targets: [] }),
    };
  });

  test("are those of the names alone, of both kinds, each page of them", async () => {
    aws.answers = {
      ...aws.answers,
      ListPolicies: ({ Filter, NextToken }) =>
        NextToken === undefined
          ? { Policies: [summary("p-other", "other"), summary("p-aws", "orgkeys-pci", true)], NextToken: "2" }
          : { Policies: [summary(`p-${Filter?.slice(0, 1)}`, "orgkeys-pci")] },
      ListTargetsForPolicy: ({ NextToken }) =>
        NextToken === undefined
          ? { Targets: [{ TargetId: "ou-2" }], NextToken: "2" }
          : { Targets: [{ TargetId: "ou-1" }] },
    };
    const common = { name: "orgkeys-pci", document: { value: "{}" }, targets: { value: ["ou-1", "ou-2"] } };
    expect(await read()).toEqual({
      value: [
        { id: "p-R", kind: "resource-control", ...common },
        { id: "p-S", kind: "service-control", ...common },
      ],
    });
    expect(called("DescribePolicy")).toEqual(["DescribePolicy PolicyId=p-R", "DescribePolicy PolicyId=p-S"]);
    expect(budget.clients).toBe(1);
  });

  test("nobody is asked for none", async () => {
    expect(await read(new Set())).toEqual({ value: [] });
    expect(aws.calls).toEqual([]);
  });

  test("one that is deleted meanwhile is none", async () => {
    aws.answers = { ...aws.answers, DescribePolicy: () => new Failure("PolicyNotFoundException", "gone") };
    expect(await read()).toEqual({ value: [] });
  });

  test("are unread where nobody may list them", async () => {
    aws.answers = { ...aws.answers, ListPolicies: () => new Failure("AccessDeniedException", "not you") };
    expect(await read()).toEqual({ unread: "AccessDeniedException: not you", whatToDo: audited });
  });

  test.each<[string, string, object]>([
    ["document", "DescribePolicy", {}],
    ["document", "DescribePolicy", { Policy: { Content: "text" } }],
    ["targets", "ListTargetsForPolicy", {}],
    ["targets", "ListTargetsForPolicy", { Targets: [{}] }],
    ["targets", "ListTargetsForPolicy", { Targets: [], NextToken: "again" }],
    ["targets", "ListTargetsForPolicy", new Failure("AccessDeniedException", "not you")],
  ])("are unread as far as AWS does not tell the %s: %s %j", async (part, action, answer) => {
    aws.answers = { ...aws.answers, [action]: () => answer };
    const { id, kind, name, ...parts } = {
      id: "p-1",
      kind: "resource-control",
      name: "orgkeys-pci",
      document: { value: "{}" },
      targets: { value: [] },
    };
    const unread = { unread: expect.any(String), whatToDo: expect.any(String) };
    expect(await read()).toEqual({ value: [{ id, kind, name, ...parts, [part]: unread }] });
  });
});

describe("StackSets", () => {
  const stackSet = (fields: Record<string, string>): string =>
    xml({ StackSet: xml({ StackSetName: "orgkeys-a", Status: "ACTIVE", TemplateBody: "{}", ...fields }) });
  const read = (...names: string[]) => readStackSetTemplates(settingsIn("us-east-1"), "DELEGATED_ADMIN", names, budget);

  test("come with their template, parameters and automatic deployment, as whom they are asked", async () => {
    aws.answers = {
      DescribeStackSet: ({ StackSetName }) => {
        if (StackSetName === "orgkeys-gone") return new Failure("StackSetNotFoundException", "no such");
        if (StackSetName === "orgkeys-deleted") return stackSet({ Status: "DELETED" });
        if (StackSetName === "orgkeys-plain") return stackSet({});
        return stackSet({
          Parameters: xml({ member: xml({ ParameterKey: "Days", ParameterValue: "" }) }),
          AutoDeployment: xml({ Enabled: "true", RetainStacksOnAccountRemoval: "true" }),
        });
      },
    };
    const plain = { status: "ACTIVE", template: { value: "{}" }, parameters: {}, autoDeployment: undefined };
    expect(await read("orgkeys-a", "orgkeys-gone", "orgkeys-deleted", "orgkeys-plain")).toEqual(
      new Map<string, unknown>([
        [
          "orgkeys-a",
          {
            value: {
              ...plain,
              name: "orgkeys-a",
              parameters: { Days: "" },
              autoDeployment: { enabled: true, retains: true },
            },
          },
        ],
        ["orgkeys-gone", { value: undefined }],
        ["orgkeys-deleted", { value: undefined }],
        ["orgkeys-plain", { value: { ...plain, name: "orgkeys-plain" } }],
      ]),
    );
    expect(called("DescribeStackSet")[0]).toBe("DescribeStackSet StackSetName=orgkeys-a CallAs=DELEGATED_ADMIN");
    expect(budget.clients).toBe(1);
  });

  test.each<[string, string | Failure, string]>([
    ["nobody may", notYou, "audit role"],
    [
      "the account keeps no StackSets any more",
      new Failure(
        "ValidationError",
        "You must be the management account or delegated admin account of an organization",
      ),
      "register the account as a delegated administrator",
    ],
    ["there are too many calls", new Failure("Throttling", "Rate exceeded"), "--calls"],
    ["the template is left out", xml({ StackSet: xml({ Status: "ACTIVE" }) }), "mend"],
    ["the StackSet is left out", "", "mend"],
  ])("are unread where %s, and only those", async (_what, answer, whatToDo) => {
    aws.answers = { DescribeStackSet: ({ StackSetName }) => (StackSetName === "orgkeys-b" ? answer : stackSet({})) };
    const found = await read("orgkeys-a", "orgkeys-b");
    expect(found.get("orgkeys-a")).toHaveProperty("value.status", "ACTIVE");
    expect(found.get("orgkeys-b")).toEqual({ unread: expect.any(String), whatToDo: expect.stringContaining(whatToDo) });
  });
});

describe("stacks", () => {
  const stack = (fields: Record<string, string>): string =>
    xml({ Stacks: xml({ member: xml({ StackStatus: "CREATE_COMPLETE", ...fields }) }) });
  const read = (...names: string[]) => readStackTemplates(settingsIn("eu-west-1"), names, budget);

  test("come with the template as it was given, and go by their Region", async () => {
    aws.answers = {
      DescribeStacks: ({ StackName }) =>
        StackName === "orgkeys-gone"
          ? new Failure("ValidationError", "Stack with id orgkeys-gone does not exist")
          : stack({ Parameters: xml({ member: xml({ ParameterKey: "Days", ParameterValue: "30" }) }) }),
      GetTemplate: () => xml({ TemplateBody: "Resources: {}" }),
    };
    expect(await read("orgkeys-a", "orgkeys-gone")).toEqual(
      new Map<string, unknown>([
        [
          "eu-west-1/orgkeys-a",
          {
            value: {
              name: "orgkeys-a",
              status: "CREATE_COMPLETE",
              template: { value: "Resources: {}" },
              parameters: { Days: "30" },
              autoDeployment: undefined,
            },
          },
        ],
        ["eu-west-1/orgkeys-gone", { value: undefined }],
      ]),
    );
    expect(called("GetTemplate")).toEqual(["GetTemplate StackName=orgkeys-a TemplateStage=Original"]);
  });

  test("are unread as far as AWS does not tell", async () => {
    aws.answers = { DescribeStacks: () => stack({}), GetTemplate: () => notYou };
    expect((await read("a")).get("eu-west-1/a")).toHaveProperty("value.template.whatToDo", audited);
    aws.answers = { DescribeStacks: () => notYou };
    expect((await read("a")).get("eu-west-1/a")).toEqual({ unread: "AccessDenied: not you", whatToDo: audited });
    aws.answers = { DescribeStacks: () => new Failure("ValidationError", "1 validation error detected") };
    expect((await read("a")).get("eu-west-1/a")).toHaveProperty(
      "unread",
      "ValidationError: 1 validation error detected",
    );
    aws.answers = { DescribeStacks: () => "" };
    expect((await read("a")).get("eu-west-1/a")).toHaveProperty("unread", expect.stringContaining("nothing about"));
  });

  test("nobody is asked for none", async () => {
    expect(await read()).toEqual(new Map());
    expect([aws.calls, budget.clients]).toEqual([[], 0]);
  });
});
