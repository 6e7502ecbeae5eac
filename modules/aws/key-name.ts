/** How people name a key. */
export type KeyName =
  | { readonly kind: "alias"; readonly alias: string; readonly place: NamedPlace | undefined }
  | { readonly kind: "id"; readonly id: string; readonly place: NamedPlace | undefined }
  /** Terraform's, as in `aws_kms_key.payments_prod_us-east-1`. */
  | { readonly kind: "address"; readonly address: string };

/** Of an ARN. */
export interface NamedPlace {
  readonly region: string;
  readonly accountId: string;
}

const id = /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** @returns undefined for what is none of them */
export function parseKeyName(text: string): KeyName | undefined {
  const arn = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):(key\/|alias\/)(\S+)$/.exec(text);
  if (arn !== null) {
    const [, region = "", accountId = "", kind, name = ""] = arn;
    const place = { region, accountId };
    if (kind === "alias/") return aliasName(`alias/${name}`, place);
    return id.test(name) ? { kind: "id", id: name, place } : undefined;
  }
  if (text.startsWith("arn:")) return undefined;
  if (id.test(text)) return { kind: "id", id: text, place: undefined };
  if (/^aws_kms_\w+\.[\w-]+$/.test(text)) return { kind: "address", address: text };
  return aliasName(text.startsWith("alias/") ? text : `alias/${text}`, undefined);
}

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
function aliasName(alias: string, place: NamedPlace | undefined): KeyName | undefined {
  return /^alias\/[\w/-]{1,250}$/.test(alias) ? { kind: "alias", alias, place } : undefined;
}
