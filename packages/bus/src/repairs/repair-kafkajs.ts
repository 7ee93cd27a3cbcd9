import { repairIdleTimer } from './idle-timer.ts'
import { requireRepairedVersion } from './kafkajs-version.ts'
import { repairLeaderlessMetadata } from './leaderless-metadata.ts'
import { repairRefusals } from './named-refusals.ts'

let isRepaired = false

/** Mends what kafkajs 2.2.4 cannot be configured around. Done once per process, before a client. */
export function repairKafkajs(): void {
  if (isRepaired) return
  requireRepairedVersion()
  repairIdleTimer()
  repairLeaderlessMetadata()
  repairRefusals()
  isRepaired = true
}
