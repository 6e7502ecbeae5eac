/** A CloudFormation stack's name is its own in one account and Region alone: `us-east-1/orgkeys-pci-baseline-keys`. */
export function regionalStack(region: string, name: string): string {
  return `${region}/${name}`;
}
