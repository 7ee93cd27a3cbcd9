import { randomInt } from 'node:crypto'
import { pageId, pageScopedUserId, writePayload } from '@otn/kernel'
import { pepperKey } from '@otn/runtime/settings'
import { createIdentity } from '@otn/vault'
import type { Command } from 'commander'
import { ingressSettings, pepperSettings, simulatorSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { learnTap } from '../trigger/learn-tap.ts'
import { postWebhook, type WebhookPost } from '../trigger/post-webhook.ts'
import { signatureOf, type Tap, webhookBody } from '../trigger/webhook-body.ts'
import { instantFlag, usage, wholeFlag } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const TIMES_MAX = 10_000
const DIGITS = 16

interface TriggerFlags {
  readonly page?: string
  readonly psid?: string
  readonly topic?: string
  readonly payload?: string
  readonly token?: string
  readonly timestamp?: string
  readonly times: string
  readonly badSignature?: boolean
}

export function addTrigger(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'trigger',
    summary: 'post a signed opt-in webhook to the ingress, with your ids',
    examples: [
      'trigger --topic restock-1234',
      'trigger --page 1000 --psid 2000 --payload "my own payload" --token 4400000000000001',
      'trigger --topic restock-1234 --bad-signature',
    ],
    remarks:
      'The secret comes from META_APP_SECRET (or its _FILE). Ends with 0 when the ingress took\n' +
      'every post, with --bad-signature when it refused every post with 401.\n' +
      'On a running stack the stand-in for Meta learns of the token too, so notify can spend it.',
  })
  command
    .option('--page <id>', 'page id; default: the first page of the running stack')
    .option('--psid <id>', 'who tapped; default: somebody new')
    .option('--topic <topic>', 'written as our own payload, otn1:<topic>:')
    .option('--payload <text>', 'a payload of any form, in place of --topic')
    .option('--token <token>', 'the one-time token; default: a new one')
    .option('--timestamp <when>', 'when the tap was: 2h ago, or an instant; default: now')
    .option('--times <count>', 'post the very same webhook so often', '1')
    .option('--bad-signature', 'sign with another secret')
  runs<TriggerFlags>(command, { cli, reaches: ['ingress'], run: trigger })
}

async function trigger(flags: TriggerFlags, run: Run): Promise<ExitCode> {
  const { context, output, shell } = run
  const payload = payloadOf(flags)
  const times = wholeFlag('--times', { text: flags.times, min: 1, max: TIMES_MAX })
  const { url, appSecret } = context.read(ingressSettings)
  const tap = tapOf(flags, { payload, run })
  const [newest = ''] = appSecret.reveal().split(',')
  const body = webhookBody(tap)
  const signature = signatureOf(body, flags.badSignature ? `not ${newest}` : newest)
  const posts: WebhookPost[] = []
  for (let count = 0; count < times && !shell.signal.aborted; count += 1) {
    posts.push(await postWebhook({ url, body, signature, fetch: shell.fetch }))
  }
  const wanted = flags.badSignature ? 401 : 200
  const isGood = posts.every(({ status }) => status === wanted)
  if (isGood && !flags.badSignature) await tellStandIn(tap, run)
  const ids = idsOf(tap, run)
  output.data({ pageId: tap.pageId, ...ids, posts }, (style) =>
    posts.map(({ status, durationMs }) => {
      const said = status === 401 ? 'refused' : status === 200 ? 'taken' : 'answered'
      return style.marked(
        status === wanted ? 'good' : 'bad',
        `${said}  ${status}  ${durationMs} ms`,
      )
    }),
  )
  if (isGood && !flags.badSignature && ids.tokenId) output.next(`pnpm otn explain ${ids.tokenId}`)
  return isGood ? exitCodes.ok : exitCodes.refused
}

interface Tapped {
  readonly payload: string
  readonly run: Run
}

function tapOf(flags: TriggerFlags, { payload, run: { context, shell } }: Tapped): Tap {
  const nowMs = shell.nowMs()
  const page = flags.page ?? context.stackPages[0]
  if (page === undefined) throw usage('--page', { got: 'nothing', wanted: 'a page id' })
  const text = flags.timestamp
  return {
    pageId: page,
    psid: flags.psid ?? randomDigits(),
    payload,
    token: flags.token ?? randomDigits(),
    timestampMs: instantFlag('--timestamp', { text, nowMs, unsigned: 'past' }) ?? nowMs,
  }
}

function payloadOf({ topic, payload }: TriggerFlags): string {
  if ((topic === undefined) === (payload === undefined)) {
    const got = topic === undefined ? 'neither' : 'both'
    throw usage('--topic', { got, wanted: 'exactly one of --topic, --payload' })
  }
  if (payload !== undefined) return payload
  const own = writePayload({ topic: topic ?? '', context: '' })
  if (own !== null) return own
  throw usage('--topic', {
    got: JSON.stringify(topic),
    wanted: 'a topic: 1 to 64 of a-z 0-9 . _ -',
  })
}

/** A token that Meta did not give is one it refuses; so the one in its place is told. */
async function tellStandIn(tap: Tap, { context, output, shell }: Run): Promise<void> {
  if (!context.has('OTN_SIMULATOR_URL')) return
  const { url } = context.read(simulatorSettings)
  if (await learnTap(tap, { url, fetch: shell.fetch })) return
  output.say('the stand-in for Meta did not take the tap: a notify with this token will be refused')
}

/** Under which ids the log will know them; unknown without the pepper. */
function idsOf(
  tap: Tap,
  { context }: Run,
): { readonly person?: string; readonly tokenId?: string } {
  if (!context.has('OTN_PERSON_PEPPER')) return {}
  const identity = createIdentity(pepperKey(context.read(pepperSettings).personPepper))
  const page = pageId(tap.pageId)
  return {
    person: identity.person(page, pageScopedUserId(tap.psid)),
    tokenId: identity.token(page, tap.token),
  }
}

function randomDigits(): string {
  return Array.from({ length: DIGITS }, (_, at) => randomInt(at === 0 ? 1 : 0, 10)).join('')
}
