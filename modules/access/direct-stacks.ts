import type { RegionOf } from "./stack-keys";
import { isFields, type StackReading } from "./stack-reading";
import type { StackResources } from "./stack-resources";
import type { StackDirectStack } from "./synthesized-stack";

/** Nothing that decides what happens on failure: the provider then replaces a stack that it took over. */
const stackArguments = new Set([
  "capabilities",
  "lifecycle",
  "name",
  "parameters",
  "provider",
  "tags",
  "template_body",
  "template_url",
  "timeouts",
]);

/** CloudFormation stacks of Terraform's own, each in the account of its Terraform stack. */
export function readDirectStacks(
  reading: StackReading,
  resources: StackResources,
  regionOf: RegionOf,
): StackDirectStack[] {
  return resources.of("aws_cloudformation_stack").flatMap(([id, fields, path]): StackDirectStack[] => {
    reading.onlyKnown(fields, stackArguments, path);
    for (const template of ["template_body", "template_url"]) {
      // It can hold keys with policies of their own.
      if (fields[template] !== undefined) reading.note(`${path}/${template}`, "templates are not understood here");
    }
    const name = reading.text(fields, "name", path) ?? id;
    const region = regionOf(fields, path);
    if (region === undefined) return [];
    const lifecycle = Array.isArray(fields.lifecycle) ? fields.lifecycle[0] : fields.lifecycle;
    return [
      {
        document: reading.document,
        path,
        address: `aws_cloudformation_stack.${id}`,
        name,
        region,
        preventsDestroy: isFields(lifecycle) && lifecycle.prevent_destroy === true,
      },
    ];
  });
}
