"""An AWS emulator for the end-to-end tests: moto's server, put right where it answers otherwise than AWS does.

    python3 emulator.py [PORT] [--strict-roles]      # 0, the default, takes a free port

Listens on 127.0.0.1 only, prints `ready PORT` once it answers, logs one line a request on standard error, and ends when
its standard input does, so that it never outlives the tests that started it.

CloudFormation is not moto's: see emulator_stacks.py and emulator_stack_sets.py. With strict roles, a role's trust policy
decides who assumes it: see emulator_trust.py.

Each patch below says what AWS does and what moto 5.2 does instead. A patch whose target is gone from a newer moto fails
at the start, by name: then look whether moto does it right now.
"""

import base64
import copy
import fnmatch
import json
import os
import re
import sys
import threading
import time

import emulator_stack_sets  # noqa: F401 (it answers in place of moto)
import emulator_stacks
import emulator_trust
import moto
import moto.kms.models
import moto.kms.responses
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from emulator_patch import add, patch
from moto.core.exceptions import JsonRESTError
from moto.iam.models import iam_backends
from moto.kms.models import Grant, Key, KmsBackend, kms_backends
from moto.kms.responses import KmsResponse
from moto.moto_api._internal import mock_random
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.organizations.exceptions import ConstraintViolationException, PolicyTypeNotEnabledException
from moto.organizations.models import OrganizationsBackend
from moto.sts.exceptions import STSClientError
from moto.sts.models import STSBackend
from moto.utilities.utils import get_partition
from werkzeug.serving import WSGIRequestHandler, make_server


def parameters(response):
    return json.loads(response.body or "{}")


# --- KMS: which key a request means -----------------------------------------------------------------------------------

# https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
CROSS_ACCOUNT_ACTIONS = {
    *("CreateGrant", "DescribeKey", "GetKeyRotationStatus", "GetPublicKey", "ListGrants", "RetireGrant", "RevokeGrant"),
    *("Decrypt", "DeriveSharedSecret", "Encrypt", "GenerateDataKey", "GenerateDataKeyPair", "GenerateMac", "ReEncrypt"),
    *("GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyWithoutPlaintext", "Sign", "Verify", "VerifyMac"),
}
KEY_ARN = re.compile(r"^arn:(?P<partition>[\w-]+):kms:(?P<region>[\w-]+):(?P<account>\d{12}):(?P<resource>(key|alias)/.+)$")


# AWS: a key or alias ARN names the owner's account; the actions that work across accounts go there, the others are
#      denied. An ARN of another Region or partition than the endpoint's is "Invalid arn", never forwarded.
# moto: takes the id out of the ARN and looks it up in the caller's account and Region, whatever the ARN says; and some
#      actions (ScheduleKeyDeletion) know ids only and end in a server error when given an ARN.
@patch(KmsResponse)
def _authenticate_and_authorize_normal_action(original, self, resource):
    original(self, resource)
    action, body = self._get_action(), parameters(self)
    self.calling_account = self.current_account
    for name in ("KeyId", "TargetKeyId", "SourceKeyId", "DestinationKeyId"):
        arn = KEY_ARN.match(body.get(name) or "")
        if not arn:
            continue
        if arn["region"] != self.region or arn["partition"] != get_partition(self.region):
            raise JsonRESTError("NotFoundException", f"Invalid arn {arn['region']}")
        if arn["account"] != self.current_account and action not in CROSS_ACCOUNT_ACTIONS:
            raise JsonRESTError("AccessDeniedException", f"kms:{action} is not possible on another account's {arn[0]}")
        self.current_account = arn["account"]
        body[name] = arn["resource"].removeprefix("key/")
    # AWS: the only policy name there is may be left out. moto: finds no policy then.
    if action in ("GetKeyPolicy", "PutKeyPolicy"):
        body.setdefault("PolicyName", "default")
    self.body = json.dumps(body)
    # AWS: grants and key policies take a key's id or ARN, and no alias. moto: takes aliases, and a server error if none.
    if action in ("CreateGrant", "ListGrants", "RevokeGrant"):
        self._validate_cmk_id(body["KeyId"])
    for name in ("KeyId", "TargetKeyId"):
        check_key_state(find_key(self.kms_backend, body.get(name)), action)


def find_key(backend, name):
    """The key of that id or alias, or None."""
    return next((key for key in backend.keys.values() if name == key.id or name in key.aliases), None)


# AWS: a multi-Region key's id is `mrk-` and 32 hexadecimal digits.
# moto: puts dashes between, and can't decrypt what such a key encrypted, since its ciphertexts keep 36 characters of the id.
@patch(moto.kms.models)
def generate_key_id(original, multi_region=False):
    key_id = original(multi_region)
    return "mrk-" + key_id.removeprefix("mrk-").replace("-", "") if multi_region else key_id


@patch(KmsResponse)
def _validate_cmk_id(original, self, key_id):
    known = self.kms_backend.get_key_id(key_id) in self.kms_backend.keys
    if not known and re.fullmatch(r"mrk-[0-9a-f]{32}", key_id):
        raise JsonRESTError("NotFoundException", f"Key '{self._display_arn(key_id)}' does not exist")
    if not known:
        original(self, key_id)


# AWS: the ciphertext says which key made it, so Decrypt needs no key id, whichever account owns the key.
# moto: looks for that key in the caller's account only.
@patch(KmsBackend)
def decrypt(original, self, ciphertext_blob, encryption_context, key_id=None):
    made_by = ciphertext_blob[:36].decode("ascii", "replace")
    owners = [account[self.region_name] for account in list(kms_backends.values()) if self.region_name in account.keys()]
    owner = next((backend for backend in owners if made_by in backend.keys), self)
    check_key_state(find_key(owner, made_by), "Decrypt")
    return original(owner, ciphertext_blob, encryption_context, key_id)


# AWS: a key policy's Deny holds for the principals and conditions that it names.
# moto: fails DescribeKey for everyone as soon as any Deny covers it. Nothing else here enforces IAM, so neither does this.
@patch(moto.kms.responses)
def validate_policy(original, key, action):
    return None


# --- KMS: key states --------------------------------------------------------------------------------------------------

NEEDS_ENABLED = {
    *("CreateGrant", "DisableKeyRotation", "EnableKeyRotation", "GetPublicKey", "ReplicateKey", "RotateKeyOnDemand"),
    *("Decrypt", "DeriveSharedSecret", "Encrypt", "GenerateDataKey", "GenerateDataKeyPair", "GenerateMac", "ReEncrypt"),
    *("GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyWithoutPlaintext", "Sign", "Verify", "VerifyMac"),
}
NEEDS_MATERIAL = {*NEEDS_ENABLED, "DisableKey", "EnableKey"}
NEEDS_TO_STAY = {
    *(*NEEDS_MATERIAL, "CreateAlias", "GetParametersForImport", "ImportKeyMaterial", "ScheduleKeyDeletion", "TagResource"),
    *("UntagResource", "UpdateAlias", "UpdateKeyDescription"),
}
PENDING_DELETION = ("PendingDeletion", "PendingReplicaDeletion")


# AWS: a key's state says which actions it takes: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
# moto: takes every action on every key, and so takes a grant on a disabled key, or a tag on one that is pending deletion.
def check_key_state(key, action):
    if key is None:
        return
    if getattr(key, "valid_to", None) and key.valid_to <= time.time():
        forget_material(key)
    if key.key_state in PENDING_DELETION and action in NEEDS_TO_STAY:
        raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is pending deletion.")
    if key.key_state == "PendingImport" and action in NEEDS_MATERIAL:
        raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is pending import.")
    if key.key_state == "Disabled" and action in NEEDS_ENABLED:
        raise JsonRESTError("DisabledException", f"{key.arn} is disabled.")
    if key.key_state not in PENDING_DELETION and action == "CancelKeyDeletion":
        raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is not pending deletion.")


# AWS: a key whose deletion is cancelled is disabled, or waits for its material when it has none. moto: is disabled.
@patch(KmsBackend)
def cancel_key_deletion(original, self, key_id):
    original(self, key_id)
    key = self.keys[key_id]
    if not has_material(key):
        key.key_state = "PendingImport"


# --- KMS: kinds of keys -----------------------------------------------------------------------------------------------

# https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
KEY_USAGES = {
    r"SYMMETRIC_DEFAULT": ("ENCRYPT_DECRYPT",),
    r"RSA_.*": ("ENCRYPT_DECRYPT", "SIGN_VERIFY"),
    r"ECC_NIST_.*": ("SIGN_VERIFY", "KEY_AGREEMENT"),
    r"ECC_SECG_P256K1": ("SIGN_VERIFY",),
    r"HMAC_.*": ("GENERATE_VERIFY_MAC",),
    r"SM2": ("ENCRYPT_DECRYPT", "SIGN_VERIFY", "KEY_AGREEMENT"),
}


# AWS: a spec goes with some usages; all but the symmetric one have to be given a usage; SM2 is for China; a key in a custom
#      key store needs that store, and none can be made here.
# moto: takes any pair and any origin.
def check_key_kind(response):
    request = parameters(response)
    spec = request.get("KeySpec") or request.get("CustomerMasterKeySpec") or "SYMMETRIC_DEFAULT"
    usages = next((usages for pattern, usages in KEY_USAGES.items() if re.fullmatch(pattern, spec)), ())
    usage = request.get("KeyUsage") or ("ENCRYPT_DECRYPT" if spec == "SYMMETRIC_DEFAULT" else None)
    if usage is None:
        message = "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
        raise JsonRESTError("ValidationException", message)
    if usage not in usages:
        raise JsonRESTError("ValidationException", f"KeyUsage {usage} is not compatible with KeySpec {spec}")
    if spec == "SM2" and get_partition(response.region) != "aws-cn":
        raise JsonRESTError("ValidationException", f"KeySpec SM2 is not supported in {response.region}")
    if "CustomKeyStoreId" in request or request.get("Origin") in ("AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"):
        raise JsonRESTError("CustomKeyStoreNotFoundException", str(request.get("CustomKeyStoreId")))
    response.body = json.dumps({**request, "KeyUsage": usage})


# AWS: DescribeKey names the algorithms of the key's one usage, and when imported material ends.
# moto: names RSA's encryption algorithms for HMAC and key agreement, too, and never an end.
@patch(Key)
def to_dict(original, self):
    metadata = original(self)["KeyMetadata"]
    algorithms = {
        "EncryptionAlgorithms": metadata.pop("EncryptionAlgorithms", None) if self.key_usage == "ENCRYPT_DECRYPT" else None,
        "SigningAlgorithms": metadata.pop("SigningAlgorithms", None) if self.key_usage == "SIGN_VERIFY" else None,
        "MacAlgorithms": ["HMAC_SHA_" + self.key_spec[-3:]] if self.key_usage == "GENERATE_VERIFY_MAC" else None,
        "KeyAgreementAlgorithms": ["ECDH"] if self.key_usage == "KEY_AGREEMENT" else None,
    }
    material = {"ExpirationModel": getattr(self, "expiration_model", None), "ValidTo": getattr(self, "valid_to", None)}
    for name in algorithms:
        metadata.pop(name, None)
    return {"KeyMetadata": {**metadata, **{name: value for name, value in {**algorithms, **material}.items() if value}}}


# --- KMS: imported key material ---------------------------------------------------------------------------------------

WRAPPING_BITS = {"RSA_2048": 2048, "RSA_3072": 3072, "RSA_4096": 4096}
WRAPPING_HASHES = {"RSAES_OAEP_SHA_1": hashes.SHA1, "RSAES_OAEP_SHA_256": hashes.SHA256}
TOKEN_SECONDS = 24 * 60 * 60
SYMMETRIC_BYTES = 32


def has_material(key):
    return key.origin != "EXTERNAL" or key.expiration_model is not None


def forget_material(key):
    key.key_material = key.expiration_model = key.valid_to = None
    if key.key_state not in PENDING_DELETION:
        key.enabled, key.key_state = False, "PendingImport"


def external_key(response):
    request = parameters(response)
    response._validate_cmk_id(request["KeyId"])
    key = response.kms_backend.keys[request["KeyId"]]
    if key.origin != "EXTERNAL":
        message = f"{key.arn} origin is {key.origin} which is not valid for this operation."
        raise JsonRESTError("UnsupportedOperationException", message)
    return key, request


# AWS: answers a public key to wrap the material with, and a token that goes with it for a day. moto: has no such action.
@add(KmsResponse)
def get_parameters_for_import(self):
    key, request = external_key(self)
    if request["WrappingAlgorithm"] not in WRAPPING_HASHES or request["WrappingKeySpec"] not in WRAPPING_BITS:
        raise JsonRESTError("ValidationException", f"not supported by this emulator: {request['WrappingAlgorithm']}")
    wrapping_key = rsa.generate_private_key(public_exponent=65537, key_size=WRAPPING_BITS[request["WrappingKeySpec"]])
    public_key = wrapping_key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    token = base64.b64encode(os.urandom(SYMMETRIC_BYTES)).decode()
    valid_to = time.time() + TOKEN_SECONDS
    key.import_tokens = {**key.import_tokens, token: (wrapping_key, WRAPPING_HASHES[request["WrappingAlgorithm"]])}
    return json.dumps(
        {
            "KeyId": key.arn,
            "ImportToken": token,
            "PublicKey": base64.b64encode(public_key).decode(),
            "ParametersValidTo": valid_to,
        }
    )


# AWS: a key takes the material that it or a related key was given first, and no other ever; material expires unless the
#      request says that it does not. moto: has no such action.
@add(KmsResponse)
def import_key_material(self):
    key, request = external_key(self)
    wrapping_key, digest = key.import_tokens.get(request["ImportToken"], (None, None))
    if wrapping_key is None:
        raise JsonRESTError("InvalidImportTokenException", f"not a token of {key.arn}")
    oaep = padding.OAEP(mgf=padding.MGF1(algorithm=digest()), algorithm=digest(), label=None)
    try:
        material = wrapping_key.decrypt(base64.b64decode(request["EncryptedKeyMaterial"]), oaep)
    except ValueError:
        raise JsonRESTError("InvalidCiphertextException", "not encrypted with the token's public key") from None
    first = next((related.first_material for related in related_keys(key) if related.first_material), material)
    if len(material) != SYMMETRIC_BYTES or material != first:
        raise JsonRESTError("IncorrectKeyMaterialException", f"not the material of {key.arn}")
    model, valid_to = request.get("ExpirationModel", "KEY_MATERIAL_EXPIRES"), request.get("ValidTo")
    if (model == "KEY_MATERIAL_EXPIRES") != (valid_to is not None) or (valid_to or time.time() + 1) <= time.time():
        raise JsonRESTError("ValidationException", f"ValidTo {valid_to} does not go with {model}")
    key.key_material = key.first_material = material
    key.expiration_model, key.valid_to = model, valid_to
    if key.key_state == "PendingImport":
        key.enabled, key.key_state = True, "Enabled"
    return json.dumps({"KeyId": key.arn})


# AWS: takes the material away, and the key waits for it as it did when it was new. moto: has no such action.
@add(KmsResponse)
def delete_imported_key_material(self):
    key, _ = external_key(self)
    forget_material(key)
    return json.dumps({"KeyId": key.arn})


# AWS: makes a custom key store for a CloudHSM cluster or an external key manager; there is neither here.
# moto: ends in a server error, which the Terraform provider repeats for more than ten minutes.
@add(KmsResponse)
def create_custom_key_store(self):
    raise JsonRESTError("UnsupportedOperationException", "This emulator has no custom key stores.")


@add(KmsResponse)
def describe_custom_key_stores(self):
    return json.dumps({"CustomKeyStores": [], "Truncated": False})


# --- KMS: key policies ------------------------------------------------------------------------------------------------

KEY_POLICY_BYTES = 32_768


def as_list(value):
    return value if isinstance(value, list) else [value]


def policy_principals(statement):
    principal = statement.get("Principal", {})
    return as_list(principal.get("AWS", [])) if isinstance(principal, dict) else [principal]


def principal_exists(principal, partition):
    """Roles and users have to be there; accounts (id or root ARN) and `*` need nothing."""
    if principal == "*" or re.fullmatch(r"\d{12}", principal):
        return True
    arn = re.match(rf"^arn:{partition}:iam::(\d{{12}}):(root$|role/.+|user/.+)", principal)
    if not arn:
        return False
    iam = iam_backends[arn[1]][partition]
    known = {"root": [], "role": iam.get_roles(), "user": iam.users.values()}[arn[2].split("/")[0]]
    return arn[2] == "root" or any(identity.arn == principal for identity in known)


def keeps_put_key_policy(statement, administrators):
    return (
        statement.get("Effect") == "Allow"
        and any(fnmatch.fnmatchcase("kms:putkeypolicy", action.lower()) for action in as_list(statement.get("Action", [])))
        and any(principal in administrators for principal in policy_principals(statement))
    )


# AWS: refuses a key policy that is too long, that names a principal which does not exist (or lives in another
#      partition), or after which the caller could not put a policy any more.
# moto: stores anything. Conditions are not looked at here: a statement with one counts as if it held.
def check_key_policy(response):
    request = parameters(response)
    if "Policy" not in request:
        return
    if len(request["Policy"].encode()) > KEY_POLICY_BYTES:
        raise JsonRESTError("LimitExceededException", f"The key policy is longer than {KEY_POLICY_BYTES} bytes.")
    account, partition = response.current_account, get_partition(response.region)
    try:
        statements = as_list(json.loads(request["Policy"])["Statement"])
    except (ValueError, KeyError, TypeError):
        raise JsonRESTError("MalformedPolicyDocumentException", "The key policy is no policy document.") from None
    for principal in (name for statement in statements for name in policy_principals(statement)):
        if not principal_exists(principal, partition):
            message = f"Policy contains a statement with one or more invalid principals: {principal}"
            raise JsonRESTError("MalformedPolicyDocumentException", message)
    access_key = iam_backends[account][partition].access_keys.get(response.access_key)
    administrators = {"*", account, f"arn:{partition}:iam::{account}:root", getattr(access_key, "role_arn", None)}
    if not request.get("BypassPolicyLockoutSafetyCheck") and not any(
        keeps_put_key_policy(statement, administrators) for statement in statements
    ):
        message = "The new key policy will not allow you to update the key policy in the future."
        raise JsonRESTError("MalformedPolicyDocumentException", message)


@patch(KmsResponse)
def create_key(original, self):
    check_key_kind(self)
    check_key_policy(self)
    return original(self)


@patch(KmsResponse)
def put_key_policy(original, self):
    check_key_policy(self)
    return original(self)


# AWS: a key made by CloudFormation answers its policy as JSON text; one of EXTERNAL origin has no material at first.
# moto: keeps the template's object, and makes material for every key.
@patch(Key)
def __init__(original, self, policy, *args, **kwargs):
    original(self, json.dumps(policy) if isinstance(policy, dict) else policy, *args, **kwargs)
    without_material(self)


def without_material(key):
    if key.origin == "EXTERNAL":
        key.import_tokens, key.first_material = {}, None
        forget_material(key)


# --- KMS: multi-Region keys -------------------------------------------------------------------------------------------


def related_keys(key):
    """The primary, then its replicas by Region; the key alone when it is a single-Region key."""
    related = [regional.keys[key.id] for regional in list(kms_backends[key.account_id].values()) if key.id in regional.keys]
    return sorted(related or [key], key=lambda one: (one.region != primary_region(one), one.region))


def primary_region(key):
    return getattr(key, "primary_region", key.region)


def multi_region_configuration(key):
    primary, *replicas = ({"Arn": one.arn, "Region": one.region} for one in related_keys(key))
    kind = "PRIMARY" if key.region == primary_region(key) else "REPLICA"
    return {"MultiRegionKeyType": kind, "PrimaryKey": primary, "ReplicaKeys": replicas}


# AWS: DescribeKey tells a primary from its replicas, and lists them all at each.
# moto: shares one object between them and flips it to REPLICA for all once a replica was described.
Key.multi_region_configuration = property(multi_region_configuration, lambda key, value: None)


# AWS: a replica shares id, material, spec, usage and rotation with its primary, and nothing else: policy (the default
#      one when none is given), tags, description, aliases, grants and state are its own, and so is the import of material.
#      One replica a Region.
# moto: shares aliases and grants, copies policy and description, ignores Policy, Description and Tags, and answers a
#      second ReplicateKey with the first replica, made anew.
@patch(KmsResponse)
def replicate_key(original, self):
    check_key_policy(self)
    request = parameters(self)
    self._validate_cmk_id(request["KeyId"])
    primary = self.kms_backend.keys[request["KeyId"]]
    region = request["ReplicaRegion"]
    if not primary.multi_region or primary.region != primary_region(primary):
        raise JsonRESTError("UnsupportedOperationException", f"{primary.arn} is not a multi-Region primary key.")
    if region == primary.region or get_partition(region) != get_partition(primary.region):
        raise JsonRESTError("ValidationException", f"A replica of {primary.arn} can't be in {region}.")
    target = kms_backends[self.current_account][region]
    if primary.id in target.keys:
        raise JsonRESTError("AlreadyExistsException", f"{primary.arn} has a replica in {region} already.")
    replica = copy.copy(primary)
    replica.region, replica.primary_region = region, primary.region
    replica.arn = primary.arn.replace(f":{primary.region}:", f":{region}:")
    replica.policy = request.get("Policy") or replica.generate_default_policy()
    replica.description = request.get("Description", "")
    replica.aliases, replica.grants = {}, {}
    replica.enabled, replica.key_state, replica.deletion_date = True, "Enabled", None
    without_material(replica)
    target.keys[replica.id] = replica
    target.tag_resource(replica.id, request.get("Tags", []))
    metadata = replica.to_dict()["KeyMetadata"]
    return json.dumps(
        {"ReplicaKeyMetadata": metadata, "ReplicaPolicy": replica.policy, "ReplicaTags": request.get("Tags", [])}
    )


# AWS: a primary with replicas waits as PendingReplicaDeletion until the last replica is gone.
# moto: starts its waiting period at once.
@patch(KmsResponse)
def schedule_key_deletion(original, self):
    answer = json.loads(original(self))
    key = self.kms_backend.keys[parameters(self)["KeyId"]]
    if key.region == primary_region(key) and len(related_keys(key)) > 1:
        key.key_state, key.deletion_date = "PendingReplicaDeletion", None
        del answer["DeletionDate"]
    return json.dumps({**answer, "KeyId": key.arn, "KeyState": key.key_state})


def end_waiting_periods():
    """Deletes every key that is pending deletion, as AWS does when its day has come; its aliases and grants go with it."""
    for regions in list(kms_backends.values()):
        for backend in list(regions.values()):
            for key_id in [key.id for key in backend.keys.values() if key.key_state == "PendingDeletion"]:
                del backend.keys[key_id]


# --- KMS: rotation ----------------------------------------------------------------------------------------------------

ROTATION_DAYS = range(90, 2561)
DEFAULT_ROTATION_DAYS = 365
# https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html
ON_DEMAND_ROTATIONS = 25


# AWS: EnableKeyRotation takes RotationPeriodInDays, for primaries and single-Region keys of symmetric AWS_KMS material.
# moto: forgets the period and takes any key.
@patch(KmsResponse)
def enable_key_rotation(original, self):
    request = parameters(self)
    self._validate_cmk_id(request["KeyId"])
    key = self.kms_backend.keys[request["KeyId"]]
    days = request.get("RotationPeriodInDays", DEFAULT_ROTATION_DAYS)
    if days not in ROTATION_DAYS:
        raise JsonRESTError("ValidationException", f"RotationPeriodInDays must be 90 to 2560, got {days}")
    if key.region != primary_region(key) or key.key_spec != "SYMMETRIC_DEFAULT" or key.origin != "AWS_KMS":
        raise JsonRESTError("UnsupportedOperationException", f"Automatic rotation can't be set on {key.arn}.")
    key.rotation_period_in_days = days
    return original(self)


# AWS: answers the period while rotation is on; replicas show what is set on their primary; imported material has none.
# moto: never answers the period (the Terraform provider then waits 10 minutes for it).
@patch(KmsResponse)
def get_key_rotation_status(original, self):
    original(self)
    primary = related_keys(self.kms_backend.keys[parameters(self)["KeyId"]])[0]
    if primary.origin != "AWS_KMS":
        raise JsonRESTError("UnsupportedOperationException", f"{primary.arn} origin is {primary.origin}.")
    answer = {"KeyId": primary.id, "KeyRotationEnabled": primary.key_rotation_status}
    if primary.key_rotation_status:
        answer["RotationPeriodInDays"] = getattr(primary, "rotation_period_in_days", DEFAULT_ROTATION_DAYS)
    return json.dumps(answer)


# AWS: RotateKeyOnDemand takes primaries and single-Region keys of symmetric AWS_KMS material, 25 times a key.
# moto: takes any key, any number of times.
@patch(KmsResponse)
def rotate_key_on_demand(original, self):
    request = parameters(self)
    self._validate_cmk_id(request["KeyId"])
    key = self.kms_backend.keys[request["KeyId"]]
    if key.region != primary_region(key) or key.key_spec != "SYMMETRIC_DEFAULT" or key.origin != "AWS_KMS":
        raise JsonRESTError("UnsupportedOperationException", f"{key.arn} can't be rotated on demand.")
    if len(key.rotations) >= ON_DEMAND_ROTATIONS:
        raise JsonRESTError("LimitExceededException", f"{key.arn} was rotated on demand {ON_DEMAND_ROTATIONS} times.")
    return original(self)


# --- KMS: grants ------------------------------------------------------------------------------------------------------


# AWS: answers a grant's key as an ARN, when it was made and by which account, and leaves out what was not set.
# moto: answers the id, and `null` or `{}` for what was not set; provider 5.100 panics on `"Constraints": null`.
@patch(Grant)
def to_json(original, self):
    constraints = {name: pairs for name, pairs in (self.constraints or {}).items() if pairs}
    made = {"CreationDate": self.creation_date, "IssuingAccount": self.issuing_account}
    answer = {**original(self), **made, "KeyId": self.key_arn, "Constraints": constraints}
    return {name: value for name, value in answer.items() if value}


GRANT_ID_DIGITS = 64


# AWS: a grant's id has 64 hexadecimal digits. moto: eight.
@patch(Grant)
def __init__(original, self, *args, **kwargs):
    original(self, *args, **kwargs)
    self.id = os.urandom(GRANT_ID_DIGITS // 2).hex()
    self.creation_date, self.issuing_account = int(time.time()), None


# AWS: the issuing account is the caller's, whoever owns the key. moto: does not know it.
@patch(KmsResponse)
def create_grant(original, self):
    answer = original(self)
    grant = find_key(self.kms_backend, self._get_param("KeyId")).grants[json.loads(answer)["GrantId"]]
    issuer = f"arn:{get_partition(self.region)}:iam::{self.calling_account}:root"
    grant.issuing_account = grant.issuing_account or issuer
    return answer


# https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations
OPERATIONS_OF_ALL = {"CreateGrant", "DescribeKey", "RetireGrant"}
OPERATIONS_OF_USAGES = {
    "ENCRYPT_DECRYPT": {"Decrypt", "Encrypt", "ReEncryptFrom", "ReEncryptTo"},
    "SIGN_VERIFY": {"Sign", "Verify"},
    "GENERATE_VERIFY_MAC": {"GenerateMac", "VerifyMac"},
    "KEY_AGREEMENT": {"DeriveSharedSecret"},
}
OPERATIONS_OF_SYMMETRIC = {
    *("GenerateDataKey", "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyWithoutPlaintext"),
}
SERVICE_PRINCIPAL = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")


def check_grant_operations(key, operations, constraints):
    symmetric = key.key_spec == "SYMMETRIC_DEFAULT"
    asymmetric = not symmetric and not key.key_spec.startswith("HMAC_")
    possible = {
        *(*OPERATIONS_OF_ALL, *OPERATIONS_OF_USAGES[key.key_usage]),
        *(OPERATIONS_OF_SYMMETRIC if symmetric else ()),
        *(["GetPublicKey"] if asymmetric else []),
    }
    if not possible.issuperset(operations) or (constraints and not symmetric):
        message = f"{sorted(set(operations) - possible)} or the constraints are not possible on a {key.key_spec} key"
        raise JsonRESTError("ValidationException", message)


# AWS: the grantee and the retiring principal are services, or have to exist; the key has to be able to do what is granted;
#      and a grant with the same name and content is the same grant: its id comes back.
# moto: takes any principal and operation, and makes a second grant.
@patch(Key)
def add_grant(original, self, name, grantee_principal, operations, constraints, retiring_principal):
    check_grant_operations(self, operations, constraints)
    for principal in filter(None, (grantee_principal, retiring_principal)):
        if not SERVICE_PRINCIPAL.fullmatch(principal) and not principal_exists(principal, get_partition(self.region)):
            raise JsonRESTError("InvalidArnException", f"ARN does not refer to a valid principal: {principal}")
    content = (name, grantee_principal, sorted(operations), constraints, retiring_principal)
    for grant in self.grants.values() if name else ():
        known = (grant.name, grant.grantee_principal, sorted(grant.operations), grant.constraints, grant.retiring_principal)
        if known == content:
            return grant
    grant = original(self, name, grantee_principal, operations, constraints, retiring_principal)
    grant.key_arn = self.arn
    return grant


# AWS: a grant's id has 64 hexadecimal digits. moto: has 8.
@patch(Grant)
def __init__(original, self, *args, **kwargs):
    original(self, *args, **kwargs)
    self.id = mock_random.get_random_hex(64)


# --- STS --------------------------------------------------------------------------------------------------------------


# AWS: no role of one partition can be assumed through an endpoint of another.
# moto: takes the account id from the ARN and ignores the partition.
@patch(STSBackend)
def assume_role(original, self, region_name, role_session_name, role_arn, *args, **kwargs):
    if not role_arn.startswith(f"arn:{get_partition(region_name)}:iam::"):
        raise STSClientError("AccessDenied", f"{role_arn} can't be assumed in {region_name}: another partition")
    return original(self, region_name, role_session_name, role_arn, *args, **kwargs)


# --- Organizations ----------------------------------------------------------------------------------------------------

# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
CONTROL_POLICIES = ("RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY")
CONTROL_POLICY_CHARACTERS = 5120
POLICIES_A_TARGET = 5


# AWS: keeps a policy's text as it is given, white space included, and refuses one that is too long.
# moto: takes any length.
def check_policy_content(policy_type, content):
    if policy_type in CONTROL_POLICIES and len(content or "") > CONTROL_POLICY_CHARACTERS:
        raise ConstraintViolationException(f"POLICY_CONTENT_LIMIT_EXCEEDED: {len(content)} characters")


@patch(OrganizationsBackend)
def create_policy(original, self, **kwargs):
    check_policy_content(kwargs["Type"], kwargs["Content"])
    return original(self, **kwargs)


@patch(OrganizationsBackend)
def update_policy(original, self, **kwargs):
    check_policy_content(self.get_policy_by_id(kwargs["PolicyId"]).type, kwargs.get("Content"))
    return original(self, **kwargs)


# AWS: a type of policy has to be enabled on the root before one of it can be attached, and a target takes five of a type,
#      AWS's own among them, which is on every root, OU and account.
# moto: attaches any number of any type, and AWS's own to no OU.
@patch(OrganizationsBackend)
def attach_policy(original, self, **kwargs):
    policy = self.get_policy_by_id(kwargs["PolicyId"])
    if not policy.aws_managed and policy.type in CONTROL_POLICIES:
        if all(enabled["Type"] != policy.type for enabled in self.ou[0].policy_types):
            raise PolicyTypeNotEnabledException
        target = next((one for one in [*self.ou, *self.accounts] if one.id == kwargs["TargetId"]), None)
        attached = [one for one in target.attached_policies if one.type == policy.type] if target else []
        own = [one for one in attached if not one.aws_managed and one is not policy]
        if len(own) >= POLICIES_A_TARGET - 1:
            raise ConstraintViolationException("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
    return original(self, **kwargs)


# --- The server -------------------------------------------------------------------------------------------------------


# Tests ask for it: the days of an emulator do not pass.
END_WAITING_PERIODS = "/emulator/end-waiting-periods"


class OneAtATime:
    """moto's stores are plain dicts, read and written by whichever thread: requests take turns, so none sees a half."""

    def __init__(self, application):
        self.application = application
        self.turn = threading.Lock()

    def __call__(self, environ, start_response):
        with self.turn:
            if environ["PATH_INFO"] == END_WAITING_PERIODS:
                end_waiting_periods()
                start_response("204 No Content", [])
                return []
            return self.application(environ, start_response)


class Handler(WSGIRequestHandler):
    def log_request(self, code="-", size="-"):
        scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)", self.headers.get("Authorization", ""))
        action = self.headers.get("X-Amz-Target", f"{self.command} {self.path}")
        self.log("info", "%s %s %s", code, "/".join(scope.groups()) if scope else "-", action)


def main():
    arguments = sys.argv[1:]
    if "--strict-roles" in arguments:
        arguments.remove("--strict-roles")
        emulator_trust.be_strict()
    port = int(arguments[0]) if arguments else 0
    application = OneAtATime(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    emulator_stacks.serve_at(server.server_port)
    print(f"ready {server.server_port}", flush=True)
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
