import { connectKeyStore, describeKey, describeKeyStore } from "../../aws/kms-commands";
import { shellWord } from "../../findings/shell-word";
import type { Drift } from "../drift";
import { applied, applyOf, comment, inAccount, keyAt, lookUp, type StepOf } from "./step-parts";

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/connect-keystore.html */
export const connect: StepOf = (drift) => ({
  whatToDo:
    "mend what AWS says of the connection (the cluster, its kmsuser, or the proxy), and connect it as an administrator of the account: that takes up to 20 minutes. The keys are not lost while the cluster or the key manager has them; where it has lost their material, all data under them is lost for good",
  commands: connection(drift),
});

/** `Creating` and `Updating` pass by themselves; `Unavailable` is a key store's. */
export const makeAvailable: StepOf = (drift) => {
  const at = keyAt(drift);
  const inStore = storeOf(drift) !== undefined;
  return {
    whatToDo: inStore
      ? "connect its custom key store as an administrator of the account, after a look at what AWS says of the connection"
      : "look again in a few minutes: AWS is at work on it; a state that stays is for AWS Support",
    commands: [...connection(drift), ...(at === undefined ? [] : [describeKey(at)])],
  };
};

export const restoreStore: StepOf = (drift, settings) => ({
  whatToDo: `find out who changed it (UpdateCustomKeyStore), before any of its keys is used: they read nothing through another cluster or proxy. AWS changes a key store only while it is disconnected, and its keys cannot be used meanwhile: disconnect it, apply ${drift.place.stack ?? "its stack"}, connect it`,
  commands: [
    lookUp(drift.place, "EventName", "UpdateCustomKeyStore"),
    ...applyOf(drift, settings),
    ...connection(drift).map(comment),
  ],
});

export const lookForStore: StepOf = (drift, settings) => ({
  ...applied(
    drift,
    settings,
    `find out who deleted it and what became of its keys, before anything is applied: AWS deletes a key store only when all its keys are deleted, and their data is lost for good. An apply of ${drift.place.stack ?? "its stack"} makes an empty one`,
  ),
  commands: [
    lookUp(drift.place, "EventName", "DeleteCustomKeyStore"),
    lookUp(drift.place, "EventName", "DeleteKey"),
    comment("only if it was never made, or its data is given up:"),
    ...applyOf(drift, settings).map(comment),
  ],
});

function storeOf({ subject }: Drift): string | undefined {
  return subject?.keyStoreId ?? subject?.key?.keyStoreId;
}

function connection(drift: Drift): string[] {
  const id = storeOf(drift);
  const { region } = drift.place;
  if (id === undefined || region === undefined) return [];
  const [store, at] = [shellWord(id), shellWord(region)];
  return [describeKeyStore(store, at), inAccount(drift.place, connectKeyStore(store, at))];
}
