/** What brings a key back, each by one call of AWS: none of them takes a key from anybody. */
export type KeyAct =
  | { readonly do: "cancel-deletion" | "enable" }
  | { readonly do: "put-policy"; readonly document: string }
  | { readonly do: "connect-key-store"; readonly id: string }
  | { readonly do: "create-alias"; readonly alias: string }
  /** @property from where the alias led when it was read */
  | { readonly do: "update-alias"; readonly alias: string; readonly from: string };
