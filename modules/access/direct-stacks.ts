import { readTemplate } from "./cloudformation-template";
import { textsByName } from "./json-parts";
import { preventsDestroy } from "./prevents-destroy";
import { knownArguments } from "./resource-arguments";
import type { RegionOf } from "./stack-keys";
import type { StackReading } from "./stack-reading";
import type { StackResources } from "./stack-resources";
import type { StackDirectStack } from "./synthesized-stack";

/** Nothing that decides what happens on failure: the provider then replaces a stack that it took over. */
const stackArguments = knownArguments("aws_cloudformation_stack");

/** CloudFormation stacks of Terraform's own, each in the account of its Terraform stack. */
export function readDirectStacks(
  reading: StackReading,
  resources: StackResources,
  regionOf: RegionOf,
): StackDirectStack[] {
  return resources.of("aws_cloudformation_stack").flatMap(([id, fields, path]): StackDirectStack[] => {
    reading.onlyKnown(fields, stackArguments, path);
    const template = readTemplate(reading, fields, path);
    const name = reading.text(fields, "name", path) ?? id;
    const region = regionOf(fields, path);
    if (region === undefined) return [];
    return [
      {
        document: reading.document,
        path,
        address: `aws_cloudformation_stack.${id}`,
        name,
        region,
        preventsDestroy: preventsDestroy(fields),
        tags: textsByName(reading.literal(fields.tags ?? {}, `${path}/tags`)),
        template,
      },
    ];
  });
}
