import type { SynthesizedStack } from "../access/synthesized-stack";
import type { KeyStep } from "../aws/key-step";

/** A key or replica that Terraform has let go of: it stays as it is in AWS, and nothing about it is reviewed any more. */
export interface RestingKey {
  /** The synthesized stack's name. */
  readonly stack: string;
  readonly address: string;
  readonly step: KeyStep;
}

export function restingKeys(_stack: SynthesizedStack): RestingKey[] {
  return [];
}
