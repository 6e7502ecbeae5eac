import type { GuardrailDocument } from "../policies/guardrails";
import type { PolicyDocument } from "../policies/policy-document";
import { terraformLiteral } from "./terraform-text";

/**
 * Policies as structured locals, so that a reviewer sees one line a principal and checks read real JSON; resources take
 * `jsonencode(local.…)`.
 *
 * The documents are plain data without tokens. The stack adds them to its finished JSON, past CDKTF's token resolution,
 * which would walk every value of them three times.
 */
export class PolicyLocals {
  readonly #documents: Record<string, unknown> = {};

  /** @returns the expression that gives the document as the JSON text AWS takes */
  add(name: string, document: PolicyDocument | GuardrailDocument): string {
    return this.addTerraform(name, terraformLiteral(document));
  }

  /** @param document as Terraform reads it, expressions and escapes included */
  addTerraform(name: string, document: unknown): string {
    this.#documents[name] = document;
    return `\${jsonencode(local.${name})}`;
  }

  toTerraform(): Record<string, unknown> {
    return Object.keys(this.#documents).length === 0 ? {} : { locals: this.#documents };
  }
}
