import type { OutRecord } from '@otn/bus'
import type { Bytes } from './bytes.ts'
import type { Judge } from './judge.ts'
import type { Place } from './kafka.ts'

/** Tells the judge what stands on the log, as soon as it stands there. */
export function recordSeen({
  bytes: { codec },
  judge,
  tell,
}: {
  readonly bytes: Bytes
  readonly judge: Judge
  readonly tell: (line: () => string) => void
}): (record: OutRecord, place: Place & { readonly offset: number }) => void {
  return ({ topic, value }, { partition, offset }) => {
    if (topic === 'notification') {
      const decoded = codec.decode('NotificationEvent', value)
      if (decoded.kind !== 'known') return
      const fact = decoded.value
      tell(() => {
        const said = [fact.type, fact.commandId, fact.attempt, fact.tokenId, fact.reason]
        return `log ${topic}/${partition}@${offset} ${said.join(' ')}`
      })
      return judge.told(fact)
    }
    tell(() => `log ${topic}/${partition}@${offset}`)
    if (topic === 'notify') {
      const command = codec.decode('Notify', value)
      if (command.kind === 'known') judge.received(command.value.commandId)
    }
    if (topic === 'optIn') {
      const consent = codec.decode('OptInReceived', value)
      if (consent.kind === 'known') judge.consented(consent.value)
    }
    const told = topic === 'token' ? codec.decode('TokenEvent', value) : null
    if (told?.kind === 'known') judge.toldOfTokens(told.value)
  }
}
