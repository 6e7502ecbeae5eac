/**
 * What orgkeys is measured against: the CDKTF app that somebody would write by hand for the same organization. One App,
 * one TerraformStack an account, references between resources, policies as locals.
 *
 *     node --require tsx/cjs test/bench/plain-app.ts ACCOUNTS OUTPUT
 */
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsGrant } from "@cdktf/provider-aws/lib/kms-grant";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { KmsReplicaKey } from "@cdktf/provider-aws/lib/kms-replica-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, Fn, LocalBackend, TerraformLocal, TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { allAccounts, type BenchAccount, benchOrganization, benchRegions } from "./organization";
import { centralKeys, consumersOfAccount, keysOfAccount, type PlainConsumer, type PlainKey } from "./plain-keys";
import { consumerStatement, policyDocument, roleArn, type Statement } from "./plain-policies";

type Providers = readonly [primary: AwsProvider, replica: AwsProvider];

class KeyWithReplica extends Construct {
  constructor(scope: Construct, key: PlainKey, providers: Providers) {
    super(scope, key.name);
    const [home, away] = benchRegions;
    const primary = new KmsKey(this, "key", {
      provider: providers[0],
      description: key.description,
      policy: this.#policy("policy", key.statements(home, away)),
      enableKeyRotation: true,
      rotationPeriodInDays: key.rotationDays,
      deletionWindowInDays: 30,
      multiRegion: true,
      isEnabled: true,
      tags: { ...key.tags },
      lifecycle: { preventDestroy: true },
    });
    const replica = new KmsReplicaKey(this, "replica", {
      provider: providers[1],
      primaryKeyArn: primary.arn,
      description: key.description,
      policy: this.#policy("replica-policy", key.statements(away, home)),
      deletionWindowInDays: 30,
      enabled: true,
      tags: { ...key.tags },
      lifecycle: { preventDestroy: true },
    });
    new KmsAlias(this, "alias", { provider: providers[0], name: key.alias, targetKeyId: primary.keyId });
    new KmsAlias(this, "replica-alias", { provider: providers[1], name: key.alias, targetKeyId: replica.keyId });
    if (key.grant !== undefined) {
      const { grantee, operations, contextSubset } = key.grant;
      for (const [name, target, provider] of [
        ["grant", primary, providers[0]],
        ["replica-grant", replica, providers[1]],
      ] as const) {
        new KmsGrant(this, name, {
          provider,
          name: `${key.name}-${name}`,
          keyId: target.keyId,
          granteePrincipal: grantee,
          operations: [...operations],
          ...(contextSubset === undefined ? {} : { constraints: [{ encryptionContextSubset: { ...contextSubset } }] }),
        });
      }
    }
    new TerraformOutput(this, "output", {
      description: `${key.alias}, by Region`,
      value: {
        [home]: { key_id: primary.keyId, arn: primary.arn, alias: key.alias },
        [away]: { key_id: replica.keyId, arn: replica.arn, alias: key.alias },
      },
    });
  }

  #policy(id: string, statements: readonly Statement[]): string {
    return Fn.jsonencode(new TerraformLocal(this, id, policyDocument(statements)).expression);
  }
}

class Consumer extends Construct {
  constructor(scope: Construct, consumer: PlainConsumer, zone: string, provider: AwsProvider) {
    super(scope, `consumer-${consumer.role}`);
    const { role, ownerAccountId, alias, actions } = consumer;
    const document = policyDocument([consumerStatement(ownerAccountId, benchRegions, alias, actions)]);
    const policy = new IamPolicy(this, "policy", {
      provider,
      name: `use-${role}`,
      path: "/keys/",
      description: `Use of ${alias} by ${role}`,
      policy: Fn.jsonencode(new TerraformLocal(this, "document", document).expression),
      tags: { Zone: zone, ManagedBy: "cdktf" },
    });
    new IamRolePolicyAttachment(this, "attachment", { provider, role, policyArn: policy.arn });
  }
}

class AccountStack extends TerraformStack {
  readonly providers: Providers;

  constructor(scope: Construct, account: BenchAccount) {
    super(scope, ["bench", ...account.ouPath.toLowerCase().split("/"), account.name].join("."));
    new LocalBackend(this, { path: `../../../state/${account.id}.tfstate` });
    const [home, away] = benchRegions;
    const provider = (region: string): AwsProvider =>
      new AwsProvider(this, `aws-${region}`, {
        alias: region,
        region,
        allowedAccountIds: [account.id],
        assumeRole: [{ roleArn: roleArn(account.id, "OrgKeysDeploy"), sessionName: "cdktf" }],
      });
    this.providers = [provider(home), provider(away)];
  }
}

const [accounts = "10", outdir = "cdktf.out"] = process.argv.slice(2);
const organization = benchOrganization(Number(accounts));
const { security, teams } = organization;
const accountIds = new Map(allAccounts(organization).map((account) => [account.name, account.id]));
const app = new App({ outdir });
const securityStack = new AccountStack(app, security);
for (const key of centralKeys(organization, accountIds))
  new KeyWithReplica(securityStack, key, securityStack.providers);
for (const team of teams) {
  for (const account of team.accounts) {
    const stack = new AccountStack(app, account);
    for (const key of keysOfAccount(team, account, accountIds)) new KeyWithReplica(stack, key, stack.providers);
    for (const consumer of consumersOfAccount(security, team, account, accountIds)) {
      new Consumer(stack, consumer, team.zone, stack.providers[0]);
    }
  }
}
app.synth();
