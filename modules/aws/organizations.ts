import type { PartitionName } from "./partition";

/** The authorization policies of AWS Organizations: what limits resources, and what limits principals. */
export type ControlPolicyKind = "resource-control" | "service-control";

/** As the API and Terraform spell them. */
export const controlPolicyTypes: Readonly<Record<ControlPolicyKind, string>> = {
  "resource-control": "RESOURCE_CONTROL_POLICY",
  "service-control": "SERVICE_CONTROL_POLICY",
};

/** AWS Organizations in one partition: one organization never reaches into another. */
interface OrganizationsService {
  /** A global service with one endpoint: the Region that requests are signed for. */
  readonly region: string;
  readonly controlPolicies: readonly ControlPolicyKind[];
  /** Whether StackSets can be given the organization's OUs as targets. */
  readonly serviceManagedStackSets: boolean;
}

/**
 * Sources: https://docs.aws.amazon.com/organizations/latest/userguide/region-support.html for the Regions; what differs in
 * GovCloud and China, https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-organizations.html and
 * https://docs.amazonaws.cn/en_us/aws/latest/userguide/organizations.html, leaves out neither type of policy. RCPs are in
 * GovCloud since May 2025. StackSets have no trusted access to organizations in Beijing and Ningxia,
 * https://docs.amazonaws.cn/en_us/AWSCloudFormation/latest/UserGuide/stacksets-prereqs.html
 */
const services: Readonly<Record<PartitionName, OrganizationsService>> = {
  aws: {
    region: "us-east-1",
    controlPolicies: ["resource-control", "service-control"],
    serviceManagedStackSets: true,
  },
  "aws-us-gov": {
    region: "us-gov-west-1",
    controlPolicies: ["resource-control", "service-control"],
    serviceManagedStackSets: true,
  },
  "aws-cn": {
    region: "cn-northwest-1",
    controlPolicies: ["resource-control", "service-control"],
    serviceManagedStackSets: false,
  },
};

export function organizationsRegion(partition: PartitionName): string {
  return services[partition].region;
}

export function hasControlPolicies(partition: PartitionName, kind: ControlPolicyKind): boolean {
  return services[partition].controlPolicies.includes(kind);
}

export function hasServiceManagedStackSets(partition: PartitionName): boolean {
  return services[partition].serviceManagedStackSets;
}
