/**
 * What CloudFormation takes at most in a template. One of a StackSet is given as text, never from a bucket: what is reviewed is
 * what is sent.
 *
 * Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html
 */
export const cloudFormationLimits = {
  /** Of a template given as text. */
  templateBytes: 51_200,
  descriptionBytes: 1024,
  resources: 500,
  parameters: 200,
  parameterNameLength: 255,
  parameterValueBytes: 4096,
  mappings: 200,
  outputs: 200,
  /** `{{resolve:…}}` */
  dynamicReferences: 60,
  logicalIdLength: 255,
} as const;
