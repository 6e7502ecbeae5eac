import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { symmetricKind } from "../../modules/aws/key-kind";
import { actionsOf, operationsOf } from "../../modules/aws/key-operations";
import { kmsActions } from "../../modules/aws/kms-actions";
import { uniqueNames } from "../../modules/aws/name-order";
import { partitionNames } from "../../modules/aws/partition";
import {
  fillPattern,
  type PatternScope,
  profilePrincipal,
  type ServiceProfile,
} from "../../modules/aws/service-profile";
import { serviceProfile, serviceProfiles } from "../../modules/aws/service-profiles";
import { awsManagedKeyAliases, viaServiceEndpoint, viaServices, viaServiceWords } from "../../modules/aws/via-services";

const page = join(__dirname, "../../docs/service-profiles.md");
const begin = "<!-- table: rendered from modules/aws/service-profiles.ts -->";
const end = "<!-- end of table -->";

/** What the page shows of the data; the `note` follows the title. */
function renderServiceProfilesTable(profiles: readonly ServiceProfile[]): string {
  const rows = profiles.map((profile) =>
    [
      `\`${profile.name}\``,
      profile.note === undefined ? `${profile.title}.` : `${profile.title}. ${profile.note}`,
      `\`${principalText(profile)}\``,
      allowed(profile)
        .map((action) => `\`${action.replace("kms:", "")}\``)
        .join(", "),
      boundBy(profile).join("<br>"),
      profile.partitions.join(", "),
      `[AWS](${profile.source})`,
    ].join(" | "),
  );
  return [
    "| word | what for | principal | allows `kms:` | bound by | partitions | source |",
    "|---|---|---|---|---|---|---|",
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}

function principalText({ principal }: ServiceProfile): string {
  if (principal.kind === "regional-service") return `${principal.service}.{region}.amazonaws.com`;
  return principal.kind === "service" ? principal.service : `role/${principal.path}`;
}

function allowed(profile: ServiceProfile): string[] {
  return [
    ...profile.actions,
    ...(profile.describes ? ["kms:DescribeKey"] : []),
    ...(profile.grantsToAwsResources ? ["kms:CreateGrant"] : []),
  ];
}

function boundBy({ principal, bind }: ServiceProfile): string[] {
  return [
    ...(principal.kind === "service-linked-role" ? ["the role's account"] : []),
    ...(bind.sourceAccount ? ["`aws:SourceAccount`"] : []),
    ...(bind.sourceArn === undefined ? [] : [`\`aws:SourceArn\` \`${bind.sourceArn}\``]),
    ...(bind.encryptionContext === undefined
      ? []
      : [`\`kms:EncryptionContext:${bind.encryptionContext.key}\` \`${bind.encryptionContext.pattern}\``]),
  ];
}

/** The explicit actions behind one that may end in `*`; empty for an action KMS does not have. */
function expand(action: string): string[] {
  const known = Object.values(kmsActions).flat();
  return action.endsWith("*")
    ? known.filter((name) => name.startsWith(action.slice(0, -1)))
    : known.filter((name) => name === action);
}

function patterns({ bind }: ServiceProfile): string[] {
  return [bind.sourceArn, bind.encryptionContext?.pattern].filter((pattern) => pattern !== undefined);
}

const each = serviceProfiles.map((profile) => [profile.name, profile] as const);

describe("service profiles", () => {
  test("are sorted by name, and no name comes twice", () => {
    const names = serviceProfiles.map(({ name }) => name);
    expect(names).toEqual(uniqueNames(names));
  });

  test("are found by their word, and by nothing else", () => {
    expect(serviceProfile("cloudtrail")?.title).toContain("CloudTrail");
    expect(serviceProfile("CloudTrail")).toBeUndefined();
    expect(serviceProfile("constructor")).toBeUndefined();
  });

  test.each(each)("%s is bound to an account", (_, { principal, bind }) => {
    const names = [bind.sourceArn, bind.encryptionContext?.pattern].some((pattern) => pattern?.includes("{account}"));
    expect(principal.kind === "service-linked-role" || bind.sourceAccount || names).toBe(true);
  });

  test.each(each)("%s can describe the key only when that call is bound too, without encryption context", (_, it) => {
    const bound = it.bind.sourceAccount || it.bind.sourceArn?.includes("{account}") === true;
    expect(!it.describes || it.principal.kind === "service-linked-role" || bound).toBe(true);
  });

  test.each(each)("%s has patterns that are ARNs with the three known placeholders", (_, profile) => {
    for (const pattern of patterns(profile)) {
      expect(pattern).toMatch(/^arn:\{partition\}:[a-z0-9]+:(\{region\}|\*|):(\{account\}|):/);
      expect(pattern.replace(/\{(partition|region|account)\}/g, "")).not.toMatch(/[{}]/);
    }
  });

  test.each(each)("%s is narrowed by encryption context only when it carries one", (_, profile) => {
    expect(profile.bind.encryptionContext === undefined || profile.carriesEncryptionContext).toBe(true);
  });

  test.each(each)(
    "%s allows real actions that use the kind of key it takes, sorted, and no administration",
    (_, it) => {
      const kind = it.key === undefined ? symmetricKind : { ...it.key, origin: "AWS_KMS" as const };
      const using = operationsOf(kind).flatMap((operation) => actionsOf(operation, kind));
      expect(it.actions).toEqual(uniqueNames(it.actions));
      for (const action of it.actions) {
        const names = expand(action);
        expect(names).not.toEqual([]);
        expect(names.filter((name) => !using.includes(name) || name === "kms:CreateGrant")).toEqual([]);
      }
    },
  );

  test.each(each)("%s creates grants only as a role or for one account", (_, profile) => {
    const { principal, grantsToAwsResources, bind } = profile;
    expect(!grantsToAwsResources || principal.kind === "service-linked-role" || bind.sourceAccount).toBe(true);
  });

  test.each(each)("%s names its page in the AWS documentation", (_, { source }) => {
    expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/[\w./-]+\.html$/);
  });

  test.each(each)("%s is for partitions orgkeys knows", (_, { partitions }) => {
    expect(partitions).not.toEqual([]);
    expect(partitions).toEqual(partitionNames.filter((name) => partitions.includes(name)));
  });

  test("are what docs/service-profiles.md shows; UPDATE_DOCS=1 writes the table anew", () => {
    const text = readFileSync(page, "utf8");
    const [before, rest] = text.split(begin);
    const after = rest?.split(end)[1];
    const fresh = `${before}${begin}\n${renderServiceProfilesTable(serviceProfiles)}\n${end}${after}`;
    if (process.env.UPDATE_DOCS === "1") writeFileSync(page, fresh);
    expect(after).toBeDefined();
    expect(readFileSync(page, "utf8")).toBe(fresh);
  });
});

describe("a profile in a key policy", () => {
  const scope: PatternScope = { partition: "aws", region: "eu-west-1", account: "111111111111" };
  const china: PatternScope = { partition: "aws-cn", region: "cn-north-1", account: "111111111111" };

  test("fills its patterns in", () => {
    expect(fillPattern("arn:{partition}:logs:{region}:{account}:*", china)).toBe(
      "arn:aws-cn:logs:cn-north-1:111111111111:*",
    );
  });

  test.each([
    ["cloudtrail", scope, "cloudtrail.amazonaws.com"],
    ["cloudtrail", china, "cloudtrail.amazonaws.com"],
    ["cloudwatch-logs", scope, "logs.eu-west-1.amazonaws.com"],
    [
      "cloudwatch-logs",
      { ...scope, partition: "aws-us-gov", region: "us-gov-west-1" },
      "logs.us-gov-west-1.amazonaws.com",
    ],
    ["cloudwatch-logs", china, "logs.cn-north-1.amazonaws.com.cn"],
    ["guardduty", scope, "guardduty.amazonaws.com"],
    ["guardduty", { ...scope, region: "me-south-1" }, "guardduty.me-south-1.amazonaws.com"],
    ["cloudtrail", { ...scope, region: "me-south-1" }, "cloudtrail.amazonaws.com"],
    [
      "autoscaling",
      china,
      "arn:aws-cn:iam::111111111111:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
    ],
  ] as const)("names %s in %j as %s", (name, where, expected) => {
    const profile = serviceProfile(name);
    expect(profile && profilePrincipal(profile.principal, where)).toBe(expected);
  });
});

describe("via services", () => {
  test("are sorted words, and so are the values behind them service names", () => {
    expect(Object.keys(viaServices)).toEqual(viaServiceWords);
    expect(Object.values(viaServices).filter((service) => !/^[a-z0-9-]+$/.test(service))).toEqual([]);
  });

  test("know every value as a word of its own", () => {
    const missing = Object.values(viaServices).filter((service) => !Object.hasOwn(viaServices, service));
    expect(missing).toEqual([]);
  });

  test.each([
    ["s3", "us-west-2", "s3.us-west-2.amazonaws.com"],
    ["ebs", "eu-west-1", "ec2.eu-west-1.amazonaws.com"],
    ["opensearch", "us-gov-west-1", "es.us-gov-west-1.amazonaws.com"],
    ["efs", "cn-north-1", "elasticfilesystem.cn-north-1.amazonaws.com"],
  ])("make %s in %s the endpoint %s, whatever the partition", (word, region, endpoint) => {
    expect(viaServiceEndpoint(word, region)).toBe(endpoint);
  });

  test.each(["S3", "ebss", "", "constructor", "__proto__"])("have no endpoint for %j", (word) => {
    expect(viaServiceEndpoint(word, "us-east-1")).toBeUndefined();
  });

  test("have AWS managed keys under the same words, sorted", () => {
    const words = Object.keys(awsManagedKeyAliases);
    expect(words).toEqual(uniqueNames(words));
    expect(words.filter((word) => !Object.hasOwn(viaServices, word))).toEqual([]);
    expect(Object.values(awsManagedKeyAliases).filter((alias) => !/^alias\/aws\/[a-z0-9]+$/.test(alias))).toEqual([]);
  });

  test("give two words for one service the same AWS managed key", () => {
    for (const [word, alias] of Object.entries(awsManagedKeyAliases)) {
      expect(awsManagedKeyAliases[viaServices[word] ?? ""]).toBe(alias);
    }
  });
});
