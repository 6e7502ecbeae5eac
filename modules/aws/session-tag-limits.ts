/**
 * Limits of the tags that a session brings along. Each is written once and used by the check and by its message.
 *
 * Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
export const sessionTagLimits = {
  tags: 50,
  keyLength: 128,
  valueLength: 256,
} as const;
