import { TerraformStack } from "cdktf";
import { LifecycleBlocks } from "../modules/constructs/lifecycle-blocks";
import { PolicyLocals } from "../modules/constructs/policy-locals";
import { terraformLiteral } from "../modules/constructs/terraform-text";

/** Provider versions whose resources behave as these stacks need; 5.100.0 is the one they are tested with. */
const AWS_PROVIDER_VERSIONS = ">= 5.100.0, < 7.0.0";
/** S3 state locking without a table came with 1.10. */
const TERRAFORM_VERSIONS = ">= 1.10.0";

/** What all stacks have in common: the versions they need, policies as locals, what Terraform takes over and lets go of, and why they are as they are. */
export abstract class OrgkeysStack extends TerraformStack {
  protected readonly policies = new PolicyLocals();
  protected readonly lifecycle = new LifecycleBlocks();

  /** Why this stack is as it is; whoever inspects the JSON reads it at `"//".orgkeys`. */
  protected abstract reasons(): Readonly<Record<string, unknown>>;

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
      "//": { ...json["//"], orgkeys: terraformLiteral({ schema: "orgkeys/stack/v1", ...this.reasons() }) },
      terraform: {
        ...json.terraform,
        required_version: TERRAFORM_VERSIONS,
        required_providers: { aws: { source: "hashicorp/aws", version: AWS_PROVIDER_VERSIONS } },
      },
      ...this.policies.toTerraform(),
      ...this.lifecycle.toTerraform(),
    };
  }
}
