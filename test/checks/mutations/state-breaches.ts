import type { CheckId } from "../../../modules/findings/check-ids";
import type { Json } from "../sample-output";
import { type Breach, hipaa, onPci, onStack, pci } from "./mutation";

const at = "pci-key-management";

function backend(name: string, edit: (terraform: Json) => void, check: CheckId = "zone-state"): Breach {
  return {
    name,
    change: onPci((json) => edit(json.terraform)),
    found: { [check]: at },
    within: [at, "payments-prod", "patient-portal-prod"],
  };
}

/** In the sample, whose state is in local files. */
export const localStateBreaches: readonly Breach[] = [
  backend("another account's state file", (terraform) => {
    terraform.backend.local.path = `../../../state/${hipaa.account}.tfstate`;
  }),
  backend("another account's state file, by a way around", (terraform) => {
    terraform.backend.local.path = `../../../state/../state/${hipaa.account}.tfstate`;
  }),
  backend("a state file in a folder that everybody reads", (terraform) => {
    terraform.backend.local.path = `/tmp/${pci.account}.tfstate`;
  }),
  backend(
    "a state file that an expression names",
    (terraform) => {
      terraform.backend.local.path = "${local.path}";
    },
    "readable",
  ),
  backend("state in a bucket of which the map says nothing", (terraform) => {
    terraform.backend = { s3: { bucket: "example-orgkeys", key: `${pci.account}.tfstate`, region: "us-east-1" } };
  }),
];

/** In an organization whose zones keep their state in buckets of their own: `example-orgkeys-ZONE`. */
export const bucketStateBreaches: readonly Breach[] = [
  backend("another zone's bucket", ({ backend: { s3 } }) => {
    s3.bucket = "example-orgkeys-hipaa";
  }),
  backend("a bucket of another Region", ({ backend: { s3 } }) => {
    s3.region = "eu-west-1";
  }),
  backend("another account's key in the own bucket", ({ backend: { s3 } }) => {
    s3.key = `${pci.consumerAccount}.tfstate`;
  }),
  backend("a key below a folder", ({ backend: { s3 } }) => {
    s3.key = `shared/${pci.account}.tfstate`;
  }),
  backend("a role of another zone for the state", ({ backend: { s3 } }) => {
    s3.assume_role = { role_arn: `arn:aws:iam::${hipaa.account}:role/State` };
  }),
  backend("a role of another zone for the state, in the old way", ({ backend: { s3 } }) => {
    s3.role_arn = `arn:aws:iam::${hipaa.account}:role/State`;
  }),
  backend("state encrypted with another zone's key", ({ backend: { s3 } }) => {
    s3.kms_key_id = `arn:aws:kms:us-east-1:${hipaa.account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  }),
  backend(
    "state that everybody reads",
    ({ backend: { s3 } }) => {
      s3.acl = "public-read";
    },
    "readable",
  ),
  backend("state that is not encrypted", ({ backend: { s3 } }) => {
    s3.encrypt = false;
  }),
  backend(
    "an S3 of somebody else",
    ({ backend: { s3 } }) => {
      s3.endpoints = { s3: "https://s3.example.com" };
    },
    "readable",
  ),
  backend(
    "an S3 of somebody else, in the old way",
    ({ backend: { s3 } }) => {
      s3.endpoint = "https://s3.example.com";
    },
    "readable",
  ),
  backend(
    "credentials of its own for the state",
    ({ backend: { s3 } }) => {
      s3.profile = "hipaa";
    },
    "readable",
  ),
  backend(
    "access keys in the file",
    ({ backend: { s3 } }) => {
      s3.access_key = "example";
      s3.secret_key = "example";
    },
    "readable",
  ),
  backend("state that nobody locks", ({ backend: { s3 } }) => {
    s3.use_lockfile = false;
  }),
  backend("state in a local file after all", (terraform) => {
    terraform.backend = { local: { path: `../../../state/${pci.account}.tfstate` } };
  }),
  {
    name: "two accounts' state in one object",
    change: onStack(pci.consumerStack, (json) => {
      json.terraform.backend.s3.key = `${pci.account}.tfstate`;
    }),
    found: { "zone-state": "payments-prod" },
    within: ["payments-prod", "pci-key-management"],
  },
];
