import type { Json } from "../sample-output";
import { allow, type Harmless, harmlessChange, onKey, onPci, pci, resourceOf } from "./mutation";

/** Words for people. */
export const otherWords: readonly Harmless[] = [
  harmlessChange(
    "other descriptions",
    onPci((json) => {
      for (const key of Object.values<Json>(json.resource.aws_kms_key)) key.description = "reviewed";
    }),
  ),
  harmlessChange(
    "no description",
    onKey((key) => {
      key.description = undefined;
    }),
  ),
  harmlessChange(
    "one more tag",
    onKey((key) => {
      key.tags.Reviewed = "2026-06-30";
    }),
  ),
  harmlessChange(
    "another cost center",
    onKey((key) => {
      key.tags.CostCenter = "3300";
    }),
  ),
  harmlessChange(
    "tags from the provider",
    onPci((json) => {
      for (const aws of json.provider.aws) aws.default_tags = [{ tags: { Team: "pci" } }];
    }),
  ),
  harmlessChange(
    "one more output",
    onPci((json) => {
      json.output.extra = { value: `\${aws_kms_key.${pci.key}.arn}`, description: "for people" };
    }),
  ),
  harmlessChange(
    "no outputs",
    onPci((json) => {
      json.output = undefined;
    }),
  ),
  harmlessChange(
    "a note of a reviewer",
    onPci((json) => {
      json["//"].note = "reviewed";
      resourceOf(json, "aws_kms_key", pci.key)["//"].note = "reviewed";
    }),
  ),
  harmlessChange(
    "no note of where in the app a key was made",
    onKey((key) => {
      key["//"] = undefined;
    }),
  ),
  harmlessChange(
    "another session's name",
    onPci((json) => {
      for (const aws of json.provider.aws) aws.assume_role[0].session_name = "orgkeys-apply";
    }),
  ),
  harmlessChange(
    "a newer Terraform",
    onPci((json) => {
      json.terraform.required_version = ">= 1.11.0";
    }),
  ),
  harmlessChange(
    "one more local that nobody uses",
    onPci((json) => {
      json.locals.unused = { Statement: [allow("*")] };
    }),
  ),
  harmlessChange(
    "one resource after another",
    onPci((json) => {
      resourceOf(json, "aws_kms_alias", pci.alias).depends_on = [`aws_kms_key.${pci.key}`];
    }),
  ),
  harmlessChange(
    "a look at the caller's identity",
    onPci((json) => {
      json.data = { aws_caller_identity: { current: {} } };
    }),
  ),
  harmlessChange(
    "another reason in the metadata",
    onPci((json) => {
      json["//"].orgkeys.keys[pci.key].why = ["because"];
    }),
  ),
];
