"""What CloudFormation makes of each type of resource: calls of the service's own API, which refuses what it refuses.

A type has `create(call, properties, region)`, which answers the physical id and the attributes, `update(call, id, new,
old)` and `delete(call, id, properties)`. `call(service, region)` is a client; the stack's Region is the default. Types that
are not here fail the stack.
"""

import json

from moto.events.models import EventBusPolicyStatement, events_backends


class Fixed(Exception):
    """An update that CloudFormation refuses."""


def tags_of(properties, key="Key", value="Value"):
    return [{key: tag["Key"], value: tag["Value"]} for tag in properties.get("Tags", [])]


def key_and_value(properties):
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}


def retag(new, old, tag, untag):
    gone = sorted(set(key_and_value(old)) - set(key_and_value(new)))
    if gone:
        untag(gone)
    if new.get("Tags"):
        tag()


class Resource:
    # The property with the name that CloudFormation makes up where the template has none, and its longest.
    named = (None, 0)
    # Properties whose change makes another resource.
    replaces = ()
    # Properties whose change CloudFormation refuses.
    fixed = ()
    # Whether the stack's own tags come to it.
    tagged = False


# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
class KmsKey(Resource):
    fixed = ("KeySpec", "KeyUsage", "MultiRegion", "Origin")
    # And none that begins with aws: https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-kms, TagHelper
    tagged = True

    @staticmethod
    def create(call, properties, region):
        kms, options = call("kms"), {name: properties[name] for name in KmsKey.fixed if name in properties}
        key = kms.create_key(
            Policy=json.dumps(properties["KeyPolicy"]),
            Description=properties.get("Description", ""),
            Tags=tags_of(properties, "TagKey", "TagValue"),
            **options,
        )["KeyMetadata"]
        KmsKey.settle(kms, key["KeyId"], properties)
        return key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]}

    @staticmethod
    def settle(kms, key, properties):
        if properties.get("EnableKeyRotation"):
            days = properties.get("RotationPeriodInDays", 365)
            kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=int(days))
        if properties.get("Enabled") is False:
            kms.disable_key(KeyId=key)

    @staticmethod
    def update(call, key, new, old):
        kms = call("kms")
        KmsReplicaKey.update(call, key, new, old)
        if old.get("EnableKeyRotation") and not new.get("EnableKeyRotation"):
            kms.disable_key_rotation(KeyId=key)
        KmsKey.settle(kms, key, new)

    @staticmethod
    def delete(call, key, properties):
        call("kms").schedule_key_deletion(KeyId=key, PendingWindowInDays=int(properties.get("PendingWindowInDays", 30)))


class KmsReplicaKey(Resource):
    replaces = ("PrimaryKeyArn",)
    tagged = True

    @staticmethod
    def create(call, properties, region):
        primary = properties["PrimaryKeyArn"]
        key = call("kms", primary.split(":")[3]).replicate_key(
            KeyId=primary,
            ReplicaRegion=region,
            Policy=json.dumps(properties["KeyPolicy"]),
            Description=properties.get("Description", ""),
            Tags=tags_of(properties, "TagKey", "TagValue"),
        )["ReplicaKeyMetadata"]
        return key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]}

    @staticmethod
    def update(call, key, new, old):
        kms = call("kms")
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(new["KeyPolicy"]))
        kms.update_key_description(KeyId=key, Description=new.get("Description", ""))
        retag(
            new,
            old,
            lambda: kms.tag_resource(KeyId=key, Tags=tags_of(new, "TagKey", "TagValue")),
            lambda gone: kms.untag_resource(KeyId=key, TagKeys=gone),
        )

    delete = KmsKey.delete


class KmsAlias(Resource):
    replaces = ("AliasName",)

    @staticmethod
    def create(call, properties, region):
        call("kms").create_alias(AliasName=properties["AliasName"], TargetKeyId=properties["TargetKeyId"])
        return properties["AliasName"], {}

    @staticmethod
    def update(call, name, new, old):
        call("kms").update_alias(AliasName=name, TargetKeyId=new["TargetKeyId"])

    @staticmethod
    def delete(call, name, properties):
        call("kms").delete_alias(AliasName=name)


class IamRole(Resource):
    replaces = ("Path", "RoleName")

    @staticmethod
    def create(call, properties, region):
        iam = call("iam")
        boundary = properties.get("PermissionsBoundary")
        role = iam.create_role(
            RoleName=properties["RoleName"],
            Path=properties.get("Path", "/"),
            AssumeRolePolicyDocument=json.dumps(properties["AssumeRolePolicyDocument"]),
            Description=properties.get("Description", ""),
            MaxSessionDuration=int(properties.get("MaxSessionDuration", 3600)),
            Tags=tags_of(properties),
            **({"PermissionsBoundary": boundary} if boundary else {}),
        )["Role"]
        IamRole.policies(iam, role["RoleName"], properties, {})
        return role["RoleName"], {"Arn": role["Arn"], "RoleId": role["RoleId"]}

    @staticmethod
    def policies(iam, role, new, old):
        documents = {one["PolicyName"]: one["PolicyDocument"] for one in new.get("Policies", [])}
        for name in {one["PolicyName"] for one in old.get("Policies", [])} - set(documents):
            iam.delete_role_policy(RoleName=role, PolicyName=name)
        for name, document in documents.items():
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))
        for arn in set(old.get("ManagedPolicyArns", [])) - set(new.get("ManagedPolicyArns", [])):
            iam.detach_role_policy(RoleName=role, PolicyArn=arn)
        for arn in new.get("ManagedPolicyArns", []):
            iam.attach_role_policy(RoleName=role, PolicyArn=arn)

    @staticmethod
    def update(call, role, new, old):
        iam = call("iam")
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(new["AssumeRolePolicyDocument"]))
        iam.update_role(
            RoleName=role,
            Description=new.get("Description", ""),
            MaxSessionDuration=int(new.get("MaxSessionDuration", 3600)),
        )
        if new.get("PermissionsBoundary"):
            iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=new["PermissionsBoundary"])
        elif old.get("PermissionsBoundary"):
            iam.delete_role_permissions_boundary(RoleName=role)
        IamRole.policies(iam, role, new, old)
        retag(
            new,
            old,
            lambda: iam.tag_role(RoleName=role, Tags=tags_of(new)),
            lambda gone: iam.untag_role(RoleName=role, TagKeys=gone),
        )

    @staticmethod
    def delete(call, role, properties):
        iam = call("iam")
        IamRole.policies(iam, role, {}, properties)
        iam.delete_role(RoleName=role)


class IamManagedPolicy(Resource):
    replaces = ("ManagedPolicyName", "Path", "Description")

    @staticmethod
    def create(call, properties, region):
        arn = call("iam").create_policy(
            PolicyName=properties["ManagedPolicyName"],
            Path=properties.get("Path", "/"),
            Description=properties.get("Description", ""),
            PolicyDocument=json.dumps(properties["PolicyDocument"]),
            Tags=tags_of(properties),
        )["Policy"]["Arn"]
        return arn, {"PolicyArn": arn}

    @staticmethod
    def update(call, arn, new, old):
        iam = call("iam")
        IamManagedPolicy.drop_versions(iam, arn)
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(new["PolicyDocument"]), SetAsDefault=True)
        IamManagedPolicy.drop_versions(iam, arn)

    @staticmethod
    def drop_versions(iam, arn):
        for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
            if not version["IsDefaultVersion"]:
                iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])

    @staticmethod
    def delete(call, arn, properties):
        iam = call("iam")
        IamManagedPolicy.drop_versions(iam, arn)
        iam.delete_policy(PolicyArn=arn)


class IamRolePolicy(Resource):
    replaces = ("PolicyName", "RoleName")

    @staticmethod
    def create(call, properties, region):
        IamRolePolicy.update(call, "", properties, {})
        return properties["PolicyName"], {}

    @staticmethod
    def update(call, name, new, old):
        document = json.dumps(new["PolicyDocument"])
        call("iam").put_role_policy(RoleName=new["RoleName"], PolicyName=new["PolicyName"], PolicyDocument=document)

    @staticmethod
    def delete(call, name, properties):
        call("iam").delete_role_policy(RoleName=properties["RoleName"], PolicyName=properties["PolicyName"])


class Secret(Resource):
    replaces = ("Name",)

    @staticmethod
    def create(call, properties, region):
        arn = call("secretsmanager").create_secret(
            Name=properties["Name"],
            Description=properties.get("Description", ""),
            SecretString=properties["SecretString"],
            Tags=tags_of(properties),
            AddReplicaRegions=[{"Region": one["Region"]} for one in properties.get("ReplicaRegions", [])],
        )["ARN"]
        return arn, {"Id": arn}

    @staticmethod
    def update(call, arn, new, old):
        secrets = call("secretsmanager")
        secrets.update_secret(SecretId=arn, SecretString=new["SecretString"], Description=new.get("Description", ""))
        after, before = ({one["Region"] for one in each.get("ReplicaRegions", [])} for each in (new, old))
        if after - before:
            regions = [{"Region": region} for region in sorted(after - before)]
            secrets.replicate_secret_to_regions(SecretId=arn, AddReplicaRegions=regions)
        if before - after:
            secrets.remove_regions_from_replication(SecretId=arn, RemoveReplicaRegions=sorted(before - after))

    @staticmethod
    def delete(call, arn, properties):
        Secret.update(call, arn, {**properties, "ReplicaRegions": []}, properties)
        call("secretsmanager").delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)


class EventBus(Resource):
    replaces = ("Name",)

    @staticmethod
    def create(call, properties, region):
        made = call("events").create_event_bus(Name=properties["Name"], Tags=tags_of(properties))
        return properties["Name"], {"Arn": made["EventBusArn"], "Name": properties["Name"]}

    @staticmethod
    def update(call, name, new, old):
        pass

    @staticmethod
    def delete(call, name, properties):
        call("events").delete_event_bus(Name=name)


class EventBusPolicy(Resource):
    replaces = ("EventBusName", "StatementId")

    @staticmethod
    def create(call, properties, region):
        EventBusPolicy.update(call, "", properties, {})
        return properties["StatementId"], {}

    @staticmethod
    def update(call, name, new, old):
        # moto's PutPermission drops every statement with the same principal.
        sid, statement = new["StatementId"], new["Statement"]
        bus = EventBusPolicy.bus(call, new["EventBusName"])
        named = (statement[part] for part in ("Principal", "Action", "Resource", "Effect"))
        bus._statements[sid] = EventBusPolicyStatement(sid, *named, statement.get("Condition"))

    @staticmethod
    def bus(call, name):
        arn = call("events").describe_event_bus(Name=name)["Arn"].split(":")
        return events_backends[arn[4]][arn[3]].describe_event_bus(name)

    @staticmethod
    def delete(call, name, properties):
        EventBusPolicy.bus(call, properties["EventBusName"])._statements.pop(properties["StatementId"], None)


def check_target(arn):
    """AWS: a bus of another account or Region has to be there, with a policy. moto: takes any ARN."""
    _, _, _, region, account, resource = arn.split(":", 5)
    if resource.startswith("event-bus/"):
        bus = events_backends[account][region].event_buses.get(resource.removeprefix("event-bus/"))
        if bus is None or not bus.has_permissions():
            raise Fixed(f"{arn} is no bus that lets anybody in")


class EventRule(Resource):
    replaces = ("EventBusName", "Name")

    @staticmethod
    def create(call, properties, region):
        events, bus = call("events"), properties.get("EventBusName", "default")
        arn = events.put_rule(
            Name=properties["Name"],
            EventBusName=bus,
            EventPattern=json.dumps(properties["EventPattern"]),
            State=properties.get("State", "ENABLED"),
            Description=properties.get("Description", ""),
        )["RuleArn"]
        for target in properties.get("Targets", []):
            check_target(target["Arn"])
        if properties.get("Targets"):
            answer = events.put_targets(Rule=properties["Name"], EventBusName=bus, Targets=properties["Targets"])
            if answer["FailedEntryCount"]:
                raise Fixed(json.dumps(answer["FailedEntries"]))
        return properties["Name"], {"Arn": arn}

    @staticmethod
    def update(call, name, new, old):
        gone = {one["Id"] for one in old.get("Targets", [])} - {one["Id"] for one in new.get("Targets", [])}
        if gone:
            call("events").remove_targets(Rule=name, EventBusName=new.get("EventBusName", "default"), Ids=sorted(gone))
        EventRule.create(call, new, "")

    @staticmethod
    def delete(call, name, properties):
        events, bus = call("events"), properties.get("EventBusName", "default")
        if properties.get("Targets"):
            ids = [one["Id"] for one in properties["Targets"]]
            events.remove_targets(Rule=name, EventBusName=bus, Ids=ids)
        events.delete_rule(Name=name, EventBusName=bus)


class EventArchive(Resource):
    named = ("ArchiveName", 48)
    replaces = ("ArchiveName", "SourceArn")

    @staticmethod
    def create(call, properties, region):
        pattern = properties.get("EventPattern")
        arn = call("events").create_archive(
            ArchiveName=properties["ArchiveName"],
            EventSourceArn=properties["SourceArn"],
            RetentionDays=int(properties.get("RetentionDays", 0)),
            **({"EventPattern": json.dumps(pattern)} if pattern else {}),
        )["ArchiveArn"]
        return properties["ArchiveName"], {"Arn": arn, "ArchiveName": properties["ArchiveName"]}

    @staticmethod
    def update(call, name, new, old):
        call("events").update_archive(ArchiveName=name, RetentionDays=int(new.get("RetentionDays", 0)))

    @staticmethod
    def delete(call, name, properties):
        call("events").delete_archive(ArchiveName=name)


class BackupVault(Resource):
    replaces = ("BackupVaultName", "EncryptionKeyArn")

    @staticmethod
    def create(call, properties, region):
        key = properties.get("EncryptionKeyArn")
        arn = call("backup").create_backup_vault(
            BackupVaultName=properties["BackupVaultName"],
            BackupVaultTags=properties.get("BackupVaultTags", {}),
            **({"EncryptionKeyArn": key} if key else {}),
        )["BackupVaultArn"]
        return properties["BackupVaultName"], {
            "BackupVaultArn": arn,
            "BackupVaultName": properties["BackupVaultName"],
        }

    @staticmethod
    def update(call, name, new, old):
        pass

    @staticmethod
    def delete(call, name, properties):
        call("backup").delete_backup_vault(BackupVaultName=name)


class WaitConditionHandle(Resource):
    @staticmethod
    def create(call, properties, region):
        return f"https://cloudformation-waitcondition-{region}.s3.amazonaws.com/handle", {}

    @staticmethod
    def update(call, name, new, old):
        pass

    @staticmethod
    def delete(call, name, properties):
        pass


TYPES = {
    "AWS::Backup::BackupVault": BackupVault,
    "AWS::CloudFormation::WaitConditionHandle": WaitConditionHandle,
    "AWS::Events::Archive": EventArchive,
    "AWS::Events::EventBus": EventBus,
    "AWS::Events::EventBusPolicy": EventBusPolicy,
    "AWS::Events::Rule": EventRule,
    "AWS::IAM::ManagedPolicy": IamManagedPolicy,
    "AWS::IAM::Role": IamRole,
    "AWS::IAM::RolePolicy": IamRolePolicy,
    "AWS::KMS::Alias": KmsAlias,
    "AWS::KMS::Key": KmsKey,
    "AWS::KMS::ReplicaKey": KmsReplicaKey,
    "AWS::SecretsManager::Secret": Secret,
}
