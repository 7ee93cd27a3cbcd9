import { dispatcherSettings } from '../../cli-settings.ts'
import { callService } from '../../http/call-service.ts'
import { defineCheck } from '../check.ts'
import { counted, type Finding, ok, warn } from '../finding.ts'
import type { Place } from '../place.ts'

const LIMIT = 500

interface DoubtFacts {
  readonly open: number
  /** Whether there are more than were counted. */
  readonly isMore: boolean
}

export const doubts = defineCheck({
  id: 'doubts',
  needs: ['dispatcher'],
  read: readDoubts,
  judge: judgeDoubts,
})

async function readDoubts({ context, shell }: Place): Promise<DoubtFacts> {
  const door = { name: 'dispatcher', fetch: shell.fetch, ...context.read(dispatcherSettings) }
  const answer = await callService(door, { path: '/v1/doubts', query: { limit: String(LIMIT) } })
  const open = Array.isArray(answer.items) ? answer.items.length : 0
  return { open, isMore: typeof answer.next === 'string' }
}

function judgeDoubts({ open, isMore }: DoubtFacts): readonly Finding[] {
  if (open === 0) return [ok('no message is in doubt')]
  const sentence = `${isMore ? 'more than ' : ''}${counted(open, 'message')} may be out or not`
  return [warn(sentence, 'pnpm otn doubt list')]
}
