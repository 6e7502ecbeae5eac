"""Who may assume which role, for tests that are about that: moto lets anybody assume any role, there or not.

AWS: a role has to exist, and its trust policy decides. With strict roles so does the emulator's STS. Only the emulator's own
credentials, which belong to no role, go everywhere: they are the tests' way in. Conditions that are not known here never hold.
"""

import fnmatch
import json

from emulator_patch import patch
from moto.iam.models import iam_backends
from moto.organizations.models import organizations_backends
from moto.sts.exceptions import STSClientError
from moto.sts.responses import TokenResponse
from moto.utilities.utils import get_partition


def as_list(value):
    return value if isinstance(value, list) else [value]


def equal(found, wanted):
    return found in wanted


def like(found, wanted):
    return any(fnmatch.fnmatchcase(found, pattern) for pattern in wanted)


OPERATORS = {"StringEquals": equal, "ArnEquals": like, "ArnLike": like, "StringLike": like}


def holds(condition, context):
    for operator, keys in condition.items():
        for key, wanted in keys.items():
            wanted, found = as_list(wanted), context.get(key.lower())
            if operator == "Null":
                if (found is None) != (str(wanted[0]).lower() == "true"):
                    return False
            elif operator == "ForAllValues:StringEquals":
                if not all(one in wanted for one in as_list(found or [])):
                    return False
            elif operator not in OPERATORS or found is None or not OPERATORS[operator](found, wanted):
                return False
    return True


def trusts(statement, actions, principals, context):
    named = statement.get("Principal", {})
    named = as_list(named.get("AWS", [])) if isinstance(named, dict) else [named]
    return (
        statement["Effect"] == "Allow"
        and all(action in as_list(statement["Action"]) for action in actions)
        and any(one == "*" or one in principals for one in named)
        and holds(statement.get("Condition", {}), context)
    )


def allowed(statements, tags, principals, context):
    actions = ["sts:AssumeRole", *(["sts:TagSession"] if tags else [])]
    # Each action may be in a statement of its own.
    return all(any(trusts(one, [action], principals, context) for one in statements) for action in actions)


def role_of(arn, partition):
    iam = iam_backends[arn.split(":")[4]][partition]
    return next((role for role in iam.get_roles() if role.arn == arn), None)


def check_trust(response):
    account, partition = response.current_account, get_partition(response.region)
    key = iam_backends[account][partition].access_keys.get(response.access_key)
    caller = getattr(key, "role_arn", None)
    if caller is None:
        return
    wanted = response._get_param("RoleArn")
    role = role_of(wanted, partition)
    tags = {tag["Key"]: tag["Value"] for tag in response._get_param("Tags", [])}
    management = organizations_backends.master_accounts.get(account, (account, partition))[0]
    organization = organizations_backends[management][partition].org
    context = {
        "aws:principalarn": caller,
        "aws:principalaccount": account,
        "aws:principalorgid": organization.id if organization else None,
        "sts:externalid": response._get_param("ExternalId"),
        "aws:tagkeys": sorted(tags),
        **{f"aws:requesttag/{name}".lower(): value for name, value in tags.items()},
    }
    principals = {account, f"arn:{partition}:iam::{account}:root", caller}
    if role is None or not allowed(as_list(policy(role)["Statement"]), tags, principals, context):
        raise STSClientError("AccessDenied", f"User: {caller} is not authorized to perform: sts:AssumeRole on {wanted}")


def policy(role):
    document = role.assume_role_policy_document
    return json.loads(document) if isinstance(document, str) else document


def be_strict():
    @patch(TokenResponse)
    def assume_role(original, self):
        check_trust(self)
        return original(self)
