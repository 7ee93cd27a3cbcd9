import type { KafkaAcl } from '@otn/contracts'
import { waitFor } from '@otn/testing'
import kafkajs, { type AclEntry } from 'kafkajs'

// Node sees only some names of this CommonJS module; the rest hangs on the default import.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs

const KNOWN_MS = 20_000
const OPERATIONS = {
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
  Describe: AclOperationTypes.DESCRIBE,
  DescribeConfigs: AclOperationTypes.DESCRIBE_CONFIGS,
} as const

const ANY = {
  resourceType: AclResourceTypes.ANY,
  resourcePatternType: ResourcePatternTypes.ANY,
  operation: AclOperationTypes.ANY,
  permissionType: AclPermissionTypes.ANY,
} as const

/** Who may do what at Kafka; resolves when the broker judges by it. */
export interface KafkaGrants extends AsyncDisposable {
  grant(user: string, acls: readonly KafkaAcl[]): Promise<void>
  revoke(user: string, acls: readonly KafkaAcl[]): Promise<void>
}

/** @param brokers the back door, by which everything may be done */
export async function openKafkaGrants(brokers: readonly string[]): Promise<KafkaGrants> {
  const options = { brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING }
  const admin = new kafkajs.Kafka(options).admin()
  await admin.connect()
  const until = async (user: string, acls: readonly KafkaAcl[], isGranted: boolean) => {
    const areKnown = async () => {
      const { resources } = await admin.describeAcls({ ...ANY, principal: `User:${user}` })
      const known = new Set(
        resources.flatMap((resource) =>
          resource.acls.map(({ operation }) => keyOf({ ...resource, operation })),
        ),
      )
      return acls.every((acl) => known.has(keyOf(entryOf(user, acl))) === isGranted)
    }
    await waitFor(areKnown, { timeoutMs: KNOWN_MS, describe: `the grants of ${user} to be known` })
  }
  return {
    grant: async (user, acls) => {
      await admin.createAcls({ acl: acls.map((it) => entryOf(user, it)) })
      await until(user, acls, true)
    },
    revoke: async (user, acls) => {
      await admin.deleteAcls({ filters: acls.map((it) => entryOf(user, it)) })
      await until(user, acls, false)
    },
    [Symbol.asyncDispose]: () => admin.disconnect(),
  }
}

type Key = Pick<AclEntry, 'resourceType' | 'resourceName' | 'resourcePatternType' | 'operation'>

function keyOf({ resourceType, resourceName, resourcePatternType, operation }: Key): string {
  return [resourceType, resourceName, resourcePatternType, operation].join()
}

function entryOf(user: string, { resource, name, pattern, operation }: KafkaAcl): AclEntry {
  return {
    resourceType: resource === 'topic' ? AclResourceTypes.TOPIC : AclResourceTypes.GROUP,
    resourceName: name,
    resourcePatternType:
      pattern === 'literal' ? ResourcePatternTypes.LITERAL : ResourcePatternTypes.PREFIXED,
    principal: `User:${user}`,
    host: '*',
    operation: OPERATIONS[operation],
    permissionType: AclPermissionTypes.ALLOW,
  }
}
