import { LocalBackend, S3Backend, type TerraformStack } from "cdktf";
import type { StateLocation } from "../organization/organization-map";

/**
 * Where a stack's state is. It belongs to the account's id and not to the stack's name: an account that moves to another
 * OU keeps its state, and with it its keys.
 *
 * Local state lies in `state/` beside the output directory, three folders above the stack's own.
 */
export function addStateBackend(stack: TerraformStack, state: StateLocation, accountId: string): void {
  if (state.kind === "local") {
    new LocalBackend(stack, { path: `../../../state/${accountId}.tfstate` });
    return;
  }
  const backend = new S3Backend(stack, {
    bucket: state.bucket,
    key: `${accountId}.tfstate`,
    region: state.region,
    encrypt: true,
    ...(state.kmsKeyId === undefined ? {} : { kmsKeyId: state.kmsKeyId }),
    ...(state.role === undefined ? {} : { assumeRole: { roleArn: state.role, sessionName: "orgkeys" } }),
  });
  // S3's own locking, without a DynamoDB table; newer than this framework's S3Backend.
  backend.addOverride("use_lockfile", true);
}
