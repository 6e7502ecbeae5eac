import type { StackNode } from "./stack-node";

/** As measured for `terraform plan` with provider 5.100 on two cores: 7 s for two Regions and six resources. */
const SECONDS_OF_A_STACK = 1.5;
const SECONDS_OF_A_PROVIDER = 2.5;
const SECONDS_OF_A_RESOURCE = 0.1;

/**
 * How long one plan of a stack takes, in seconds of a processor. Machines differ: good for shares and for comparing stacks, and for
 * time where nothing has been measured yet.
 */
export function planSeconds({ providers, resources }: Pick<StackNode, "providers" | "resources">): number {
  return SECONDS_OF_A_STACK + SECONDS_OF_A_PROVIDER * providers + SECONDS_OF_A_RESOURCE * resources;
}
