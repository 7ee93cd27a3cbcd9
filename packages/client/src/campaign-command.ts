/** From what a caller gives to a `CampaignCommand` record. Pure; wrong input is refused here. */
import type { CampaignCommand } from '@otn/contracts'
import { canonicalJson, commandId, pageId } from '@otn/kernel'
import { type Fault, measured } from './fault.ts'
import {
  type Circumstances,
  idFaults,
  isObject,
  type Loose,
  textOf,
  topicFaults,
  unknownFields,
  VISIBLE,
} from './given-fields.ts'
import type { CampaignCalls, Steered } from './notifier.ts'
import { contentFaults } from './notify-command.ts'

const CAMPAIGN_ID_CHARACTERS_MAX = 100
const FIELDS = ['pageId', 'campaignId', 'idempotencyKey']

const TYPES = {
  start: 'StartCampaign',
  pause: 'PauseCampaign',
  resume: 'ResumeCampaign',
  stop: 'StopCampaign',
} as const satisfies Record<string, CampaignCommand['type']>

export type CampaignAct = keyof typeof TYPES

/** The calls of a notifier, by the one that makes and publishes a command. */
export function campaignCalls(
  steer: (act: CampaignAct, input: object) => Promise<Steered>,
): CampaignCalls {
  return {
    start: (input) => steer('start', input),
    pause: (input) => steer('pause', input),
    resume: (input) => steer('resume', input),
    stop: (input) => steer('stop', input),
  }
}

/** The command, or everything that is wrong with the input at once. */
export function campaignCommand(
  act: CampaignAct,
  input: object,
  { newId, source, nowMs }: Circumstances,
): { readonly command: CampaignCommand } | { readonly faults: readonly Fault[] } {
  const given: Loose = isObject(input) ? input : {}
  const isStart = act === 'start'
  const known = isStart ? [...FIELDS, 'topic', 'text', 'message'] : FIELDS
  const faults = [
    ...unknownFields(given, { known, inside: '' }),
    ...idFaults(given),
    ...campaignIdFaults(given),
    ...(isStart ? [...topicFaults(given, 'topic'), ...contentFaults(given)] : []),
  ]
  if (faults.length > 0) return { faults }
  const command = {
    type: TYPES[act],
    commandId: commandId(textOf(given.idempotencyKey) ?? newId),
    campaignId: String(given.campaignId),
    pageId: pageId(String(given.pageId)),
    topic: textOf(given.topic),
    text: textOf(given.text),
    message: isObject(given.message) ? canonicalJson(given.message) : null,
    requestedBy: source,
    requestedAt: nowMs,
  }
  return { command }
}

function* campaignIdFaults({ campaignId: given }: Loose): Iterable<Fault> {
  const id = textOf(given) ?? ''
  const isSized = id.length > 0 && id.length <= CAMPAIGN_ID_CHARACTERS_MAX
  if (isSized && VISIBLE.test(id) && id.isWellFormed() && !/\p{Cc}/u.test(id)) return
  const wanted = 'a visible text of 1 to 100 characters, none of them a control character'
  yield { field: 'campaignId', got: measured(given), wanted }
}
