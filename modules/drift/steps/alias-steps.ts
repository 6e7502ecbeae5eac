import { shellWord } from "../../findings/shell-word";
import type { Drift } from "../drift";
import {
  adoptLines,
  applyOf,
  awsCommand,
  comment,
  healed,
  inAccount,
  isTerraforms,
  keyArn,
  lookUp,
  regionWords,
  type StepOf,
} from "./step-parts";

export const makeAlias: StepOf = (drift, settings) =>
  healed(drift, settings, "make the alias", aliasCommand(drift, "create-alias"));

export const leadAliasBack: StepOf = (drift, settings) => {
  const byHand = aliasCommand(drift, "update-alias");
  const { alias } = drift.subject ?? {};
  const other = alias?.keyId ?? "the other key";
  const whatToDo = `lead it back as an administrator of the key, after a look at who moved it: what was encrypted by this name since then is under ${other}, which has to stay until that is encrypted anew (docs/lifecycle.md#replace)`;
  if (!isTerraforms(drift) || drift.place.address === undefined) return { whatToDo, commands: byHand };
  return {
    whatToDo: `${whatToDo}; the gate stops an apply that would do it (alias-retargeted), unless it is allowed`,
    commands: [
      ...lookAtAlias(drift),
      ...byHand,
      comment("or by an apply:"),
      ...applyOf(drift, settings, "--allow", `${drift.place.address}=led back to the reviewed key`).map(comment),
    ],
  };
};

/** The reviewed key is not there, so that nothing can be led back to it. */
export const takeOverTaker: StepOf = (drift) => {
  const { alias } = drift.subject ?? {};
  const name = nameOf(drift);
  return {
    whatToDo: `find out what ${alias?.keyId ?? "the key that has it"} is: the reviewed key itself, with other tags, is taken over by adopt (docs/lifecycle.md#take-over); from any other key the alias is deleted once nobody encrypts by it. An apply cannot make the alias while it is taken, and would make a new key beside it`,
    commands: [
      ...lookAtAlias(drift),
      ...(alias?.keyId === undefined ? [] : adoptLines(drift, alias.keyId, name === undefined ? [] : [name])),
      ...deletion(drift).map(comment),
    ],
  };
};

export const deleteAlias: StepOf = (drift) => ({
  whatToDo:
    "see in CloudTrail who asks for the key by it; put it under aliases in the map, with adopt (docs/lifecycle.md#take-over), or delete it as an administrator of the key: policies that name keys by kms:ResourceAliases mean it too",
  commands: [...lookAtAlias(drift), ...deletion(drift)],
});

function nameOf({ subject }: Drift): string | undefined {
  return subject?.aliasName ?? subject?.alias?.name;
}

function aliasCommand(drift: Drift, command: "create-alias" | "update-alias"): string[] {
  const name = nameOf(drift);
  const arn = drift.subject?.key?.arn;
  if (name === undefined || arn === undefined) return [];
  return [awsCommand("kms", command, "--alias-name", name, "--target-key-id", arn, ...regionWords(drift.place))];
}

function lookAtAlias(drift: Drift): string[] {
  const name = nameOf(drift);
  return name === undefined ? [] : [lookUp(drift.place, "ResourceName", aliasArn(drift, name))];
}

function aliasArn({ place }: Drift, name: string): string {
  return keyArn(place, "").replace(/key\/$/, () => name);
}

/** Only while it leads where it led when it was read. */
function deletion(drift: Drift): string[] {
  const { place, subject } = drift;
  const name = nameOf(drift);
  if (name === undefined) return [];
  const remove = awsCommand("kms", "delete-alias", "--alias-name", name, ...regionWords(place));
  const keyId = subject?.alias?.keyId;
  if (keyId === undefined) return [inAccount(place, remove)];
  const ask = awsCommand(
    "kms",
    "describe-key",
    "--key-id",
    name,
    ...regionWords(place),
    "--query",
    "KeyMetadata.Arn",
    "--output",
    "text",
  );
  return [`[ "$(${ask})" = ${shellWord(keyArn(place, keyId))} ] && ${remove}`];
}
