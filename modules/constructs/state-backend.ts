import { LocalBackend, S3Backend, type TerraformStack } from "cdktf";
import type { StateLocation } from "../organization/organization-map";

/**
 * Where a stack's state is. Local state lies in `state/` beside the output directory, three folders above the stack's own.
 *
 * @param name the file's name without `.tfstate`. It never comes from the stack's name, which changes with an OU's
 */
export function addStateBackend(stack: TerraformStack, state: StateLocation, name: string): void {
  if (state.kind === "local") {
    new LocalBackend(stack, { path: `../../../state/${name}.tfstate` });
    return;
  }
  const backend = new S3Backend(stack, {
    bucket: state.bucket,
    key: `${name}.tfstate`,
    region: state.region,
    encrypt: true,
    ...(state.kmsKeyId === undefined ? {} : { kmsKeyId: state.kmsKeyId }),
    ...(state.role === undefined ? {} : { assumeRole: { roleArn: state.role, sessionName: "orgkeys" } }),
  });
  // S3's own locking, without a DynamoDB table; newer than this framework's S3Backend.
  backend.addOverride("use_lockfile", true);
}
