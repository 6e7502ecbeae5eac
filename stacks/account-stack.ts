import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { AccountProviders } from "../modules/constructs/account-providers";
import { ConsumerPolicy } from "../modules/constructs/consumer-policy";
import { CustomerManagedKey } from "../modules/constructs/customer-managed-key";
import { PolicyLocals } from "../modules/constructs/policy-locals";
import { addStateBackend } from "../modules/constructs/state-backend";
import { terraformLiteral } from "../modules/constructs/terraform-text";
import type { AccountPlan } from "../modules/keys/account-plan";

/** Provider versions whose KMS resources behave as these stacks need; 5.100.0 is the one they are tested with. */
const AWS_PROVIDER_VERSIONS = ">= 5.100.0, < 7.0.0";
/** S3 state locking without a table came with 1.10. */
const TERRAFORM_VERSIONS = ">= 1.10.0";

/** Everything of one account: the keys it owns, and the policies with which it uses the keys of others. */
export class AccountStack extends TerraformStack {
  readonly #plan: AccountPlan;
  readonly #policies = new PolicyLocals();

  constructor(scope: Construct, plan: AccountPlan) {
    super(scope, plan.stack);
    this.#plan = plan;
    const { account, zone } = plan;
    const { organization } = account;
    addStateBackend(this, zone.state, account.id);
    const providers = new AccountProviders(this, {
      partition: organization.partition,
      accountId: account.id,
      deployRole: organization.roles.deploy,
      externalId: organization.externalId,
    });
    for (const key of plan.keys) new CustomerManagedKey(this, key, providers, this.#policies);
    for (const policy of plan.consumerPolicies) {
      // IAM is global. The provider of a Region already in use saves a process.
      const region = plan.keys[0]?.region ?? organization.homeRegion;
      new ConsumerPolicy(this, policy, region, providers, this.#policies);
    }
  }

  /** Adds what is plain data to the JSON that CDKTF resolved. */
  override toTerraform(): Record<string, unknown> {
    const json = super.toTerraform();
    return {
      ...json,
      "//": { ...json["//"], orgkeys: terraformLiteral(this.#reasons()) },
      terraform: {
        ...json.terraform,
        required_version: TERRAFORM_VERSIONS,
        required_providers: { aws: { source: "hashicorp/aws", version: AWS_PROVIDER_VERSIONS } },
      },
      ...this.#policies.toTerraform(),
    };
  }

  /** Why this stack is as it is; whoever inspects the JSON reads it here. */
  #reasons(): unknown {
    const { account, zone, keys, consumerPolicies } = this.#plan;
    return {
      schema: "orgkeys/stack/v1",
      account: account.name,
      accountId: account.id,
      organization: account.organization.name,
      ou: account.ouPath,
      zone: zone.name,
      keys: Object.fromEntries(
        keys.map((key) => [
          `${key.id}_${key.region}`,
          {
            alias: key.alias,
            dataClass: key.dataClass,
            why: [
              ...key.why,
              ...key.replicas.flatMap((replica) => replica.why),
              ...key.grants.flatMap((grant) => grant.why),
            ].map(({ reason, principle }) => `${principle}: ${reason}`),
            sources: key.sources,
          },
        ]),
      ),
      consumerPolicies: Object.fromEntries(
        consumerPolicies.map((policy) => [
          policy.id,
          { why: policy.why.map(({ reason, principle }) => `${principle}: ${reason}`), keys: policy.keys },
        ]),
      ),
    };
  }
}
