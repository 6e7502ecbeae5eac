import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import { iamPrincipalArn } from "../aws/arn";
import type { PartitionName } from "../aws/partition";
import { terraformTags, terraformText } from "./terraform-text";

export interface AccountProvidersConfig {
  readonly partition: PartitionName;
  readonly accountId: string;
  /** A role's name. */
  readonly deployRole: string;
  readonly externalId: string | undefined;
  /** What the role asks of each session. */
  readonly sessionTags: Readonly<Record<string, string>>;
}

/**
 * The AWS providers of a stack that works on one account, one for each Region in use: each is a process of several hundred MB. Every
 * one assumes the account's deploy role, and refuses to work on any other account.
 */
export class AccountProviders {
  readonly #scope: Construct;
  readonly #config: AccountProvidersConfig;
  readonly #byRegion = new Map<string, AwsProvider>();

  constructor(scope: Construct, config: AccountProvidersConfig) {
    this.#scope = scope;
    this.#config = config;
  }

  in(region: string): AwsProvider {
    const existing = this.#byRegion.get(region);
    if (existing !== undefined) return existing;
    const { partition, accountId, deployRole, externalId, sessionTags } = this.#config;
    const provider = new AwsProvider(this.#scope, `aws ${region}`, {
      alias: region,
      region,
      allowedAccountIds: [accountId],
      assumeRole: [
        {
          roleArn: iamPrincipalArn(partition, accountId, `role/${deployRole}`),
          sessionName: "orgkeys",
          ...(externalId === undefined ? {} : { externalId: terraformText(externalId) }),
          ...(Object.keys(sessionTags).length === 0 ? {} : { tags: terraformTags(sessionTags) }),
        },
      ],
    });
    this.#byRegion.set(region, provider);
    return provider;
  }
}
