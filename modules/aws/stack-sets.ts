import type { PartitionName } from "./partition";

/**
 * Partitions in which CloudFormation brings StackSets to OUs by itself: where it can be trusted with an organization.
 *
 * Source: https://docs.amazonaws.cn/en_us/AWSCloudFormation/latest/UserGuide/stacksets-prereqs.html: "trusted access isn't
 * currently supported in" Beijing and Ningxia.
 */
const serviceManaged: readonly PartitionName[] = ["aws", "aws-us-gov"];

export function hasServiceManagedStackSets(partition: PartitionName): boolean {
  return serviceManaged.includes(partition);
}
