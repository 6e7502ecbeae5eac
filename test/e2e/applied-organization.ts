import { GetPolicyCommand, GetPolicyVersionCommand, ListPoliciesCommand } from "@aws-sdk/client-iam";
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  ListAliasesCommand,
  ListGrantsCommand,
  ListResourceTagsCommand,
} from "@aws-sdk/client-kms";
import { ListPoliciesCommand as ListOrganizationPoliciesCommand } from "@aws-sdk/client-organizations";
import type { LoadedPlan } from "../../stacks/load-plan";
import type { Emulator } from "./emulator";

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly {
    readonly Sid?: string;
    readonly Effect: string;
    readonly Action: string | readonly string[];
    readonly [element: string]: unknown;
  }[];
}

export interface AppliedKey {
  readonly arn: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly policy: PolicyDocument;
  /** Ids by name. */
  readonly grants: ReadonlyMap<string, string>;
}

/** What commands name, as it is in AWS: nobody chooses these ids. Each throws on what is not there. */
export interface AppliedOrganization {
  /** @param alias without `alias/` */
  key(alias: string, region: string): AppliedKey;
  /** @returns the grant's id */
  grant(alias: string, region: string, name: RegExp): string;
  consumerPolicy(name: string): { readonly arn: string; readonly policy: PolicyDocument };
  /** @returns the policy's id */
  guardrail(name: string): string;
  /** @returns the OU's id, by its path */
  ou(path: string): string;
}

export async function readOrganization(emulator: Emulator, { map }: LoadedPlan): Promise<AppliedOrganization> {
  const keys = new Map<string, AppliedKey>();
  const consumers = new Map<string, { arn: string; policy: PolicyDocument }>();
  const guardrails = new Map<string, string>();
  const ous = new Map<string, string>();
  for (const { organizationalUnits, regions, managementAccount, homeRegion } of map.organizations) {
    for (const { path, id } of organizationalUnits) ous.set(path, id);
    for (const { id: accountId, name } of map.accounts) {
      for (const region of regions)
        for (const [at, key] of await keysIn(emulator, accountId, region)) keys.set(at, key);
      for (const [at, policy] of await consumersIn(emulator, accountId, homeRegion)) consumers.set(at, policy);
      if (name !== managementAccount) continue;
      const { organizations } = await emulator.clientsFor({ accountId, region: homeRegion });
      for (const Filter of ["RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY"] as const) {
        const { Policies = [] } = await organizations.send(new ListOrganizationPoliciesCommand({ Filter }));
        for (const { Name = "", Id = "" } of Policies) guardrails.set(Name, Id);
      }
    }
  }
  return {
    key: (alias, region) => known(keys, `${alias} ${region}`),
    grant: (alias, region, name) => {
      const { grants } = known(keys, `${alias} ${region}`);
      const found = [...grants].find(([each]) => name.test(each));
      if (found === undefined) throw new Error(`${alias} ${region} has no grant ${name}: ${[...grants.keys()]}`);
      return found[1];
    },
    consumerPolicy: (name) => known(consumers, name),
    guardrail: (name) => known(guardrails, name),
    ou: (path) => known(ous, path),
  };
}

function known<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new Error(`no ${name} among ${[...values.keys()].join(", ")}`);
  return value;
}

async function keysIn(emulator: Emulator, accountId: string, region: string): Promise<[at: string, AppliedKey][]> {
  const { kms } = await emulator.clientsFor({ accountId, region });
  const { Aliases = [] } = await kms.send(new ListAliasesCommand({ Limit: 1000 }));
  const own = Aliases.filter(({ AliasName = "", TargetKeyId }) => TargetKeyId && !AliasName.startsWith("alias/aws/"));
  return Promise.all(
    own.map(async ({ AliasName = "", TargetKeyId: KeyId }): Promise<[string, AppliedKey]> => {
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
      const { Policy = "{}" } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }));
      const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId }));
      const { Grants = [] } = await kms.send(new ListGrantsCommand({ KeyId }));
      const key = {
        arn: KeyMetadata?.Arn ?? "",
        description: KeyMetadata?.Description ?? "",
        tags: Object.fromEntries(Tags.map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue])),
        policy: JSON.parse(Policy),
        grants: new Map(Grants.map(({ Name = "", GrantId = "" }) => [Name, GrantId])),
      };
      return [`${AliasName.replace("alias/", "")} ${region}`, key];
    }),
  );
}

async function consumersIn(
  emulator: Emulator,
  accountId: string,
  region: string,
): Promise<[name: string, { arn: string; policy: PolicyDocument }][]> {
  const { iam } = await emulator.clientsFor({ accountId, region });
  const { Policies = [] } = await iam.send(new ListPoliciesCommand({ Scope: "Local", PathPrefix: "/orgkeys/" }));
  return Promise.all(
    Policies.map(async ({ PolicyName = "", Arn = "" }) => {
      const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: Arn }));
      const { PolicyVersion } = await iam.send(
        new GetPolicyVersionCommand({ PolicyArn: Arn, VersionId: Policy?.DefaultVersionId ?? "" }),
      );
      const policy: PolicyDocument = JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? "{}"));
      return [PolicyName, { arn: Arn, policy }] as [string, { arn: string; policy: PolicyDocument }];
    }),
  );
}
