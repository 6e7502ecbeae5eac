import { disableKeyRotation, enableKeyRotation } from "../../aws/kms-commands";
import { inNameOrder } from "../../aws/name-order";
import type { Drift } from "../drift";
import { awsCommand, healed, keyAt, regionWords, type StepOf } from "./step-parts";

export const rotate: StepOf = (drift, settings) => {
  const { rotation } = drift.subject?.reviewedKey ?? {};
  const at = keyAt(drift);
  const byHand = at === undefined ? [] : [enableKeyRotation(at, rotation?.periodDays)];
  return healed(drift, settings, `let it rotate every ${rotation?.periodDays ?? 365} days`, byHand);
};

export const stopRotation: StepOf = (drift, settings) => {
  const at = keyAt(drift);
  return healed(drift, settings, "switch its rotation off", at === undefined ? [] : [disableKeyRotation(at)]);
};

export const describeAgain: StepOf = (drift, settings) => {
  const { key, reviewedKey } = drift.subject ?? {};
  const byHand =
    key === undefined || reviewedKey === undefined
      ? []
      : [
          awsCommand(
            ...["kms", "update-key-description", "--key-id", key.arn],
            ...["--description", reviewedKey.description, ...regionWords(drift.place)],
          ),
        ];
  return healed(drift, settings, "put the reviewed description back", byHand);
};

export const tagAgain: StepOf = (drift, settings) =>
  healed(drift, settings, "put the reviewed tags back", tagCommands(drift));

/** As JSON: the short form of the AWS CLI takes commas and equals signs of a value for its own. */
function tagCommands({ subject, place }: Drift): string[] {
  const { key, reviewedKey } = subject ?? {};
  if (key === undefined || reviewedKey === undefined || !("value" in key.tags)) return [];
  const live = key.tags.value;
  const wanted = inNameOrder(reviewedKey.tags).filter(([name, value]) => live[name] !== value);
  const extra = Object.keys(live).filter((name) => reviewedKey.tags[name] === undefined && !name.startsWith("aws:"));
  const on = ["--key-id", key.arn];
  const json = JSON.stringify(wanted.map(([TagKey, TagValue]) => ({ TagKey, TagValue })));
  return [
    ...(wanted.length === 0 ? [] : [awsCommand("kms", "tag-resource", ...on, "--tags", json, ...regionWords(place))]),
    ...(extra.length === 0
      ? []
      : [
          awsCommand("kms", "untag-resource", ...on, "--tag-keys", JSON.stringify(extra.sort()), ...regionWords(place)),
        ]),
  ];
}
