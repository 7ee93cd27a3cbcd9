import type { OutRecord } from '@otn/bus'
import type { Bytes } from './bytes.ts'
import type { Judge } from './judge.ts'
import { factOf } from './judge-parts.ts'
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
    if (topic === 'notification' || topic === 'optInRequestEvent') {
      const asks = topic === 'optInRequestEvent'
      const decoded = codec.decode(asks ? 'OptInRequestEvent' : 'NotificationEvent', value)
      if (decoded.kind !== 'known') return
      const fact = factOf(decoded.value, asks)
      tell(() => {
        const said = [fact.type, fact.commandId, fact.attempt, fact.tokenId, fact.reason]
        return `log ${topic}/${partition}@${offset} ${said.join(' ')}`
      })
      return judge.told(fact)
    }
    tell(() => `log ${topic}/${partition}@${offset}`)
    if (topic === 'notify' || topic === 'optInRequest') {
      const command = codec.decode(topic === 'notify' ? 'Notify' : 'RequestOptIn', value)
      if (command.kind === 'known') judge.received(command.value)
    }
    if (topic === 'engagement') {
      const engaged = codec.decode('EngagementEvent', value)
      if (engaged.kind === 'known') judge.engaged(engaged.value)
    }
    if (topic === 'optIn') {
      const consent = codec.decode('OptInReceived', value)
      if (consent.kind === 'known') judge.consented(consent.value)
    }
    const told = topic === 'token' ? codec.decode('TokenEvent', value) : null
    if (told?.kind === 'known') judge.toldOfTokens(told.value)
  }
}
