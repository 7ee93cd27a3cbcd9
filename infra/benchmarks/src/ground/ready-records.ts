/** Records as a service wrote them, for baselines that write the very same ones. */
import { readFileSync, writeFileSync } from 'node:fs'
import { type InRecord, openLog, silentLog } from '@otn/bus'
import type { TopicAlias } from '@otn/contracts'
import { type Deployment, logSettings } from '@otn/stack'

export interface ReadyRecord {
  readonly key: string
  readonly value: Buffer
  readonly headers: Readonly<Record<string, string>>
}

const CLOSE_MS = 5_000

/** Every record of a Kafka topic, up to its end now. */
export async function readRecords(
  deployment: Deployment,
  topic: TopicAlias,
): Promise<readonly ReadyRecord[]> {
  const { bus } = await openLog(logSettings(deployment), { clientId: 'bench', log: silentLog })
  const records: ReadyRecord[] = []
  try {
    const following = await bus.follow({
      topics: [topic],
      until: 'end',
      onBatch: (batch) => void records.push(...batch.records.map(ready)),
      onCrash: () => {},
    })
    await following.finished
  } finally {
    await bus.close(CLOSE_MS)
  }
  return records
}

function ready({ key, value, headers }: InRecord): ReadyRecord {
  const named = Object.entries(headers).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, text] as const],
  )
  return {
    key: String(key ?? ''),
    value: value ?? Buffer.alloc(0),
    headers: Object.fromEntries(named),
  }
}

/**
 * Groups of records as one call writes them. They come from the log partition by partition and are
 * dealt out like cards, so that the keys of a group lie as far apart as those of a webhook do.
 */
export function dealt(
  records: readonly ReadyRecord[],
  groups: number,
): readonly (readonly ReadyRecord[])[] {
  const dealt: ReadyRecord[][] = Array.from({ length: groups }, () => [])
  for (const [index, record] of records.entries()) dealt[index % groups]?.push(record)
  return dealt
}

/** For a process that is to write them: buffers do not go well through its channel. */
export function writeGroups(file: string, groups: readonly (readonly ReadyRecord[])[]): void {
  const lines = groups.map((group) =>
    JSON.stringify(
      group.map(({ value, ...rest }) => ({ ...rest, value: value.toString('base64') })),
    ),
  )
  writeFileSync(file, lines.join('\n'))
}

export function readGroups(file: string): readonly (readonly ReadyRecord[])[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.map((line) =>
    (JSON.parse(line) as (Omit<ReadyRecord, 'value'> & { readonly value: string })[]).map(
      ({ value, ...rest }) => ({ ...rest, value: Buffer.from(value, 'base64') }),
    ),
  )
}
