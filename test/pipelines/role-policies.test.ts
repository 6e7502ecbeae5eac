import { describe, expect, test } from "@jest/globals";
import { MOST_CHARACTERS_OF_A_ROLE, permissionPolicy } from "../../modules/pipelines/permission-policy";
import type { PipelineHost, ZonePipeline } from "../../modules/pipelines/pipeline-plan";
import { type Document, render, samplePlan } from "./rendered";

function policy(name: string, host: PipelineHost = "github"): Document {
  const file = render(host).find(({ path }) => path === `pipelines/iam/${name}.json`);
  return JSON.parse(file?.text ?? "");
}

function pipelineOf(name: string): ZonePipeline {
  const pipeline = samplePlan.zones.find(({ zone }) => zone.name === name);
  if (pipeline === undefined) throw new Error(name);
  return pipeline;
}

const statement = (name: string, sid: string): Document =>
  policy(name).Statement.find(({ Sid }: Document) => Sid === sid);

describe("who becomes a pipeline's role on GitHub", () => {
  test("deploy: jobs that have passed an environment of that zone, and no others", () => {
    expect(policy("pci.deploy.trust").Statement).toEqual([
      {
        Sid: "OrgkeysDeployTrust",
        Effect: "Allow",
        Principal: { Federated: "arn:aws:iam::310000000001:oidc-provider/token.actions.githubusercontent.com" },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": [
              "repo:example/orgkeys:environment:orgkeys_pci_test",
              "repo:example/orgkeys:environment:orgkeys_pci_prod",
            ],
          },
        },
      },
    ]);
  });

  test("audit: pull requests and the branch", () => {
    expect(
      policy("pci.audit.trust").Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"],
    ).toEqual(["repo:example/orgkeys:pull_request", "repo:example/orgkeys:ref:refs/heads/main"]);
  });

  test("never anybody without a subject, and never a wildcard for who deploys", () => {
    for (const host of ["github", "gitlab", "codebuild"] as const) {
      for (const { path, text } of render(host).filter(({ path }) => path.endsWith(".trust.json"))) {
        const [{ Condition: condition, Principal: principal }] = JSON.parse(text).Statement;
        expect(JSON.stringify(condition)).toMatch(/:sub"|aws:SourceArn"/);
        expect(JSON.stringify(principal)).not.toContain("*");
        if (path.includes(".deploy.")) expect(JSON.stringify(condition)).not.toContain("*");
      }
    }
  });

  test("in GovCloud by that partition's provider", () => {
    expect(policy("govcloud.deploy.trust").Statement[0].Principal.Federated).toBe(
      "arn:aws-us-gov:iam::410000000003:oidc-provider/token.actions.githubusercontent.com",
    );
  });
});

test("on GitLab the branch deploys, and branches of the project read", () => {
  expect(policy("pci.deploy.trust", "gitlab").Statement[0].Condition).toEqual({
    StringEquals: {
      "gitlab.com:aud": "sts.amazonaws.com",
      "gitlab.com:sub": ["project_path:example/orgkeys:ref_type:branch:ref:main"],
    },
  });
  expect(policy("pci.audit.trust", "gitlab").Statement[0].Condition).toEqual({
    StringEquals: { "gitlab.com:aud": "sts.amazonaws.com" },
    StringLike: { "gitlab.com:sub": ["project_path:example/orgkeys:ref_type:branch:ref:*"] },
  });
});

test("on CodeBuild it is the service, for the zone's own projects", () => {
  expect(policy("pci.deploy.trust", "codebuild").Statement[0]).toMatchObject({
    Principal: { Service: "codebuild.amazonaws.com" },
    Condition: {
      StringEquals: {
        "aws:SourceAccount": "310000000001",
        "aws:SourceArn": [
          "arn:aws:codebuild:us-east-1:310000000001:project/orgkeys_pci_apply-test",
          "arn:aws:codebuild:us-east-1:310000000001:project/orgkeys_pci_apply-prod",
        ],
      },
    },
  });
});

describe("what a pipeline's role may do", () => {
  test("is to become the zone's roles, with its session tags", () => {
    expect(statement("pci.deploy.permissions", "OrgkeysDeployAssumes")).toEqual({
      Sid: "OrgkeysDeployAssumes",
      Effect: "Allow",
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Resource: [
        "arn:aws:iam::310000000002:role/OrgKeysDeploy",
        "arn:aws:iam::312000000002:role/OrgKeysDeploy",
        "arn:aws:iam::310000000001:role/OrgKeysDeploy",
      ],
      Condition: { StringEquals: { "aws:ResourceOrgID": "o-a1b2c3d4e5" } },
    });
    expect(statement("hipaa.deploy.permissions", "OrgkeysDeployAssumes").Action).toEqual(["sts:AssumeRole"]);
  });

  test("is to keep the zone's states, and of other zones those of the stacks that it applies", () => {
    expect(statement("pci.deploy.permissions", "OrgkeysDeployKeepsStatesPci").Resource).toEqual([
      "arn:aws:s3:::example-orgkeys-pci/????????????.tfstate",
    ]);
    expect(statement("corporate.deploy.permissions", "OrgkeysDeployKeepsStatesPci")).toEqual({
      Sid: "OrgkeysDeployKeepsStatesPci",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: [
        "arn:aws:s3:::example-orgkeys-pci/100000000001-guardrails-pci.tfstate",
        "arn:aws:s3:::example-orgkeys-pci/100000000002-rollouts-pci.tfstate",
      ],
    });
  });

  test("for who only reads: nothing is written, not even a lock, and none is freed", () => {
    const { Statement } = policy("pci.audit.permissions");
    const actions = Statement.flatMap(({ Action }: Document) => Action);
    expect([...new Set(actions)].sort()).toEqual(["s3:GetObject", "s3:ListBucket", "sts:AssumeRole", "sts:TagSession"]);
    expect(JSON.stringify(Statement)).not.toContain("tflock");
    expect(JSON.stringify(Statement)).not.toContain("OrgKeysDeploy");
  });

  test("names no account, role or bucket of another zone", () => {
    const text = JSON.stringify(["deploy", "audit"].map((duty) => policy(`pci.${duty}.permissions`)));
    const accounts = new Set([...text.matchAll(/\d{12}/g)].map(([id]) => id));
    expect(accounts).toEqual(new Set(["310000000001", "310000000002", "312000000002"]));
    expect(text).not.toMatch(/example-orgkeys-(?!pci)/);
    expect(text).not.toMatch(/"Action":"\*"|"Resource":"\*"|\/\*"/);
  });

  test("goes by the zone's OUs where its accounts are too many to name", () => {
    const pci = pipelineOf("pci");
    const [account] = pci.accounts;
    if (account === undefined) throw new Error("no account");
    const many = {
      ...pci,
      accounts: Array.from({ length: 500 }, (_, number) => ({ ...account, id: String(1e11 + number) })),
    };
    const large = permissionPolicy(many, many.deploy);
    expect(large.Statement[0]).toEqual({
      Sid: "OrgkeysDeployAssumesInOus",
      Effect: "Allow",
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Resource: "arn:aws:iam::*:role/OrgKeysDeploy",
      Condition: {
        "ForAnyValue:StringLike": {
          "aws:ResourceOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-31000000/*"],
        },
        StringEquals: { "aws:ResourceOrgID": "o-a1b2c3d4e5" },
      },
    });
    expect(JSON.stringify(large).length).toBeLessThan(MOST_CHARACTERS_OF_A_ROLE);
  });

  test.each([
    ["arn:aws:kms:us-east-1:310000000001:key/1234", "arn:aws:kms:us-east-1:310000000001:key/1234", undefined],
    [
      "arn:aws:kms:us-east-1:310000000001:alias/state",
      "arn:aws:kms:us-east-1:310000000001:key/*",
      { "kms:ResourceAliases": "alias/state" },
    ],
  ])("with the key of the state %s, through Amazon S3 alone", (kmsKeyId, resource, aliases) => {
    const pci = pipelineOf("pci");
    const state = { kind: "s3", bucket: "b", region: "us-east-1", kmsKeyId, role: undefined } as const;
    const zone = { ...pci.zone, state };
    const owner = { ...pci, zone, states: [{ zone, files: [], accounts: true }] };
    const { Statement } = permissionPolicy(owner, pci.deploy);
    const read = permissionPolicy(owner, pci.audit).Statement.find(({ Sid }) => Sid.includes("Decrypts"));
    expect(read).toMatchObject({ Action: "kms:Decrypt", Resource: resource });
    expect(Statement.find(({ Sid }) => Sid.includes("Decrypts"))).toMatchObject({
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: resource,
      Condition: {
        StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" },
        ...(aliases === undefined ? {} : { "ForAnyValue:StringEquals": aliases }),
      },
    });
  });

  test("with a role for the state: to become that role, and nothing of the bucket", () => {
    const pci = pipelineOf("pci");
    const role = "arn:aws:iam::310000000001:role/State";
    const zone = {
      ...pci.zone,
      state: { kind: "s3", bucket: "b", region: "us-east-1", kmsKeyId: undefined, role } as const,
    };
    const { Statement } = permissionPolicy({ ...pci, zone, states: [{ zone, files: [], accounts: true }] }, pci.deploy);
    expect(Statement.slice(1)).toEqual([
      { Sid: "OrgkeysDeployBecomesStateRolePci", Effect: "Allow", Action: "sts:AssumeRole", Resource: role },
    ]);
  });
});
