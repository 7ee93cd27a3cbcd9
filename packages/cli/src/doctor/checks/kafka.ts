import { logSettings } from '../../cli-settings.ts'
import { defineCheck } from '../check.ts'
import { counted, type Finding, ok, toFix } from '../finding.ts'

export const kafka = defineCheck({
  id: 'kafka',
  needs: ['stack-file'],
  settings: { of: logSettings, unset: 'fix' },
  read: ({ bus }) => bus().positions.clusterId(),
  judge: (clusterId: string) => [ok(`Kafka answers, cluster ${clusterId}`)],
})

export const kafkaTopicsAsWanted = defineCheck({
  id: 'kafka-topics',
  needs: ['kafka'],
  read: ({ context, engines }) => engines.planTopics(context.read(logSettings)),
  judge: judgeTopics,
})

const APPLIED = /; run "pnpm otn topics apply"$/

/** @param differences as `pnpm otn topics plan` says them */
export function judgeTopics(differences: readonly string[]): readonly Finding[] {
  if (differences.length === 0) return [ok('every Kafka topic is as the table wants it')]
  const applied = differences.filter((sentence) => APPLIED.test(sentence))
  const others = differences
    .filter((sentence) => !APPLIED.test(sentence))
    .map((sentence) => {
      const [what = '', ...next] = sentence.split('; ')
      return toFix(what, next.join('; '))
    })
  const [first] = applied
  if (first === undefined) return others
  const rest = applied.length === 1 ? '' : ', and more: pnpm otn topics plan'
  const said = `${counted(applied.length, 'difference')} of Kafka topics: `
  return [toFix(`${said}${first.replace(APPLIED, '')}${rest}`, 'pnpm otn topics apply'), ...others]
}
