import { dispatcherSettings } from '../../cli-settings.ts'
import { defineCheck } from '../check.ts'
import { counted, type Finding, ok, toFix, warn } from '../finding.ts'
import { readMetrics, type Sample } from '../readers/read-metrics.ts'

const NOTICED = 5_000

export const dispatcherLag = defineCheck({
  id: 'dispatcher-lag',
  needs: ['dispatcher'],
  read: ({ context, shell }) => readMetrics(context.read(dispatcherSettings).url, shell.fetch),
  judge: judgeDispatcher,
})

/** @param samples of `/metrics` */
export function judgeDispatcher(samples: readonly Sample[]): readonly Finding[] {
  const named = (name: string) => samples.filter((sample) => sample.name === name)
  const apart = named('otn_dispatcher_group_joined').filter(({ value }) => value === 0)
  if (apart.length > 0) {
    const groups = apart.map(({ labels }) => labels.group).join(', ')
    const sentence = `the dispatcher is not in its consumer group: ${groups}`
    return [toFix(sentence, 'wait for a minute: a dead member holds it up; else restart it')]
  }
  const lags = named('otn_dispatcher_lag_records')
  if (lags.length === 0) {
    return [warn('the dispatcher does not tell how far behind it is', 'see its /metrics')]
  }
  const behind = lags.reduce((sum, { value }) => sum + value, 0)
  if (behind <= NOTICED) return [ok(`the dispatcher is ${counted(behind, 'record')} behind`)]
  const sentence = `the dispatcher is ${counted(behind, 'record')} behind the log`
  return [warn(sentence, 'run it again: the number must fall; else see the log of the dispatcher')]
}
