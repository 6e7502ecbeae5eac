import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/zone-aliases";
import { kindsOutput, vault } from "./kinds-output";
import { type Json, outputOf } from "./sample-output";

const sample = outputOf("config");
const stack = "commercial.regulated.pci.pci-key-management";
const account = "pci-key-management";
const key = "payments_prod_us-east-1";
const replica = "payments_prod_us-west-2";
const fraud = "fraud-scoring_us-east-1";
const alias = "payments-prod_us-east-1";
const replicaAlias = "payments-prod_us-west-2";
const aliasAt = `${account} aws_kms_alias.${alias} alias/payments-prod`;
const keyWithout = {
  where: `${account} aws_kms_key.${key} alias/payments-prod`,
  why: "is meant to have alias/payments-prod in us-east-1, and it does not lead here",
  place: { document: stack, path: `/resource/aws_kms_key/${key}` },
};

const found = (edit: (json: Json) => void) => sample.edit(stack, edit).check([check]);

test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
  expect(outputOf(config).check([check])).toEqual([]);
});

describe("finds", () => {
  test("an alias that is moved to another key, and the key that lost it", () => {
    const moved = found((json) => {
      json.resource.aws_kms_alias[alias].target_key_id = `\${aws_kms_key.${fraud}.key_id}`;
    });
    expect(moved).toMatchObject([
      {
        where: aliasAt,
        why: `leads to aws_kms_key.${fraud} (restricted), whose alias is alias/fraud-scoring, and the alias is meant for aws_kms_key.${key} (regulated)`,
        severity: "critical",
        place: { document: stack, path: `/resource/aws_kms_alias/${alias}/target_key_id` },
      },
      keyWithout,
    ]);
  });

  test("two aliases that changed places", () => {
    const swapped = found(({ resource: { aws_kms_alias: aliases } }) => {
      [aliases[alias].name, aliases[fraud].name] = [aliases[fraud].name, aliases[alias].name];
    });
    expect(swapped.map(({ where }) => where)).toEqual([
      `${account} aws_kms_alias.${fraud} alias/payments-prod`,
      `${account} aws_kms_alias.${alias} alias/fraud-scoring`,
      `${account} aws_kms_key.${fraud} alias/fraud-scoring`,
      keyWithout.where,
    ]);
  });

  test("one more alias, which nobody planned", () => {
    const more = found((json) => {
      json.resource.aws_kms_alias.extra = { ...json.resource.aws_kms_alias[alias], name: "alias/extra" };
    });
    expect(more).toMatchObject([
      {
        where: `${account} aws_kms_alias.extra alias/extra`,
        why: `leads to aws_kms_key.${key} (regulated), whose alias is alias/payments-prod`,
      },
    ]);
  });

  test("a replica's alias on the primary, which in AWS has the same id", () => {
    const moved = found((json) => {
      json.resource.aws_kms_alias[replicaAlias].target_key_id = `\${aws_kms_key.${key}.key_id}`;
    });
    expect(moved).toMatchObject([
      {
        where: `${account} aws_kms_alias.${replicaAlias} alias/payments-prod`,
        why: `is in us-west-2 and leads to aws_kms_key.${key}, which is in us-east-1`,
        place: { path: `/resource/aws_kms_alias/${replicaAlias}/provider` },
      },
      { where: `${account} aws_kms_replica_key.${replica} alias/payments-prod` },
    ]);
  });

  test("a replica's alias made in the primary's Region", () => {
    const moved = found((json) => {
      json.resource.aws_kms_alias[replicaAlias].provider = "aws.us-east-1";
    });
    expect(moved).toMatchObject([
      { where: `${account} aws_kms_alias.${replicaAlias} alias/payments-prod` },
      { where: `${account} aws_kms_replica_key.${replica} alias/payments-prod` },
    ]);
  });

  test.each<[name: string, edit: (json: Json) => void]>([
    ["that is taken out", (json) => Reflect.deleteProperty(json.resource.aws_kms_alias, alias)],
    ["on a key of elsewhere", (json) => Object.assign(json.resource.aws_kms_alias[alias], { target_key_id: "mrk-1" })],
    [
      "on a key that is not there",
      (json) => Object.assign(json.resource.aws_kms_alias[alias], { target_key_id: "${aws_kms_key.x.key_id}" }),
    ],
  ])("the key of an alias %s", (_name, edit) => {
    expect(found(edit)).toMatchObject([keyWithout]);
  });

  test("a key and its replica of which nobody says what they are for, once each", () => {
    expect(found((json) => Reflect.deleteProperty(json["//"].orgkeys.keys, key))).toMatchObject([
      {
        where: `${account} aws_kms_key.${key} alias`,
        why: "the stack's metadata name no alias for it, so that nobody can tell which one is right",
      },
      { where: `${account} aws_kms_replica_key.${replica} alias` },
    ]);
  });

  test("a key that is gone while its alias is still meant to be there", () => {
    const gone = found((json) => {
      Reflect.deleteProperty(json.resource.aws_kms_key, fraud);
      Reflect.deleteProperty(json.resource.aws_kms_alias, fraud);
    });
    expect(gone).toMatchObject([
      {
        where: `${account} aws_kms_key.${fraud} alias/fraud-scoring`,
        why: "the stack's metadata name it as the key of alias/fraud-scoring, and it is not in the stack",
        place: { path: "/~1~1/orgkeys/keys" },
      },
    ]);
  });

  test("an alias renamed in both places: the map is where its name comes from", () => {
    const renamed = found((json) => {
      json["//"].orgkeys.keys[fraud].alias = "alias/fraud";
      json.resource.aws_kms_alias[fraud].name = "alias/fraud";
    });
    expect(renamed).toMatchObject([
      {
        where: `${account} aws_kms_alias.${fraud} alias/fraud`,
        why: `leads to aws_kms_key.${fraud} (restricted), whose alias is alias/fraud-scoring`,
      },
      {
        where: `${account} aws_kms_key.${fraud} alias/fraud-scoring`,
        why: "is meant to have alias/fraud-scoring in us-east-1, and it does not lead here",
      },
    ]);
  });
});

describe("is content with", () => {
  test.each<[name: string, edit: (json: Json) => void]>([
    [
      "a target by the key's ARN",
      (json) => Object.assign(json.resource.aws_kms_alias[alias], { target_key_id: `\${aws_kms_key.${key}.arn}` }),
    ],
    [
      "spaces in the reference",
      (json) => Object.assign(json.resource.aws_kms_alias[alias], { target_key_id: `\${ aws_kms_key.${key}.id }` }),
    ],
    [
      "another id of the alias's resource",
      ({ resource: { aws_kms_alias: aliases } }) => {
        aliases.renamed = aliases[alias];
        Reflect.deleteProperty(aliases, alias);
      },
    ],
  ])("%s", (_name, edit) => {
    expect(found(edit)).toEqual([]);
  });
});

describe("a key with several aliases", () => {
  const kinds = kindsOutput();
  const deposit = "deposit_prod_us-east-1";
  const foundInVault = (edit: (json: Json) => void): readonly Json[] => kinds.edit(vault.stack, edit).check([check]);

  test("has each of them, in each of its Regions", () => {
    expect(kinds.check([check])).toEqual([]);
    const gone = foundInVault((json) => Reflect.deleteProperty(json.resource.aws_kms_alias, "money-prod_us-west-2"));
    expect(gone).toMatchObject([
      {
        where: "vault aws_kms_replica_external_key.deposit_prod_us-west-2 alias/money/prod",
        why: "is meant to have alias/money/prod in us-west-2, and it does not lead here",
      },
    ]);
  });

  test("gives none of them away", () => {
    const moved = foundInVault((json) => {
      json.resource.aws_kms_alias["deposit_us-east-1"].target_key_id = "${aws_kms_key.tokens_prod_us-east-1.key_id}";
    });
    expect(moved).toMatchObject([
      {
        where: "vault aws_kms_alias.deposit_us-east-1 alias/deposit",
        why: `leads to aws_kms_key.tokens_prod_us-east-1 (authenticated), whose alias is alias/tokens-prod, and the alias is meant for aws_kms_external_key.${deposit} (imported)`,
      },
      { where: `vault aws_kms_external_key.${deposit} alias/deposit` },
    ]);
  });

  test("has no more of them, whatever the metadata say", () => {
    const more = foundInVault((json) => {
      json["//"].orgkeys.keys[deposit].aliases.push("alias/mine");
      json.resource.aws_kms_alias.mine = { ...json.resource.aws_kms_alias["deposit_us-east-1"], name: "alias/mine" };
    });
    expect(more).toMatchObject([
      {
        where: "vault aws_kms_alias.mine alias/mine",
        why: `leads to aws_kms_external_key.${deposit} (imported), whose alias is alias/deposit-prod, alias/deposit, alias/money/prod`,
      },
    ]);
  });
});
