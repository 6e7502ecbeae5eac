import { keyResourceTypes } from "../access/key-resource-types";
import { keyTypes } from "./resource-types";

/** What an argument refers to another resource by. */
export interface ReferencedAttribute {
  readonly types: ReadonlySet<string>;
  /** Of the other resource. */
  readonly attribute: string;
}

const keys: ReadonlySet<string> = new Set(Object.keys(keyResourceTypes));

const references: Readonly<Record<string, Readonly<Record<string, ReferencedAttribute>>>> = {
  aws_cloudformation_stack_instances: {
    stack_set_name: { types: new Set(["aws_cloudformation_stack_set"]), attribute: "name" },
  },
  aws_iam_role_policy_attachment: { policy_arn: { types: new Set(["aws_iam_policy"]), attribute: "arn" } },
  aws_iam_user_policy_attachment: { policy_arn: { types: new Set(["aws_iam_policy"]), attribute: "arn" } },
  aws_kms_alias: { target_key_id: { types: keys, attribute: "key_id" } },
  aws_kms_grant: { key_id: { types: keys, attribute: "key_id" } },
  aws_kms_key: { custom_key_store_id: { types: new Set(["aws_kms_custom_key_store"]), attribute: "id" } },
  aws_kms_replica_external_key: { primary_key_arn: { types: keyTypes, attribute: "arn" } },
  aws_kms_replica_key: { primary_key_arn: { types: keyTypes, attribute: "arn" } },
  aws_organizations_policy_attachment: {
    policy_id: { types: new Set(["aws_organizations_policy"]), attribute: "id" },
  },
};

/** @returns undefined for an argument that refers to nothing */
export function referenceOf(type: string, argument: string): ReferencedAttribute | undefined {
  return references[type]?.[argument];
}
