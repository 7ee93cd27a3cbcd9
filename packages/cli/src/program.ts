import { Command } from 'commander'
import { addAudit } from './commands/audit.ts'
import { addCampaignPlan } from './commands/campaign-plan.ts'
import { addCampaignList, addCampaignShow } from './commands/campaign-show.ts'
import {
  addCampaignPause,
  addCampaignResume,
  addCampaignStart,
  addCampaignStop,
} from './commands/campaign-steer.ts'
import { addCancel } from './commands/cancel.ts'
import { addCatalogueDeclare } from './commands/catalogue-declare.ts'
import { addCatalogueList } from './commands/catalogue-list.ts'
import { addCatalogueRules } from './commands/catalogue-rules.ts'
import { addConsentWithdraw } from './commands/consent-withdraw.ts'
import { addDispatcherDigest } from './commands/dispatcher-digest.ts'
import { addDoctor } from './commands/doctor.ts'
import { addDoubtList } from './commands/doubt-list.ts'
import { addDoubtSettle } from './commands/doubt-settle.ts'
import { addExplain } from './commands/explain.ts'
import { addFaq } from './commands/faq.ts'
import { addParkedList, addQuarantineList } from './commands/kept-list.ts'
import { addParkedShow, addQuarantineShow } from './commands/kept-show.ts'
import type { Cli } from './commands/leaf.ts'
import { addLedgerDigest } from './commands/ledger-digest.ts'
import { addLedgerRebuild } from './commands/ledger-rebuild.ts'
import { addNotify } from './commands/notify.ts'
import { addPagesCapability } from './commands/pages-capability.ts'
import { addPagesConnect, addPagesOffered } from './commands/pages-connect.ts'
import { addPagesDisconnect, addPagesFollow, addPagesUnfollow } from './commands/pages-follow.ts'
import { addPagesImport } from './commands/pages-import.ts'
import { addPagesPause, addPagesResume } from './commands/pages-pause.ts'
import { addPagesList, addPagesShow } from './commands/pages-show.ts'
import { addParkedDrop } from './commands/parked-drop.ts'
import { addParkedRedrive } from './commands/parked-redrive.ts'
import { addPersonList } from './commands/person-list.ts'
import { addPersonShow } from './commands/person-show.ts'
import { addQuarantineDrop } from './commands/quarantine-drop.ts'
import { addQuarantineRedrive } from './commands/quarantine-redrive.ts'
import { addRequest } from './commands/request.ts'
import { addRulesList, addRulesShow } from './commands/rules.ts'
import { addSchemasCheck } from './commands/schemas-check.ts'
import { addSchemasPublish } from './commands/schemas-publish.ts'
import { addSeeds } from './commands/seeds.ts'
import { addShadow } from './commands/shadow.ts'
import { addSupportBundle } from './commands/support-bundle.ts'
import { addTail } from './commands/tail.ts'
import { addTokenAssign } from './commands/token-assign.ts'
import { addTokenGet } from './commands/token-get.ts'
import { addTokenImport } from './commands/token-import.ts'
import { addTokenList } from './commands/token-list.ts'
import { addTopicsApply } from './commands/topics-apply.ts'
import { addTopicsPlan } from './commands/topics-plan.ts'
import { addTrigger } from './commands/trigger.ts'
import { addWebhookErrors, addWebhookHealth } from './commands/webhook.ts'
import { addWhy } from './commands/why.ts'

const EXAMPLES = `Examples:
  $ pnpm otn trigger --topic restock-1234
  $ pnpm otn token list --page 1000 --state live
  $ pnpm otn notify --page 1000 --psid 2000 --topic restock-1234 --text "It is back." --wait 5000
  $ pnpm otn explain 19342fe8002e6df3cf684809ae863aef
`

/** The whole command line; nothing is read or reached before a command runs. */
export function createProgram(cli: Cli): Command {
  const program = new Command('pnpm otn')
  program
    .description('One-Time Notifications: consent in, one message out')
    .addHelpText('before', EXAMPLES)
    .configureOutput({
      writeOut: (text) => void cli.shell.stdout.write(text),
      writeErr: (text) => void cli.shell.stderr.write(text),
    })
    .exitOverride()
    .usage('<command> [options]')
  addNotify(program, cli)
  addRequest(program, cli)
  addCancel(program, cli)
  addTail(program, cli)
  addTrigger(program, cli)
  addExplain(program, cli)
  addWhy(program, cli)
  addAudit(program, cli)
  addShadow(program, cli)
  addSeeds(program, cli)
  addFaq(program, cli)
  addDoctor(program, cli)
  group(program, { name: 'support', summary: 'for whoever helps', cli }, [addSupportBundle])
  group(program, { name: 'rules', summary: 'what may go out, rule by rule', cli }, [
    addRulesList,
    addRulesShow,
  ])
  const token = { name: 'token', alias: 'tokens', summary: 'what people agreed to', cli }
  group(program, token, [addTokenGet, addTokenList, addTokenAssign, addTokenImport])
  const person = { name: 'person', summary: 'who agreed to receive messages', cli }
  group(program, person, [addPersonList, addPersonShow])
  group(program, { name: 'catalogue', summary: 'topics of a page, and what names them', cli }, [
    addCatalogueList,
    addCatalogueDeclare,
    addCatalogueRules,
  ])
  addCampaigns(program, cli)
  group(program, { name: 'consent', summary: 'what people want no more', cli }, [
    addConsentWithdraw,
  ])
  group(program, { name: 'doubt', summary: 'messages that may be out or not', cli }, [
    addDoubtList,
    addDoubtSettle,
  ])
  addWebhooks(program, cli)
  addKept(program, cli)
  addPages(program, cli)
  group(program, { name: 'topics', summary: 'Kafka topics', cli }, [addTopicsPlan, addTopicsApply])
  group(program, { name: 'schemas', summary: 'schemas of the records', cli }, [
    addSchemasCheck,
    addSchemasPublish,
  ])
  group(program, { name: 'ledger', summary: 'the token-ledger', cli }, [
    addLedgerRebuild,
    addLedgerDigest,
  ])
  group(program, { name: 'dispatcher', summary: 'the dispatcher', cli }, [addDispatcherDigest])
  return program
}

function addPages(program: Command, cli: Cli): void {
  group(program, { name: 'pages', summary: 'pages of this deployment', cli }, [
    addPagesList,
    addPagesShow,
    addPagesOffered,
    addPagesConnect,
    addPagesFollow,
    addPagesUnfollow,
    addPagesDisconnect,
    addPagesCapability,
    addPagesImport,
    addPagesPause,
    addPagesResume,
  ])
}

function addWebhooks(program: Command, cli: Cli): void {
  const webhook = { name: 'webhook', summary: 'how webhooks of the platform are answered', cli }
  group(program, webhook, [addWebhookErrors, addWebhookHealth])
}

/** What was set aside, until somebody decides about it. */
function addKept(program: Command, cli: Cli): void {
  const quarantine = { name: 'quarantine', summary: 'what of webhooks could not be used', cli }
  group(program, quarantine, [
    addQuarantineList,
    addQuarantineShow,
    addQuarantineRedrive,
    addQuarantineDrop,
  ])
  const parked = { name: 'parked', summary: 'messages that no retry can help', cli }
  group(program, parked, [addParkedList, addParkedShow, addParkedRedrive, addParkedDrop])
}

function addCampaigns(program: Command, cli: Cli): void {
  group(program, { name: 'campaign', summary: 'notify all holders of a topic', cli }, [
    addCampaignPlan,
    addCampaignStart,
    addCampaignPause,
    addCampaignResume,
    addCampaignStop,
    addCampaignShow,
    addCampaignList,
  ])
}

interface Group {
  readonly name: string
  /** Another word for it. */
  readonly alias?: string
  readonly summary: string
  readonly cli: Cli
}

function group(
  program: Command,
  { name, alias, summary, cli }: Group,
  adders: readonly ((parent: Command, cli: Cli) => void)[],
): void {
  const parent = program.command(name).summary(summary).description(summary)
  if (alias !== undefined) parent.alias(alias)
  for (const add of adders) add(parent, cli)
}
