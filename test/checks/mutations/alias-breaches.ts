import { type Breach, hipaa, keyAt, onPci, pci, resourceOf } from "./mutation";

const aliasAt = `pci-key-management aws_kms_alias.${pci.alias}`;

/** Whatever the consumer policies narrow by, and people read. */
export const aliasBreaches: readonly Breach[] = [
  {
    name: "an alias moved to another key",
    change: onPci((json) => {
      resourceOf(json, "aws_kms_alias", pci.alias).target_key_id = "${aws_kms_key.fraud-scoring_us-east-1.key_id}";
    }),
    found: { "zone-aliases": "payments" },
    within: ["pci-key-management"],
  },
  {
    name: "two keys' aliases swapped",
    change: onPci((json) => {
      const vault = resourceOf(json, "aws_kms_alias", "cardholder-vault-prod_us-east-1");
      const payments = resourceOf(json, "aws_kms_alias", pci.alias);
      [vault.name, payments.name] = [payments.name, vault.name];
    }),
    found: { "zone-aliases": "payments" },
    within: ["pci-key-management"],
  },
  {
    name: "two keys' aliases swapped, in the metadata too",
    change: onPci((json) => {
      for (const region of ["us-east-1", "us-west-2"]) {
        const vault = resourceOf(json, "aws_kms_alias", `cardholder-vault-prod_${region}`);
        const payments = resourceOf(json, "aws_kms_alias", `payments-prod_${region}`);
        [vault.name, payments.name] = [payments.name, vault.name];
      }
      const { keys } = json["//"].orgkeys;
      const [vault, payments] = [keys["cardholder-vault_prod_us-east-1"], keys[pci.key]];
      [vault.alias, payments.alias] = [payments.alias, vault.alias];
    }),
    found: { "keys-as-mapped": "payments" },
    within: ["pci-key-management"],
  },
  {
    name: "one more alias that gives a key to another key's users",
    change: onPci((json) => {
      json.resource.aws_kms_alias.extra = {
        name: "alias/fraud-scoring-2",
        provider: "aws.us-east-1",
        target_key_id: "${aws_kms_key.cardholder-vault_prod_us-east-1.key_id}",
      };
    }),
    found: { "zone-aliases": "extra" },
    within: ["pci-key-management"],
  },
  {
    name: "an alias that stands twice",
    change: onPci((json) => {
      json.resource.aws_kms_alias.extra = {
        ...structuredClone(resourceOf(json, "aws_kms_alias", pci.alias)),
        target_key_id: "${aws_kms_key.fraud-scoring_us-east-1.key_id}",
      };
    }),
    found: { "alias-names": "alias/payments-prod" },
    within: ["pci-key-management"],
  },
  {
    name: "an alias in an alias's place of another Region",
    change: onPci((json) => {
      resourceOf(json, "aws_kms_alias", pci.replicaAlias).provider = "aws.us-east-1";
    }),
    found: { "zone-aliases": "payments_prod_us-west-2" },
    within: ["pci-key-management"],
  },
  {
    name: "an alias on another zone's key by its ARN",
    change: onPci((json) => {
      resourceOf(json, "aws_kms_alias", pci.alias).target_key_id =
        `arn:aws:kms:us-east-1:${hipaa.account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
    }),
    found: { readable: "/resource/aws_kms_alias/payments-prod_us-east-1/target_key_id" },
    within: ["pci-key-management"],
  },
  {
    name: "an alias that AWS keeps for itself",
    change: onPci((json) => {
      resourceOf(json, "aws_kms_alias", pci.alias).name = "alias/aws/s3";
    }),
    found: { "alias-names": "alias/aws/s3" },
    within: ["pci-key-management"],
  },
  {
    name: "an alias without its beginning",
    change: onPci((json) => {
      resourceOf(json, "aws_kms_alias", pci.alias).name = "payments-prod";
    }),
    found: { "alias-names": "payments-prod" },
    within: ["pci-key-management"],
  },
  {
    name: "an alias of two letters that look alike",
    change: onPci((json) => {
      resourceOf(json, "aws_kms_alias", pci.alias).name = "alias/p\u0430yments-prod";
    }),
    found: { "alias-names": "alias/" },
    within: ["pci-key-management"],
  },
  {
    name: "an alias taken away",
    change: onPci((json) => {
      json.resource.aws_kms_alias[pci.alias] = undefined;
    }),
    found: { "zone-aliases": "payments_prod_us-east-1" },
    within: ["pci-key-management"],
  },
  {
    name: "an alias whose changes are ignored",
    change: onPci((json) => {
      resourceOf(json, "aws_kms_alias", pci.alias).lifecycle = { ignore_changes: ["target_key_id"] };
    }),
    found: { readable: pci.alias },
    within: [aliasAt, keyAt],
  },
];
