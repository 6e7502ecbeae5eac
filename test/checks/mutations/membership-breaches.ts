import { type Breach, hipaa, inPciStack, keyAt, onKey, onPci, onStack, pci, resourceOf } from "./mutation";

/** Which zone and which account a stack says it is of. */
export const membershipBreaches: readonly Breach[] = [
  inPciStack("another zone's name", "zone-membership", (json) => {
    json["//"].orgkeys.zone = "corporate";
  }),
  inPciStack("no zone's name", "zone-membership", (json) => {
    json["//"].orgkeys.zone = undefined;
  }),
  inPciStack("another account's name", "zone-membership", (json) => {
    json["//"].orgkeys.account = "payments-prod";
  }),
  inPciStack("another organization's name", "zone-membership", (json) => {
    json["//"].orgkeys.organization = "govcloud";
  }),
  inPciStack("no account's id", "zone-membership", (json) => {
    json["//"].orgkeys.accountId = undefined;
  }),
  inPciStack("no metadata at all", "zone-membership", (json) => {
    json["//"] = undefined;
  }),
  inPciStack(
    "a kind that makes it look like guardrails",
    "zone-membership",
    (json) => {
      json["//"].orgkeys.kind = "guardrails";
    },
    "",
    ["pci-key-management", "commercial."],
  ),
  inPciStack(
    "a kind that nobody knows",
    "zone-membership",
    (json) => {
      json["//"].orgkeys.kind = "sandbox";
    },
    "",
  ),
  {
    name: "a stack for an account that the map does not know",
    change: onStack(pci.stack, (json) => {
      const text = JSON.stringify(json).replaceAll(pci.account, "999999999999");
      Object.assign(json, JSON.parse(text));
    }),
    found: { "zone-membership": pci.stack },
    within: [pci.stack, "payments-prod", "payments-test"],
  },
  {
    name: "a second stack for an account, in another folder",
    change: (sample) => {
      let text = "";
      sample.edit(hipaa.stack, (json) => {
        text = JSON.stringify(json, null, 2);
      });
      return sample.withText("commercial.workloads.test.reviewed", text);
    },
    found: { "zone-state": "patient-portal-prod" },
    within: ["patient-portal-prod", "commercial.workloads.test.reviewed"],
  },
  {
    name: "a key of another zone beside the own ones",
    change: onPci((json) => {
      json["//"].orgkeys.keys.extra = {
        alias: "alias/patient-portal-prod",
        dataClass: "regulated",
        grants: {},
        sources: ["workloads/patient-care.yaml patient-portal.environments.prod"],
      };
      json.resource.aws_kms_key.extra = {
        ...structuredClone(resourceOf(json, "aws_kms_key", pci.key)),
        multi_region: false,
        tags: { Zone: "hipaa", DataClass: "regulated", Workload: "patient-portal" },
      };
    }),
    found: { "zone-membership": "pci-key-management aws_kms_key.extra" },
    within: ["pci-key-management aws_kms_key.extra"],
  },
  {
    name: "a key taken away with all that belongs to it",
    change: onPci((json) => {
      const id = "fraud-scoring_us-east-1";
      json.resource.aws_kms_key[id] = undefined;
      json.resource.aws_kms_alias[id] = undefined;
      json.locals[`${id}-policy`] = undefined;
      json["//"].orgkeys.keys[id] = undefined;
      json.output = undefined;
    }),
    found: { "keys-as-mapped": "fraud-scoring_us-east-1" },
    within: ["pci-key-management"],
  },
  {
    name: "a key tagged as another zone's",
    change: onKey((key) => {
      key.tags.Zone = "hipaa";
    }),
    found: { "zone-membership": keyAt },
    within: [keyAt],
  },
];
