/** The independent auditor, asked about a stack that has come to rest. */
import { auditLog, defaultLimits, type Finding, findings } from '@otn/auditor'
import { openLog } from '@otn/bus'
import { logSettings, type StackFile } from '@otn/stack'

/** What is told is judged as it will stand after this long: nothing is given time to end. */
const LATER_MS = 5 * 60_000
const quiet = { debug() {}, info() {}, warn() {}, error() {} }

/** Every broken promise on the log, from its first record to its end now. */
export async function auditOf(
  stack: StackFile,
  replicationFactor = 1,
): Promise<{ readonly commands: number; readonly findings: readonly Finding[] }> {
  const settings = logSettings(stack, replicationFactor)
  const { bus, codec } = await openLog(settings, { clientId: 'e2e-audit', log: quiet })
  try {
    const state = await auditLog({ bus, codec }, { nowMs: Date.now })
    return {
      commands: state.commands.size,
      findings: findings(state, Date.now() + LATER_MS, defaultLimits),
    }
  } finally {
    await bus.close(2_000)
  }
}
