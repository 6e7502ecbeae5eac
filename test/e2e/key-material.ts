import { constants, createPublicKey, publicEncrypt } from "node:crypto";
import { GetParametersForImportCommand, ImportKeyMaterialCommand, type KMSClient } from "@aws-sdk/client-kms";

/**
 * Imports key material as a custodian does: wrapped with the public key that KMS gives for it.
 *
 * @param validTo When the material ends; never, when left out.
 */
export async function importKeyMaterial(
  kms: KMSClient,
  KeyId: string,
  material: Buffer,
  validTo?: Date,
): Promise<void> {
  const wrapping = { WrappingAlgorithm: "RSAES_OAEP_SHA_256", WrappingKeySpec: "RSA_2048" } as const;
  const { PublicKey, ImportToken } = await kms.send(new GetParametersForImportCommand({ KeyId, ...wrapping }));
  const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: "der", type: "spki" });
  const EncryptedKeyMaterial = publicEncrypt(
    { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" },
    material,
  );
  const expiry = validTo
    ? ({ ExpirationModel: "KEY_MATERIAL_EXPIRES", ValidTo: validTo } as const)
    : ({ ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE" } as const);
  await kms.send(new ImportKeyMaterialCommand({ KeyId, ImportToken, EncryptedKeyMaterial, ...expiry }));
}
