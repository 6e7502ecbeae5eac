/** The frameworks that a zone can name and that have a table of controls. They stand here, where map and checks see them. */
export const frameworkIds = [
  "cis",
  "fedramp-high",
  "fedramp-moderate",
  "hipaa",
  "nist-800-53",
  "pci-dss-4.0",
  "security-hub",
] as const;

export type FrameworkId = (typeof frameworkIds)[number];
