/** An action at one commit: a tag can be moved to other code, a commit cannot. */
interface PinnedAction {
  readonly repository: string;
  /** 40 hexadecimal digits. */
  readonly commit: string;
  /** The tag that the commit had. */
  readonly version: string;
}

const action = (repository: string, version: string, commit: string): PinnedAction => ({ repository, commit, version });

/** The only code of others that jobs on GitHub run, beside the packages of package-lock.json. */
export const pinnedActions = {
  checkout: action("actions/checkout", "v7.0.1", "3d3c42e5aac5ba805825da76410c181273ba90b1"),
  setupNode: action("actions/setup-node", "v7.0.0", "820762786026740c76f36085b0efc47a31fe5020"),
  uploadArtifact: action("actions/upload-artifact", "v7.0.0", "bbbca2ddaa5d8feaa63e36b76fdaad77386f024f"),
  downloadArtifact: action("actions/download-artifact", "v8.0.1", "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c"),
  setupTerraform: action("hashicorp/setup-terraform", "v4.0.1", "dfe3c3f87815947d99a8997f908cb6525fc44e9e"),
  configureAwsCredentials: action(
    "aws-actions/configure-aws-credentials",
    "v6.2.3",
    "e6de054238d6b7531b4efff3b6587d9aade6a06c",
  ),
  uploadSarif: action("github/codeql-action/upload-sarif", "v4.36.2", "8aad20d150bbac5944a9f9d289da16a4b0d87c1e"),
} as const;

/** `actions/checkout@3d3c… # v7.0.1` */
export function pinnedUse({ repository, commit, version }: PinnedAction): string {
  return `${repository}@${commit} # ${version}`;
}

/** The Terraform that the stacks are tested with, and HashiCorp's checksum of its archive for Linux on x86-64. */
export const pinnedTerraform = {
  version: "1.11.4",
  sha256: "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
} as const;
