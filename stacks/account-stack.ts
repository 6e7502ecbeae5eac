import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { nameOrder } from "../modules/aws/name-order";
import { AccountProviders } from "../modules/constructs/account-providers";
import { ConsumerPolicy } from "../modules/constructs/consumer-policy";
import { CustomerManagedKey } from "../modules/constructs/customer-managed-key";
import { PolicyLocals } from "../modules/constructs/policy-locals";
import { addStateBackend } from "../modules/constructs/state-backend";
import { terraformLiteral } from "../modules/constructs/terraform-text";
import type { AccountPlan } from "../modules/keys/account-plan";
import type { Reason } from "../modules/keys/key-plan";

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
    const iamRegion = regionForIam(plan);
    for (const policy of plan.consumerPolicies) new ConsumerPolicy(this, policy, iamRegion, providers, this.#policies);
  }

  /**
   * CDKTF resolves every element here, once more than it writes them, to find references to other stacks. There are none:
   * no stack waits for another to be applied, and references are text (`referenceTo`). The backend is there already.
   */
  override prepareStack(): void {}

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
            why: reasonLines([...key.why, ...key.replicas.flatMap((replica) => replica.why)]),
            sources: key.sources,
            grants: Object.fromEntries(
              key.grants.map((grant) => [grant.id, { expires: grant.expires, why: reasonLines(grant.why) }]),
            ),
          },
        ]),
      ),
      consumerPolicies: Object.fromEntries(
        consumerPolicies.map((policy) => [
          policy.id,
          { why: reasonLines(policy.why), keys: policy.keys, sources: policy.sources },
        ]),
      ),
    };
  }
}

/** IAM is global. The home Region where it is in use, else one that is: another Region would be another process. */
function regionForIam({ account, keys }: AccountPlan): string {
  const { homeRegion } = account.organization;
  const used = keys.flatMap((key) => [key.region, ...key.replicas.map((replica) => replica.region)]).sort(nameOrder);
  return used.includes(homeRegion) ? homeRegion : (used[0] ?? homeRegion);
}

function reasonLines(reasons: readonly Reason[]): string[] {
  return reasons.map(({ reason, principle }) => `${principle}: ${reason}`);
}
