/** The AWS partitions orgkeys knows: separate sets of Regions, accounts, credentials and ARNs. */
export const partitionNames = ["aws", "aws-us-gov", "aws-cn"] as const;
export type PartitionName = (typeof partitionNames)[number];

interface Region {
  readonly name: string;
  /** An opt-in Region is off in every account until somebody enables it. */
  readonly optIn: boolean;
}

const always = (...names: string[]): Region[] => names.map((name) => ({ name, optIn: false }));
const optIn = (...names: string[]): Region[] => names.map((name) => ({ name, optIn: true }));

/** Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
const regionsByPartition: Readonly<Record<PartitionName, readonly Region[]>> = {
  aws: [
    ...always(
      "ap-northeast-1",
      "ap-northeast-2",
      "ap-northeast-3",
      "ap-south-1",
      "ap-southeast-1",
      "ap-southeast-2",
      "ca-central-1",
      "eu-central-1",
      "eu-north-1",
      "eu-west-1",
      "eu-west-2",
      "eu-west-3",
      "sa-east-1",
      "us-east-1",
      "us-east-2",
      "us-west-1",
      "us-west-2",
    ),
    ...optIn(
      "af-south-1",
      "ap-east-1",
      "ap-east-2",
      "ap-south-2",
      "ap-southeast-3",
      "ap-southeast-4",
      "ap-southeast-5",
      "ap-southeast-6",
      "ap-southeast-7",
      "ca-west-1",
      "eu-central-2",
      "eu-south-1",
      "eu-south-2",
      "il-central-1",
      "me-central-1",
      "me-south-1",
      "mx-central-1",
    ),
  ],
  "aws-us-gov": always("us-gov-east-1", "us-gov-west-1"),
  "aws-cn": always("cn-north-1", "cn-northwest-1"),
};

export function regionNames(partition: PartitionName): readonly string[] {
  return regionsByPartition[partition].map((region) => region.name).sort();
}

/** The partition that has this Region, or undefined for a name no partition has. */
export function partitionOfRegion(region: string): PartitionName | undefined {
  return partitionNames.find((partition) => regionsByPartition[partition].some(({ name }) => name === region));
}

export function isOptInRegion(region: string): boolean {
  return partitionNames.some((partition) =>
    regionsByPartition[partition].some(({ name, optIn: mustOptIn }) => name === region && mustOptIn),
  );
}
