import { nameOrder } from "../aws/name-order";
import { terraformText } from "./terraform-text";

/**
 * Where Terraform takes over what exists, and where it lets go of what it had: plain data, added to the stack's finished JSON as
 * policies are. CDKTF knows neither of the two blocks.
 *
 * Sources: https://developer.hashicorp.com/terraform/language/import and
 * https://developer.hashicorp.com/terraform/language/resources/syntax#removing-resources
 */
export class LifecycleBlocks {
  readonly #imports = new Map<string, string>();
  readonly #removed = new Set<string>();

  /**
   * Once the resource is in the state the block does nothing, so that it may stay.
   *
   * @param id as the provider's import takes it
   */
  takeOver(address: string, id: string): void {
    this.#imports.set(address, terraformText(id));
  }

  /** Without the block Terraform destroys what it finds in the state and no longer in the stack. */
  letGo(address: string): void {
    this.#removed.add(address);
  }

  toTerraform(): Record<string, unknown> {
    const imports = [...this.#imports].sort(([a], [b]) => nameOrder(a, b)).map(([to, id]) => ({ id, to }));
    const removed = [...this.#removed].sort(nameOrder).map((from) => ({ from, lifecycle: { destroy: false } }));
    return {
      ...(imports.length === 0 ? {} : { import: imports }),
      ...(removed.length === 0 ? {} : { removed }),
    };
  }
}
