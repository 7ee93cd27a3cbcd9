/** Whether the dry run told what then came of a command. */
import type { NotificationEvent } from '@otn/contracts'
import type { Preview } from '@otn/dispatcher/decisions'
import type { Command } from './dispatcher-inside.ts'
import type { SeenCall } from './wire-tap.ts'

export interface Foresight {
  readonly command: Command
  readonly preview: Preview
  /** Calls that the dry run made: there must be none. */
  readonly previewed: readonly SeenCall[]
  /** What was told of the command afterwards. */
  readonly told: readonly NotificationEvent[]
  readonly calls: readonly SeenCall[]
}

/** The first thing in which they differ; null = the dry run told it all. */
export function foresightFault(given: Foresight): string | null {
  const { command, preview, previewed, told, calls } = given
  const fault = previewed.length > 0 ? 'the dry run called' : differing(preview, { told, calls })
  if (fault === null) return null
  const { decision, reason } = preview
  const came = told.map((fact) => `${fact.type} ${fact.reason ?? ''}`).join(', ')
  return `${fault}; foreseen: ${decision} ${reason}; came: ${came}; ${JSON.stringify(command)}`
}

type Came = Pick<Foresight, 'told' | 'calls'>

function differing(preview: Preview, { told, calls }: Came): string | null {
  const last = told.at(-1)
  const [call, second] = calls
  if (second !== undefined) return 'two calls were made'
  switch (preview.decision) {
    case 'spend':
      if (call === undefined) return 'a call was told and none was made'
      if (preview.tokenId !== (told[0]?.tokenId ?? null)) return 'another token was spent'
      return differingCall(preview.call, call)
    case 'refuse':
      if (call !== undefined) return 'a refusal was told and a call was made'
      return last?.reason === preview.reason ? null : 'the refusal has another reason'
    case 'wait':
      if (call !== undefined) return 'a wait was told and a call was made'
      return (last?.reason ?? null) === preview.reason ? null : 'the wait has another reason'
    default:
      return `the dry run was ${preview.decision}`
  }
}

function differingCall(planned: Preview['call'], made: SeenCall): string | null {
  if (planned === null) return 'a call was told without what it is'
  const sent = veiled(made.body)
  const isSame = planned.method === made.method && planned.path === made.path
  return isSame && planned.body === sent ? null : `planned ${planned.body}, made ${sent}`
}

/** What the dry run leaves out, left out of what was sent: nothing else may differ in one byte. */
function veiled(body: string): string {
  const { recipient, message } = JSON.parse(body)
  const token: string | undefined = recipient.one_time_notif_token
  const [id, mark] = token === undefined ? [recipient.id, '[psid]'] : [token, '[token]']
  const at = body.lastIndexOf(JSON.stringify(message.metadata))
  const before = body.slice(0, at).replace(JSON.stringify(id), JSON.stringify(mark))
  return `${before}"[metadata]"${body.slice(at + JSON.stringify(message.metadata).length)}`
}
